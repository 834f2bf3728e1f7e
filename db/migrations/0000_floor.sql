CREATE TABLE "divisions" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"level" integer NOT NULL,
	"parent_code" text,
	"valid_from" date,
	"valid_to" date,
	"merged_into" text,
	CONSTRAINT "divisions_code_shape" CHECK ("divisions"."code" ~ '^[0-9]{12}$')
);
--> statement-breakpoint
CREATE TABLE "known_devices" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"person_id" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"person_id" bigint NOT NULL,
	"unit_id" bigint NOT NULL,
	"role" text NOT NULL,
	"track" text DEFAULT 'both' NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"granted_by" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "memberships_role" CHECK ("memberships"."role" in ('keeper','lead','approver','registrar','inspector','leader','system_administrator','security_administrator','audit_administrator')),
	CONSTRAINT "memberships_track" CHECK ("memberships"."track" in ('state','collective','both')),
	CONSTRAINT "memberships_order" CHECK ("memberships"."valid_to" is null or "memberships"."valid_to" >= "memberships"."valid_from")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"name" text NOT NULL,
	"phone" text,
	"password_hash" text,
	"password_changed_at" timestamp with time zone,
	"must_change_password" boolean DEFAULT true NOT NULL,
	"disabled_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "people_account_shape" CHECK ("people"."account" = lower("people"."account") and length("people"."account") >= 2)
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"person_id" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"address" text,
	"browser" text,
	"flash" text
);
--> statement-breakpoint
CREATE TABLE "sign_in_attempts" (
	"bucket" text PRIMARY KEY NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp with time zone,
	"last_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "unit_periods" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"unit_id" bigint NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"name" text NOT NULL,
	"parent_id" bigint,
	"division_code" text NOT NULL,
	"entity_id" bigint,
	CONSTRAINT "unit_periods_order" CHECK ("unit_periods"."valid_to" is null or "unit_periods"."valid_to" > "unit_periods"."valid_from"),
	CONSTRAINT "unit_periods_parent" CHECK ("unit_periods"."parent_id" is null or "unit_periods"."parent_id" <> "unit_periods"."unit_id")
);
--> statement-breakpoint
CREATE TABLE "units" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"kind" text NOT NULL,
	"regime" text DEFAULT 'none' NOT NULL,
	"state" text DEFAULT 'active' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "units_kind" CHECK ("units"."kind" in ('county_department','town_government','town_office','public_institution','general_branch','stationed','school','clinic','village_committee','group_collective','village_collective','town_collective','state_company')),
	CONSTRAINT "units_regime" CHECK ("units"."regime" in ('government','collective','none')),
	CONSTRAINT "units_state" CHECK ("units"."state" in ('active','winding_up','closed'))
);
--> statement-breakpoint
CREATE TABLE "card_versions" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"card_id" bigint NOT NULL,
	"name" text NOT NULL,
	"track" text NOT NULL,
	"nature" text,
	"card_type" text NOT NULL,
	"class_code" text,
	"class_standard" text,
	"original_code" text,
	"external_code" text,
	"owner_unit_id" bigint NOT NULL,
	"owner_key" bigint GENERATED ALWAYS AS (owner_unit_id * 2 + (case when track = 'collective' then 1 else 0 end)) STORED NOT NULL,
	"user_unit_id" bigint,
	"user_key" bigint GENERATED ALWAYS AS (user_unit_id * 2 + (case when track = 'collective' then 1 else 0 end)) STORED,
	"undetermined" boolean DEFAULT false NOT NULL,
	"original_unit" text,
	"division_code" text NOT NULL,
	"location" text,
	"structure" text,
	"specification" text,
	"acquired_on" date,
	"acquired_precision" text,
	"land_area" numeric(18, 2),
	"floor_area" numeric(18, 2),
	"idle_area" numeric(18, 2),
	"quantity" numeric(18, 3),
	"unit_of_measure" text,
	"cost" numeric(18, 2),
	"depreciation" numeric(18, 2),
	"net_value" numeric(18, 2),
	"values_on" date,
	"value_kind" text,
	"source" text,
	"title_kind" text,
	"certificate" text,
	"usage" text,
	"idle_since" date,
	"idle_precision" text,
	"safety_grade" text,
	"lessee" text,
	"lease_term" text,
	"annual_rent" numeric(18, 2),
	"keeper" text,
	"voucher_no" text,
	"problem" text,
	"remark" text,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"extra" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"written" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"voided" boolean DEFAULT false NOT NULL,
	"valid_from" date NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"valid_to" date NOT NULL,
	"superseded_at" timestamp with time zone NOT NULL,
	"event_id" bigint NOT NULL,
	CONSTRAINT "card_versions_order" CHECK ("card_versions"."valid_to" >= "card_versions"."valid_from")
);
--> statement-breakpoint
CREATE TABLE "cards" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"split_from_id" bigint,
	"name" text NOT NULL,
	"track" text NOT NULL,
	"nature" text,
	"card_type" text NOT NULL,
	"class_code" text,
	"class_standard" text,
	"original_code" text,
	"external_code" text,
	"owner_unit_id" bigint NOT NULL,
	"owner_key" bigint GENERATED ALWAYS AS (owner_unit_id * 2 + (case when track = 'collective' then 1 else 0 end)) STORED NOT NULL,
	"user_unit_id" bigint,
	"user_key" bigint GENERATED ALWAYS AS (user_unit_id * 2 + (case when track = 'collective' then 1 else 0 end)) STORED,
	"undetermined" boolean DEFAULT false NOT NULL,
	"original_unit" text,
	"division_code" text NOT NULL,
	"location" text,
	"structure" text,
	"specification" text,
	"acquired_on" date,
	"acquired_precision" text,
	"land_area" numeric(18, 2),
	"floor_area" numeric(18, 2),
	"idle_area" numeric(18, 2),
	"quantity" numeric(18, 3),
	"unit_of_measure" text,
	"cost" numeric(18, 2),
	"depreciation" numeric(18, 2),
	"net_value" numeric(18, 2),
	"values_on" date,
	"value_kind" text,
	"source" text,
	"title_kind" text,
	"certificate" text,
	"usage" text,
	"idle_since" date,
	"idle_precision" text,
	"safety_grade" text,
	"lessee" text,
	"lease_term" text,
	"annual_rent" numeric(18, 2),
	"keeper" text,
	"voucher_no" text,
	"problem" text,
	"remark" text,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"extra" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"written" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"voided" boolean DEFAULT false NOT NULL,
	"valid_from" date NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "cards_code_shape" CHECK ("cards"."code" ~ '^[0-9]{14}$'),
	CONSTRAINT "cards_track" CHECK ("cards"."track" in ('state','collective')),
	CONSTRAINT "cards_name_given" CHECK (length(btrim("cards"."name")) > 0),
	CONSTRAINT "cards_amounts" CHECK ("cards"."cost" >= 0 and "cards"."depreciation" >= 0 and "cards"."land_area" >= 0 and "cards"."floor_area" >= 0 and "cards"."idle_area" >= 0 and "cards"."quantity" >= 0 and "cards"."annual_rent" >= 0),
	CONSTRAINT "cards_depreciation" CHECK ("cards"."depreciation" <= "cards"."cost"),
	CONSTRAINT "cards_net_value" CHECK (abs("cards"."net_value" - ("cards"."cost" - "cards"."depreciation")) <= 0.01),
	CONSTRAINT "cards_nominal" CHECK ("cards"."value_kind" <> 'nominal' or "cards"."cost" = 1)
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"card_id" bigint NOT NULL,
	"parts" "int4range" DEFAULT '(,)' NOT NULL,
	"kind" text NOT NULL,
	"document_kind" text NOT NULL,
	"document_id" bigint NOT NULL,
	"document_no" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"released_at" timestamp with time zone,
	CONSTRAINT "holds_kind" CHECK ("holds"."kind" in ('planned','transferring','disposing','disputed','mortgaged','undetermined'))
);
--> statement-breakpoint
CREATE TABLE "determination_cards" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"determination_id" bigint NOT NULL,
	"card_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "determination_claimants" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"determination_id" bigint NOT NULL,
	"unit_id" bigint NOT NULL,
	"claim" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "determination_papers" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"determination_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"no" text,
	"issuer" text,
	"issued_on" date
);
--> statement-breakpoint
CREATE TABLE "determinations" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"applicant_id" bigint NOT NULL,
	"track" text NOT NULL,
	"reason" text NOT NULL,
	"proposed_owner_id" bigint NOT NULL,
	"proposed_track" text NOT NULL,
	"decided_owner_id" bigint,
	"decided_track" text,
	"deciding_body" text,
	"document_no" text,
	"decided_on" date,
	"party_keys" bigint[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "determinations_state" CHECK ("determinations"."state" in ('draft','submitted','reviewed','decided','withdrawn')),
	CONSTRAINT "determinations_tracks" CHECK ("determinations"."track" in ('state','collective') and "determinations"."proposed_track" in ('state','collective') and "determinations"."decided_track" in ('state','collective')),
	CONSTRAINT "determinations_decided" CHECK ("determinations"."state" <> 'decided' or num_nonnulls("determinations"."decided_owner_id", "determinations"."decided_track", "determinations"."deciding_body", "determinations"."document_no", "determinations"."decided_on") = 5)
);
--> statement-breakpoint
CREATE TABLE "files" (
	"sha256" text PRIMARY KEY NOT NULL,
	"size" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "import_batches" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"target" text NOT NULL,
	"unit_id" bigint NOT NULL,
	"track" text NOT NULL,
	"scope_key" bigint GENERATED ALWAYS AS (unit_id * 2 + (case when track = 'collective' then 1 else 0 end)) STORED NOT NULL,
	"sha256" text NOT NULL,
	"file_name" text NOT NULL,
	"effective_on" date NOT NULL,
	"worksheet" text,
	"reading" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"counts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"sums" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"failure" text,
	"uploaded_by" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"committed_at" timestamp with time zone,
	CONSTRAINT "import_batches_state" CHECK ("import_batches"."state" in ('uploaded','reading','mapping','checked','committed','undone','failed','cancelled')),
	CONSTRAINT "import_batches_track" CHECK ("import_batches"."track" in ('state','collective'))
);
--> statement-breakpoint
CREATE TABLE "import_rows" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"batch_id" bigint NOT NULL,
	"row" integer NOT NULL,
	"status" text NOT NULL,
	"values" jsonb NOT NULL,
	"resolved" jsonb,
	"extra" jsonb NOT NULL,
	"written" jsonb NOT NULL,
	"problems" jsonb NOT NULL,
	"findings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"changes" jsonb,
	"card_id" bigint,
	"card_version" integer,
	CONSTRAINT "import_rows_status_known" CHECK ("import_rows"."status" in ('new','changed','unchanged','duplicate','wrong'))
);
--> statement-breakpoint
CREATE TABLE "counters" (
	"name" text PRIMARY KEY NOT NULL,
	"value" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_id" bigint,
	"actor_name" text NOT NULL,
	"actor_unit_id" bigint,
	"actor_unit_name" text DEFAULT '' NOT NULL,
	"action" text NOT NULL,
	"card_id" bigint,
	"determination_id" bigint,
	"unit_id" bigint,
	"person_id" bigint,
	"batch_id" bigint,
	"from_state" text,
	"to_state" text,
	"effective_on" date,
	"comment" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"request_id" text,
	"backfilled" boolean DEFAULT false NOT NULL,
	CONSTRAINT "events_one_subject" CHECK (num_nonnulls("events"."card_id", "events"."determination_id", "events"."unit_id", "events"."person_id", "events"."batch_id") = 1)
);
--> statement-breakpoint
CREATE TABLE "submissions" (
	"owner" text NOT NULL,
	"token" text NOT NULL,
	"hash" text NOT NULL,
	"location" text NOT NULL,
	"flash" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "submissions_pkey" PRIMARY KEY("owner","token","hash")
);
--> statement-breakpoint
ALTER TABLE "known_devices" ADD CONSTRAINT "known_devices_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_granted_by_people_id_fk" FOREIGN KEY ("granted_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unit_periods" ADD CONSTRAINT "unit_periods_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unit_periods" ADD CONSTRAINT "unit_periods_parent_id_units_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unit_periods" ADD CONSTRAINT "unit_periods_division_code_divisions_code_fk" FOREIGN KEY ("division_code") REFERENCES "public"."divisions"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unit_periods" ADD CONSTRAINT "unit_periods_entity_id_units_id_fk" FOREIGN KEY ("entity_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_versions" ADD CONSTRAINT "card_versions_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_versions" ADD CONSTRAINT "card_versions_owner_unit_id_units_id_fk" FOREIGN KEY ("owner_unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_versions" ADD CONSTRAINT "card_versions_user_unit_id_units_id_fk" FOREIGN KEY ("user_unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_versions" ADD CONSTRAINT "card_versions_division_code_divisions_code_fk" FOREIGN KEY ("division_code") REFERENCES "public"."divisions"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_versions" ADD CONSTRAINT "card_versions_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cards" ADD CONSTRAINT "cards_split_from_id_cards_id_fk" FOREIGN KEY ("split_from_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cards" ADD CONSTRAINT "cards_owner_unit_id_units_id_fk" FOREIGN KEY ("owner_unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cards" ADD CONSTRAINT "cards_user_unit_id_units_id_fk" FOREIGN KEY ("user_unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cards" ADD CONSTRAINT "cards_division_code_divisions_code_fk" FOREIGN KEY ("division_code") REFERENCES "public"."divisions"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "determination_cards" ADD CONSTRAINT "determination_cards_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "determination_cards" ADD CONSTRAINT "determination_cards_document_fk" FOREIGN KEY ("determination_id") REFERENCES "public"."determinations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "determination_claimants" ADD CONSTRAINT "determination_claimants_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "determination_claimants" ADD CONSTRAINT "determination_claimants_document_fk" FOREIGN KEY ("determination_id") REFERENCES "public"."determinations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "determination_papers" ADD CONSTRAINT "determination_papers_document_fk" FOREIGN KEY ("determination_id") REFERENCES "public"."determinations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "determinations" ADD CONSTRAINT "determinations_applicant_id_units_id_fk" FOREIGN KEY ("applicant_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "determinations" ADD CONSTRAINT "determinations_proposed_owner_id_units_id_fk" FOREIGN KEY ("proposed_owner_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "determinations" ADD CONSTRAINT "determinations_decided_owner_id_units_id_fk" FOREIGN KEY ("decided_owner_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_batches" ADD CONSTRAINT "import_batches_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_batches" ADD CONSTRAINT "import_batches_sha256_files_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."files"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_batches" ADD CONSTRAINT "import_batches_uploaded_by_people_id_fk" FOREIGN KEY ("uploaded_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_batch_id_import_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."import_batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_actor_id_people_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_actor_unit_id_units_id_fk" FOREIGN KEY ("actor_unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_determination_id_determinations_id_fk" FOREIGN KEY ("determination_id") REFERENCES "public"."determinations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_batch_id_import_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."import_batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "divisions_parent" ON "divisions" USING btree ("parent_code");--> statement-breakpoint
CREATE INDEX "known_devices_person" ON "known_devices" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "memberships_person" ON "memberships" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "memberships_unit" ON "memberships" USING btree ("unit_id");--> statement-breakpoint
CREATE UNIQUE INDEX "people_account" ON "people" USING btree ("account");--> statement-breakpoint
CREATE INDEX "sessions_person" ON "sessions" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "unit_periods_unit" ON "unit_periods" USING btree ("unit_id","valid_from");--> statement-breakpoint
CREATE UNIQUE INDEX "units_code" ON "units" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "card_versions_card" ON "card_versions" USING btree ("card_id","version");--> statement-breakpoint
CREATE INDEX "card_versions_owner" ON "card_versions" USING btree ("owner_key");--> statement-breakpoint
CREATE UNIQUE INDEX "cards_code" ON "cards" USING btree ("code");--> statement-breakpoint
CREATE INDEX "cards_owner" ON "cards" USING btree ("owner_key","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "cards_user" ON "cards" USING btree ("user_key") WHERE "cards"."user_key" is not null;--> statement-breakpoint
CREATE INDEX "cards_created" ON "cards" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "cards_original_code" ON "cards" USING btree ("owner_unit_id","original_code") WHERE "cards"."original_code" is not null;--> statement-breakpoint
CREATE INDEX "cards_certificate" ON "cards" USING btree ("certificate") WHERE "cards"."certificate" is not null;--> statement-breakpoint
CREATE INDEX "cards_name" ON "cards" USING btree ("owner_unit_id","name");--> statement-breakpoint
CREATE INDEX "holds_card" ON "holds" USING btree ("card_id") WHERE "holds"."released_at" is null;--> statement-breakpoint
CREATE INDEX "holds_document" ON "holds" USING btree ("document_kind","document_id");--> statement-breakpoint
CREATE UNIQUE INDEX "determination_cards_once" ON "determination_cards" USING btree ("determination_id","card_id");--> statement-breakpoint
CREATE INDEX "determination_cards_card" ON "determination_cards" USING btree ("card_id");--> statement-breakpoint
CREATE UNIQUE INDEX "determination_claimants_once" ON "determination_claimants" USING btree ("determination_id","unit_id");--> statement-breakpoint
CREATE INDEX "determination_papers_document" ON "determination_papers" USING btree ("determination_id");--> statement-breakpoint
CREATE UNIQUE INDEX "determinations_no" ON "determinations" USING btree ("no");--> statement-breakpoint
CREATE INDEX "determinations_created" ON "determinations" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "determinations_parties" ON "determinations" USING gin ("party_keys");--> statement-breakpoint
CREATE UNIQUE INDEX "import_batches_no" ON "import_batches" USING btree ("no");--> statement-breakpoint
CREATE INDEX "import_batches_scope" ON "import_batches" USING btree ("scope_key","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "import_batches_file" ON "import_batches" USING btree ("sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "import_rows_row" ON "import_rows" USING btree ("batch_id","row");--> statement-breakpoint
CREATE INDEX "import_rows_status" ON "import_rows" USING btree ("batch_id","status");--> statement-breakpoint
CREATE INDEX "import_rows_card" ON "import_rows" USING btree ("card_id");--> statement-breakpoint
CREATE INDEX "events_card" ON "events" USING btree ("card_id","at","id") WHERE "events"."card_id" is not null;--> statement-breakpoint
CREATE INDEX "events_determination" ON "events" USING btree ("determination_id","at","id") WHERE "events"."determination_id" is not null;--> statement-breakpoint
CREATE INDEX "events_unit" ON "events" USING btree ("unit_id","at","id") WHERE "events"."unit_id" is not null;--> statement-breakpoint
CREATE INDEX "events_person" ON "events" USING btree ("person_id","at","id") WHERE "events"."person_id" is not null;--> statement-breakpoint
CREATE INDEX "events_batch" ON "events" USING btree ("batch_id","at","id") WHERE "events"."batch_id" is not null;--> statement-breakpoint
CREATE INDEX "events_at" ON "events" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "submissions_at" ON "submissions" USING btree ("at");