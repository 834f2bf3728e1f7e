CREATE TABLE "account_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"person_id" bigint NOT NULL,
	"created_by" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "former_passwords" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"person_id" bigint NOT NULL,
	"password_hash" text NOT NULL,
	"replaced_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"track" text DEFAULT 'both' NOT NULL,
	"valid_from" date NOT NULL,
	"value" text NOT NULL,
	"reason" text NOT NULL,
	"set_by" bigint,
	"set_at" timestamp with time zone NOT NULL,
	CONSTRAINT "settings_track" CHECK ("settings"."track" in ('state','collective','both'))
);
--> statement-breakpoint
CREATE TABLE "unit_successions" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"predecessor_id" bigint NOT NULL,
	"successor_id" bigint NOT NULL,
	"since" date NOT NULL,
	CONSTRAINT "unit_successions_two" CHECK ("unit_successions"."predecessor_id" <> "unit_successions"."successor_id")
);
--> statement-breakpoint
CREATE TABLE "card_distinctions" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"first_card_id" bigint NOT NULL,
	"second_card_id" bigint NOT NULL,
	"reason" text NOT NULL,
	"decided_by" bigint,
	"decided_at" timestamp with time zone NOT NULL,
	CONSTRAINT "card_distinctions_order" CHECK ("card_distinctions"."first_card_id" < "card_distinctions"."second_card_id")
);
--> statement-breakpoint
CREATE TABLE "restrictions" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"state" text DEFAULT 'in_force' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"kind" text NOT NULL,
	"card_id" bigint NOT NULL,
	"part_nos" integer[] DEFAULT '{}' NOT NULL,
	"reason" text NOT NULL,
	"body" text NOT NULL,
	"document_no" text,
	"since" date NOT NULL,
	"lifted_on" date,
	"lifted_by" text,
	"party_keys" bigint[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "restrictions_kind" CHECK ("restrictions"."kind" in ('disputed','mortgaged')),
	CONSTRAINT "restrictions_state" CHECK ("restrictions"."state" in ('in_force','lifted')),
	CONSTRAINT "restrictions_lifted" CHECK (("restrictions"."state" = 'lifted') = ("restrictions"."lifted_on" is not null))
);
--> statement-breakpoint
CREATE TABLE "calendar_days" (
	"day" date PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "calendar_days_kind" CHECK ("calendar_days"."kind" in ('holiday','workday'))
);
--> statement-breakpoint
CREATE TABLE "deadlines" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"determination_id" bigint,
	"restriction_id" bigint,
	"key" text NOT NULL,
	"label" text NOT NULL,
	"anchor_on" date,
	"amount" integer,
	"unit" text,
	"due_on" date NOT NULL,
	"basis" text,
	"met_on" date,
	"cancelled_on" date,
	"role" text NOT NULL,
	"party_keys" bigint[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "deadlines_one_subject" CHECK (num_nonnulls("deadlines"."determination_id", "deadlines"."restriction_id") = 1),
	CONSTRAINT "deadlines_unit" CHECK ("deadlines"."unit" in ('day','working_day','month','year')),
	CONSTRAINT "deadlines_rule" CHECK (num_nonnulls("deadlines"."anchor_on", "deadlines"."amount", "deadlines"."unit") in (0, 3)),
	CONSTRAINT "deadlines_ended_once" CHECK (num_nonnulls("deadlines"."met_on", "deadlines"."cancelled_on") <= 1)
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"body_kind" text NOT NULL,
	"body" text NOT NULL,
	"document_no" text NOT NULL,
	"decided_on" date NOT NULL,
	"outcome" text NOT NULL,
	"summary" text NOT NULL,
	"determination_id" bigint,
	"recorded_by" bigint,
	"recorded_at" timestamp with time zone NOT NULL,
	"party_keys" bigint[] NOT NULL,
	CONSTRAINT "decisions_outcome" CHECK ("decisions"."outcome" in ('approved','rejected','noted'))
);
--> statement-breakpoint
CREATE TABLE "paper_links" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"paper_id" bigint NOT NULL,
	"card_id" bigint,
	"determination_id" bigint,
	"restriction_id" bigint,
	"decision_id" bigint,
	"linked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "paper_links_one_subject" CHECK (num_nonnulls("paper_links"."card_id", "paper_links"."determination_id", "paper_links"."restriction_id", "paper_links"."decision_id") = 1)
);
--> statement-breakpoint
CREATE TABLE "papers" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"no" text,
	"issuer" text,
	"issued_on" date,
	"issued_precision" text,
	"sha256" text,
	"file_name" text,
	"version" integer DEFAULT 1 NOT NULL,
	"added_by" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"withdrawn_reason" text,
	CONSTRAINT "papers_file" CHECK (("papers"."sha256" is null) = ("papers"."file_name" is null)),
	CONSTRAINT "papers_withdrawn" CHECK (("papers"."withdrawn_at" is null) = ("papers"."withdrawn_reason" is null))
);
--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_one_subject";--> statement-breakpoint
ALTER TABLE "units" ADD COLUMN "dissolved_on" date;--> statement-breakpoint
ALTER TABLE "units" ADD COLUMN "closed_on" date;--> statement-breakpoint
ALTER TABLE "card_versions" ADD COLUMN "parts" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "card_versions" ADD COLUMN "recorded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "card_versions" DISABLE TRIGGER "card_versions_append_only";--> statement-breakpoint
WITH earlier AS MATERIALIZED (
  SELECT v.id, coalesce(lag(v.superseded_at) OVER (PARTITION BY v.card_id ORDER BY v.version), c.created_at) AS recorded_at
  FROM card_versions v JOIN cards c ON c.id = v.card_id
)
UPDATE "card_versions" v SET "recorded_at" = e.recorded_at FROM earlier e WHERE e.id = v.id;--> statement-breakpoint
ALTER TABLE "card_versions" ENABLE TRIGGER "card_versions_append_only";--> statement-breakpoint
ALTER TABLE "card_versions" ALTER COLUMN "recorded_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "merged_into_id" bigint;--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "last_part" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "parts" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "document_path" text;--> statement-breakpoint
UPDATE "holds" SET "document_path" = '/' || "document_kind" || 's/' || "document_no";--> statement-breakpoint
ALTER TABLE "holds" ALTER COLUMN "document_path" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "content_type" text;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "width" integer;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "height" integer;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "restriction_id" bigint;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "decision_id" bigint;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "topic" text;--> statement-breakpoint
ALTER TABLE "account_tokens" ADD CONSTRAINT "account_tokens_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_tokens" ADD CONSTRAINT "account_tokens_created_by_people_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "former_passwords" ADD CONSTRAINT "former_passwords_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settings" ADD CONSTRAINT "settings_set_by_people_id_fk" FOREIGN KEY ("set_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unit_successions" ADD CONSTRAINT "unit_successions_predecessor_id_units_id_fk" FOREIGN KEY ("predecessor_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unit_successions" ADD CONSTRAINT "unit_successions_successor_id_units_id_fk" FOREIGN KEY ("successor_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_distinctions" ADD CONSTRAINT "card_distinctions_first_card_id_cards_id_fk" FOREIGN KEY ("first_card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_distinctions" ADD CONSTRAINT "card_distinctions_second_card_id_cards_id_fk" FOREIGN KEY ("second_card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_distinctions" ADD CONSTRAINT "card_distinctions_decided_by_people_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "restrictions" ADD CONSTRAINT "restrictions_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deadlines" ADD CONSTRAINT "deadlines_determination_id_determinations_id_fk" FOREIGN KEY ("determination_id") REFERENCES "public"."determinations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deadlines" ADD CONSTRAINT "deadlines_restriction_id_restrictions_id_fk" FOREIGN KEY ("restriction_id") REFERENCES "public"."restrictions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_determination_id_determinations_id_fk" FOREIGN KEY ("determination_id") REFERENCES "public"."determinations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_recorded_by_people_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_links" ADD CONSTRAINT "paper_links_paper_id_papers_id_fk" FOREIGN KEY ("paper_id") REFERENCES "public"."papers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_links" ADD CONSTRAINT "paper_links_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_links" ADD CONSTRAINT "paper_links_determination_id_determinations_id_fk" FOREIGN KEY ("determination_id") REFERENCES "public"."determinations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_links" ADD CONSTRAINT "paper_links_restriction_id_restrictions_id_fk" FOREIGN KEY ("restriction_id") REFERENCES "public"."restrictions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_links" ADD CONSTRAINT "paper_links_decision_id_decisions_id_fk" FOREIGN KEY ("decision_id") REFERENCES "public"."decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "papers" ADD CONSTRAINT "papers_sha256_files_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."files"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "papers" ADD CONSTRAINT "papers_added_by_people_id_fk" FOREIGN KEY ("added_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_tokens_person" ON "account_tokens" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "former_passwords_person" ON "former_passwords" USING btree ("person_id","replaced_at");--> statement-breakpoint
CREATE UNIQUE INDEX "settings_from" ON "settings" USING btree ("key","track","valid_from");--> statement-breakpoint
CREATE UNIQUE INDEX "unit_successions_pair" ON "unit_successions" USING btree ("predecessor_id","successor_id");--> statement-breakpoint
CREATE INDEX "unit_successions_successor" ON "unit_successions" USING btree ("successor_id");--> statement-breakpoint
CREATE UNIQUE INDEX "card_distinctions_pair" ON "card_distinctions" USING btree ("first_card_id","second_card_id");--> statement-breakpoint
CREATE INDEX "card_distinctions_second" ON "card_distinctions" USING btree ("second_card_id");--> statement-breakpoint
CREATE UNIQUE INDEX "restrictions_no" ON "restrictions" USING btree ("no");--> statement-breakpoint
CREATE INDEX "restrictions_card" ON "restrictions" USING btree ("card_id");--> statement-breakpoint
CREATE INDEX "restrictions_created" ON "restrictions" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "restrictions_parties" ON "restrictions" USING gin ("party_keys");--> statement-breakpoint
CREATE UNIQUE INDEX "deadlines_determination_open" ON "deadlines" USING btree ("determination_id","key") WHERE "deadlines"."met_on" is null and "deadlines"."cancelled_on" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "deadlines_restriction_open" ON "deadlines" USING btree ("restriction_id","key") WHERE "deadlines"."met_on" is null and "deadlines"."cancelled_on" is null;--> statement-breakpoint
CREATE INDEX "deadlines_due" ON "deadlines" USING btree ("due_on") WHERE "deadlines"."met_on" is null and "deadlines"."cancelled_on" is null;--> statement-breakpoint
CREATE INDEX "deadlines_parties" ON "deadlines" USING gin ("party_keys");--> statement-breakpoint
CREATE UNIQUE INDEX "decisions_no" ON "decisions" USING btree ("no");--> statement-breakpoint
CREATE INDEX "decisions_determination" ON "decisions" USING btree ("determination_id");--> statement-breakpoint
CREATE INDEX "decisions_recorded" ON "decisions" USING btree ("recorded_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "decisions_parties" ON "decisions" USING gin ("party_keys");--> statement-breakpoint
CREATE INDEX "paper_links_paper" ON "paper_links" USING btree ("paper_id");--> statement-breakpoint
CREATE UNIQUE INDEX "paper_links_card" ON "paper_links" USING btree ("card_id","paper_id") WHERE "paper_links"."card_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "paper_links_determination" ON "paper_links" USING btree ("determination_id","paper_id") WHERE "paper_links"."determination_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "paper_links_restriction" ON "paper_links" USING btree ("restriction_id","paper_id") WHERE "paper_links"."restriction_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "paper_links_decision" ON "paper_links" USING btree ("decision_id","paper_id") WHERE "paper_links"."decision_id" is not null;--> statement-breakpoint
CREATE INDEX "papers_sha256" ON "papers" USING btree ("sha256");--> statement-breakpoint
ALTER TABLE "cards" ADD CONSTRAINT "cards_merged_into_id_cards_id_fk" FOREIGN KEY ("merged_into_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_restriction_id_restrictions_id_fk" FOREIGN KEY ("restriction_id") REFERENCES "public"."restrictions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_decision_id_decisions_id_fk" FOREIGN KEY ("decision_id") REFERENCES "public"."decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cards_split_from" ON "cards" USING btree ("split_from_id") WHERE "cards"."split_from_id" is not null;--> statement-breakpoint
CREATE INDEX "cards_merged_into" ON "cards" USING btree ("merged_into_id") WHERE "cards"."merged_into_id" is not null;--> statement-breakpoint
CREATE INDEX "events_restriction" ON "events" USING btree ("restriction_id","at","id") WHERE "events"."restriction_id" is not null;--> statement-breakpoint
CREATE INDEX "events_decision" ON "events" USING btree ("decision_id","at","id") WHERE "events"."decision_id" is not null;--> statement-breakpoint
CREATE INDEX "events_topic" ON "events" USING btree ("topic","at","id") WHERE "events"."topic" is not null;--> statement-breakpoint
ALTER TABLE "units" ADD CONSTRAINT "units_closed" CHECK (("units"."state" = 'closed') = ("units"."closed_on" is not null));--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_sha256" CHECK ("files"."sha256" ~ '^[0-9a-f]{64}$');--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_one_subject" CHECK (num_nonnulls("events"."card_id", "events"."determination_id", "events"."unit_id", "events"."person_id", "events"."batch_id", "events"."restriction_id", "events"."decision_id", "events"."topic") = 1);