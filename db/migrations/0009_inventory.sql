CREATE TABLE "claim_lines" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"count_id" bigint NOT NULL,
	"no" integer NOT NULL,
	"claim_id" bigint,
	"claim_version" integer,
	"kind" text NOT NULL,
	"category" text NOT NULL,
	"counterparty" text NOT NULL,
	"occurred_on" date,
	"occurred_precision" text,
	"purpose" text,
	"book_amount" numeric(18, 2) NOT NULL,
	"counted_amount" numeric(18, 2),
	"reason" text,
	"remark" text,
	"counted_by" bigint,
	"counted_name" text,
	"counted_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "claim_lines_kind" CHECK ("claim_lines"."kind" in ('claim','debt')),
	CONSTRAINT "claim_lines_amounts" CHECK (least("claim_lines"."book_amount", "claim_lines"."counted_amount") >= 0),
	CONSTRAINT "claim_lines_reason" CHECK ("claim_lines"."counted_amount" is null or "claim_lines"."counted_amount" = "claim_lines"."book_amount" or "claim_lines"."reason" is not null)
);
--> statement-breakpoint
CREATE TABLE "claims" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"unit_id" bigint NOT NULL,
	"scope_key" bigint GENERATED ALWAYS AS (unit_id * 2 + 1) STORED NOT NULL,
	"kind" text NOT NULL,
	"category" text NOT NULL,
	"counterparty" text NOT NULL,
	"amount" numeric(18, 2) NOT NULL,
	"occurred_on" date,
	"occurred_precision" text,
	"due_on" date,
	"purpose" text,
	"voucher_no" text,
	"remark" text,
	"ended_on" date,
	"ended_reason" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "claims_kind" CHECK ("claims"."kind" in ('claim','debt')),
	CONSTRAINT "claims_amount" CHECK ("claims"."amount" >= 0),
	CONSTRAINT "claims_ended" CHECK (("claims"."ended_on" is null) = ("claims"."ended_reason" is null))
);
--> statement-breakpoint
CREATE TABLE "baseline_lines" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"count_id" bigint NOT NULL,
	"no" integer NOT NULL,
	"name" text NOT NULL,
	"original_code" text,
	"certificate" text,
	"location" text,
	"acquired_on" date,
	"acquired_precision" text,
	"quantity" numeric(18, 3),
	"unit_of_measure" text,
	"area" numeric(18, 3),
	"cost" numeric(18, 2),
	"remark" text,
	"batch_id" bigint,
	"line_id" bigint,
	"matched_by" text,
	"settled_reason" text,
	"settled_by" bigint,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "baseline_lines_matched" CHECK (("baseline_lines"."line_id" is null) = ("baseline_lines"."matched_by" is null)),
	CONSTRAINT "baseline_lines_matched_by" CHECK ("baseline_lines"."matched_by" in ('exact','alike','hand')),
	CONSTRAINT "baseline_lines_ended_once" CHECK (num_nonnulls("baseline_lines"."line_id", "baseline_lines"."settled_reason") <= 1)
);
--> statement-breakpoint
CREATE TABLE "compilations" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"call_id" bigint NOT NULL,
	"unit_id" bigint NOT NULL,
	"track" text NOT NULL,
	"filed_on" date,
	"document_no" text,
	"frozen" jsonb,
	"party_keys" bigint[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "compilations_state" CHECK ("compilations"."state" in ('draft','submitted','filed','withdrawn')),
	CONSTRAINT "compilations_track" CHECK ("compilations"."track" in ('state','collective')),
	CONSTRAINT "compilations_filed" CHECK (("compilations"."state" = 'filed') = ("compilations"."filed_on" is not null) and ("compilations"."filed_on" is null) = ("compilations"."frozen" is null))
);
--> statement-breakpoint
CREATE TABLE "call_units" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"call_id" bigint NOT NULL,
	"unit_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"title" text NOT NULL,
	"track" text NOT NULL,
	"issuer_id" bigint NOT NULL,
	"base_on" date NOT NULL,
	"baseline" text DEFAULT 'register' NOT NULL,
	"baseline_name" text,
	"baseline_on" date,
	"due_on" date NOT NULL,
	"compile_on" date NOT NULL,
	"note" text,
	"opened_at" timestamp with time zone,
	"party_keys" bigint[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "calls_state" CHECK ("calls"."state" in ('draft','open','closed','cancelled')),
	CONSTRAINT "calls_track" CHECK ("calls"."track" in ('state','collective')),
	CONSTRAINT "calls_baseline" CHECK ("calls"."baseline" in ('register','census')),
	CONSTRAINT "calls_census" CHECK (num_nonnulls("calls"."baseline_name", "calls"."baseline_on") = case "calls"."baseline" when 'census' then 2 else 0 end),
	CONSTRAINT "calls_days" CHECK ("calls"."base_on" <= "calls"."due_on" and "calls"."due_on" <= "calls"."compile_on")
);
--> statement-breakpoint
CREATE TABLE "count_lines" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"count_id" bigint NOT NULL,
	"no" integer NOT NULL,
	"origin" text NOT NULL,
	"card_id" bigint,
	"card_version" integer,
	"code" text,
	"name" text NOT NULL,
	"card_type" text NOT NULL,
	"nature" text,
	"class_code" text,
	"original_code" text,
	"specification" text,
	"structure" text,
	"unit_of_measure" text,
	"acquired_on" date,
	"acquired_precision" text,
	"division_code" text NOT NULL,
	"location" text,
	"source" text,
	"usage" text,
	"keeper" text,
	"certificate" text,
	"land_area" numeric(18, 2),
	"floor_area" numeric(18, 2),
	"book_quantity" numeric(18, 3) NOT NULL,
	"book_cost" numeric(18, 2),
	"book_depreciation" numeric(18, 2),
	"book_net_value" numeric(18, 2),
	"counted_quantity" numeric(18, 3),
	"surplus_quantity" numeric(18, 3) DEFAULT '0' NOT NULL,
	"surplus_cost" numeric(18, 2),
	"surplus_depreciation" numeric(18, 2),
	"missing_quantity" numeric(18, 3) DEFAULT '0' NOT NULL,
	"missing_cost" numeric(18, 2),
	"missing_depreciation" numeric(18, 2),
	"missing_reason" text,
	"scrap_quantity" numeric(18, 3) DEFAULT '0' NOT NULL,
	"scrap_cost" numeric(18, 2),
	"scrap_depreciation" numeric(18, 2),
	"scrap_reason" text,
	"undetermined_quantity" numeric(18, 3) DEFAULT '0' NOT NULL,
	"undetermined_cost" numeric(18, 2),
	"undetermined_depreciation" numeric(18, 2),
	"undetermined_reason" text,
	"changes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"found_on" date,
	"value_basis" text,
	"value_note" text,
	"condition" text,
	"remark" text,
	"counted_by" bigint,
	"counted_name" text,
	"counted_at" timestamp with time zone,
	"counted_via" text,
	"returned" text,
	"handed_in" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "count_lines_origin" CHECK ("count_lines"."origin" in ('booked','surplus')),
	CONSTRAINT "count_lines_via" CHECK ("count_lines"."counted_via" in ('screen','phone','sheet')),
	CONSTRAINT "count_lines_sum" CHECK ("count_lines"."counted_quantity" = "count_lines"."book_quantity" + "count_lines"."surplus_quantity" - "count_lines"."missing_quantity"),
	CONSTRAINT "count_lines_amounts" CHECK (least("count_lines"."book_quantity", "count_lines"."counted_quantity", "count_lines"."surplus_quantity", "count_lines"."missing_quantity", "count_lines"."scrap_quantity", "count_lines"."undetermined_quantity") >= 0 and "count_lines"."scrap_quantity" + "count_lines"."undetermined_quantity" <= coalesce("count_lines"."counted_quantity", 0)),
	CONSTRAINT "count_lines_reasons" CHECK (("count_lines"."missing_quantity" = 0 or "count_lines"."missing_reason" is not null) and ("count_lines"."scrap_quantity" = 0 or "count_lines"."scrap_reason" is not null) and ("count_lines"."undetermined_quantity" = 0 or "count_lines"."undetermined_reason" is not null)),
	CONSTRAINT "count_lines_surplus" CHECK (case "count_lines"."origin" when 'surplus' then "count_lines"."book_quantity" = 0 and "count_lines"."surplus_quantity" > 0 and "count_lines"."value_basis" is not null and "count_lines"."found_on" is not null else "count_lines"."surplus_quantity" = 0 and "count_lines"."card_id" is not null and "count_lines"."card_version" is not null end),
	CONSTRAINT "count_lines_basis" CHECK ("count_lines"."value_basis" in ('papers','appraisal','replacement','nominal') and ("count_lines"."value_basis" <> 'nominal' or "count_lines"."surplus_cost" = 1))
);
--> statement-breakpoint
CREATE TABLE "counts" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"state" text DEFAULT 'counting' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"call_id" bigint NOT NULL,
	"unit_id" bigint NOT NULL,
	"track" text NOT NULL,
	"scope_key" bigint GENERATED ALWAYS AS (unit_id * 2 + (case when track = 'collective' then 1 else 0 end)) STORED NOT NULL,
	"unit_code" text NOT NULL,
	"unit_name" text NOT NULL,
	"unit_kind" text NOT NULL,
	"division_code" text NOT NULL,
	"parent_id" bigint,
	"round" integer DEFAULT 1 NOT NULL,
	"nothing" boolean DEFAULT false NOT NULL,
	"compilation_id" bigint,
	"reminded_at" timestamp with time zone,
	"party_keys" bigint[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "counts_state" CHECK ("counts"."state" in ('counting','submitted','checked','noticed','confirmed','filed','cancelled')),
	CONSTRAINT "counts_track" CHECK ("counts"."track" in ('state','collective')),
	CONSTRAINT "counts_compiled" CHECK (case when "counts"."compilation_id" is null then "counts"."state" <> 'filed' else "counts"."state" in ('checked','confirmed','filed') end)
);
--> statement-breakpoint
CREATE TABLE "objections" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"notice_id" bigint NOT NULL,
	"row_no" integer,
	"name" text NOT NULL,
	"phone" text,
	"text" text NOT NULL,
	"via" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"recorded_by" bigint,
	"upheld" boolean,
	"answer" text,
	"answered_by" bigint,
	"answered_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "objections_via" CHECK ("objections"."via" in ('page','counter')),
	CONSTRAINT "objections_answered" CHECK (num_nonnulls("objections"."upheld", "objections"."answer", "objections"."answered_at") in (0, 3))
);
--> statement-breakpoint
CREATE TABLE "public_notice_rows" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"notice_id" bigint NOT NULL,
	"no" integer NOT NULL,
	"cells" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "public_notices" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"state" text DEFAULT 'posted' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"unit_id" bigint NOT NULL,
	"unit_name" text NOT NULL,
	"track" text NOT NULL,
	"count_id" bigint,
	"columns" jsonb NOT NULL,
	"days" integer NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"place" text NOT NULL,
	"contact" text NOT NULL,
	"party_keys" bigint[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "notices_state" CHECK ("public_notices"."state" in ('posted','ended','withdrawn')),
	CONSTRAINT "public_notices_days" CHECK ("public_notices"."days" between 1 and 90),
	CONSTRAINT "public_notices_order" CHECK ("public_notices"."ends_on" >= "public_notices"."starts_on")
);
--> statement-breakpoint
CREATE TABLE "resolutions" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"body_kind" text NOT NULL,
	"unit_id" bigint NOT NULL,
	"track" text NOT NULL,
	"matter" text NOT NULL,
	"count_id" bigint,
	"called_on" date,
	"held_on" date NOT NULL,
	"place" text,
	"members" integer NOT NULL,
	"present" integer NOT NULL,
	"in_favour" integer NOT NULL,
	"against" integer NOT NULL,
	"abstained" integer NOT NULL,
	"passed" boolean NOT NULL,
	"rule" text NOT NULL,
	"note" text,
	"recorded_by" bigint,
	"recorded_at" timestamp with time zone NOT NULL,
	"party_keys" bigint[] NOT NULL,
	CONSTRAINT "resolutions_body" CHECK ("resolutions"."body_kind" in ('assembly','representatives','council','villagers','village_representatives')),
	CONSTRAINT "resolutions_votes" CHECK (least("resolutions"."members", "resolutions"."present", "resolutions"."in_favour", "resolutions"."against", "resolutions"."abstained") >= 0 and "resolutions"."members" > 0 and "resolutions"."present" <= "resolutions"."members" and "resolutions"."in_favour" + "resolutions"."against" + "resolutions"."abstained" <= "resolutions"."present")
);
--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_one_subject";--> statement-breakpoint
ALTER TABLE "deadlines" DROP CONSTRAINT "deadlines_one_subject";--> statement-breakpoint
ALTER TABLE "paper_links" DROP CONSTRAINT "paper_links_one_subject";--> statement-breakpoint
ALTER TABLE "import_batches" ADD COLUMN "call_id" bigint;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "call_id" bigint;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "count_id" bigint;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "compilation_id" bigint;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "notice_id" bigint;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "resolution_id" bigint;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "claim_id" bigint;--> statement-breakpoint
ALTER TABLE "deadlines" ADD COLUMN "count_id" bigint;--> statement-breakpoint
ALTER TABLE "deadlines" ADD COLUMN "call_id" bigint;--> statement-breakpoint
ALTER TABLE "deadlines" ADD COLUMN "compilation_id" bigint;--> statement-breakpoint
ALTER TABLE "deadlines" ADD COLUMN "notice_id" bigint;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "compilation_id" bigint;--> statement-breakpoint
ALTER TABLE "paper_links" ADD COLUMN "count_line_id" bigint;--> statement-breakpoint
ALTER TABLE "paper_links" ADD COLUMN "notice_id" bigint;--> statement-breakpoint
ALTER TABLE "paper_links" ADD COLUMN "resolution_id" bigint;--> statement-breakpoint
ALTER TABLE "claim_lines" ADD CONSTRAINT "claim_lines_count_id_counts_id_fk" FOREIGN KEY ("count_id") REFERENCES "public"."counts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim_lines" ADD CONSTRAINT "claim_lines_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim_lines" ADD CONSTRAINT "claim_lines_counted_by_people_id_fk" FOREIGN KEY ("counted_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "baseline_lines" ADD CONSTRAINT "baseline_lines_count_id_counts_id_fk" FOREIGN KEY ("count_id") REFERENCES "public"."counts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "baseline_lines" ADD CONSTRAINT "baseline_lines_line_id_count_lines_id_fk" FOREIGN KEY ("line_id") REFERENCES "public"."count_lines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "baseline_lines" ADD CONSTRAINT "baseline_lines_settled_by_people_id_fk" FOREIGN KEY ("settled_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compilations" ADD CONSTRAINT "compilations_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compilations" ADD CONSTRAINT "compilations_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_units" ADD CONSTRAINT "call_units_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_units" ADD CONSTRAINT "call_units_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_issuer_id_units_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "count_lines" ADD CONSTRAINT "count_lines_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "count_lines" ADD CONSTRAINT "count_lines_counted_by_people_id_fk" FOREIGN KEY ("counted_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "counts" ADD CONSTRAINT "counts_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "counts" ADD CONSTRAINT "counts_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "counts" ADD CONSTRAINT "counts_parent_id_units_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "counts" ADD CONSTRAINT "counts_compilation_id_compilations_id_fk" FOREIGN KEY ("compilation_id") REFERENCES "public"."compilations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objections" ADD CONSTRAINT "objections_notice_id_public_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."public_notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objections" ADD CONSTRAINT "objections_recorded_by_people_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objections" ADD CONSTRAINT "objections_answered_by_people_id_fk" FOREIGN KEY ("answered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "public_notices" ADD CONSTRAINT "public_notices_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "public_notices" ADD CONSTRAINT "public_notices_count_id_counts_id_fk" FOREIGN KEY ("count_id") REFERENCES "public"."counts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resolutions" ADD CONSTRAINT "resolutions_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resolutions" ADD CONSTRAINT "resolutions_count_id_counts_id_fk" FOREIGN KEY ("count_id") REFERENCES "public"."counts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resolutions" ADD CONSTRAINT "resolutions_recorded_by_people_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "claim_lines_no" ON "claim_lines" USING btree ("count_id","no");--> statement-breakpoint
CREATE UNIQUE INDEX "claim_lines_claim" ON "claim_lines" USING btree ("count_id","claim_id") WHERE "claim_lines"."claim_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "claims_no" ON "claims" USING btree ("no");--> statement-breakpoint
CREATE INDEX "claims_scope" ON "claims" USING btree ("scope_key","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "baseline_lines_no" ON "baseline_lines" USING btree ("count_id","no");--> statement-breakpoint
CREATE UNIQUE INDEX "baseline_lines_line" ON "baseline_lines" USING btree ("line_id") WHERE "baseline_lines"."line_id" is not null;--> statement-breakpoint
CREATE INDEX "baseline_lines_open" ON "baseline_lines" USING btree ("count_id","no") WHERE "baseline_lines"."line_id" is null and "baseline_lines"."settled_reason" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "compilations_no" ON "compilations" USING btree ("no");--> statement-breakpoint
CREATE INDEX "compilations_call" ON "compilations" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "compilations_created" ON "compilations" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "compilations_parties" ON "compilations" USING gin ("party_keys");--> statement-breakpoint
CREATE UNIQUE INDEX "call_units_once" ON "call_units" USING btree ("call_id","unit_id");--> statement-breakpoint
CREATE UNIQUE INDEX "calls_no" ON "calls" USING btree ("no");--> statement-breakpoint
CREATE INDEX "calls_created" ON "calls" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "calls_parties" ON "calls" USING gin ("party_keys");--> statement-breakpoint
CREATE UNIQUE INDEX "count_lines_no" ON "count_lines" USING btree ("count_id","no");--> statement-breakpoint
CREATE UNIQUE INDEX "count_lines_card" ON "count_lines" USING btree ("count_id","card_id") WHERE "count_lines"."card_id" is not null;--> statement-breakpoint
CREATE INDEX "count_lines_of_card" ON "count_lines" USING btree ("card_id") WHERE "count_lines"."card_id" is not null;--> statement-breakpoint
CREATE INDEX "count_lines_open" ON "count_lines" USING btree ("count_id","no") WHERE "count_lines"."counted_quantity" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "counts_no" ON "counts" USING btree ("no");--> statement-breakpoint
CREATE UNIQUE INDEX "counts_unit" ON "counts" USING btree ("call_id","unit_id");--> statement-breakpoint
CREATE INDEX "counts_scope" ON "counts" USING btree ("scope_key","state");--> statement-breakpoint
CREATE INDEX "counts_created" ON "counts" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "counts_compilation" ON "counts" USING btree ("compilation_id") WHERE "counts"."compilation_id" is not null;--> statement-breakpoint
CREATE INDEX "counts_parties" ON "counts" USING gin ("party_keys");--> statement-breakpoint
CREATE INDEX "objections_notice" ON "objections" USING btree ("notice_id","received_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "public_notice_rows_no" ON "public_notice_rows" USING btree ("notice_id","no");--> statement-breakpoint
CREATE UNIQUE INDEX "public_notices_no" ON "public_notices" USING btree ("no");--> statement-breakpoint
CREATE UNIQUE INDEX "public_notices_count" ON "public_notices" USING btree ("count_id") WHERE "public_notices"."count_id" is not null and "public_notices"."state" <> 'withdrawn';--> statement-breakpoint
CREATE INDEX "public_notices_up" ON "public_notices" USING btree ("starts_on","id") WHERE "public_notices"."state" <> 'withdrawn';--> statement-breakpoint
CREATE INDEX "public_notices_created" ON "public_notices" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "public_notices_parties" ON "public_notices" USING gin ("party_keys");--> statement-breakpoint
CREATE UNIQUE INDEX "resolutions_no" ON "resolutions" USING btree ("no");--> statement-breakpoint
CREATE INDEX "resolutions_count" ON "resolutions" USING btree ("count_id") WHERE "resolutions"."count_id" is not null;--> statement-breakpoint
CREATE INDEX "resolutions_recorded" ON "resolutions" USING btree ("recorded_at","id");--> statement-breakpoint
CREATE INDEX "resolutions_parties" ON "resolutions" USING gin ("party_keys");--> statement-breakpoint
ALTER TABLE "import_batches" ADD CONSTRAINT "import_batches_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deadlines" ADD CONSTRAINT "deadlines_count_id_counts_id_fk" FOREIGN KEY ("count_id") REFERENCES "public"."counts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deadlines" ADD CONSTRAINT "deadlines_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deadlines" ADD CONSTRAINT "deadlines_compilation_id_compilations_id_fk" FOREIGN KEY ("compilation_id") REFERENCES "public"."compilations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deadlines" ADD CONSTRAINT "deadlines_notice_id_public_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."public_notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_compilation_id_compilations_id_fk" FOREIGN KEY ("compilation_id") REFERENCES "public"."compilations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_links" ADD CONSTRAINT "paper_links_count_line_id_count_lines_id_fk" FOREIGN KEY ("count_line_id") REFERENCES "public"."count_lines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_links" ADD CONSTRAINT "paper_links_notice_id_public_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."public_notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_links" ADD CONSTRAINT "paper_links_resolution_id_resolutions_id_fk" FOREIGN KEY ("resolution_id") REFERENCES "public"."resolutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "events_call" ON "events" USING btree ("call_id","at","id") WHERE "events"."call_id" is not null;--> statement-breakpoint
CREATE INDEX "events_count" ON "events" USING btree ("count_id","at","id") WHERE "events"."count_id" is not null;--> statement-breakpoint
CREATE INDEX "events_count_steps" ON "events" USING btree ("count_id","at","id") WHERE "events"."count_id" is not null and "events"."to_state" is not null;--> statement-breakpoint
CREATE INDEX "events_compilation" ON "events" USING btree ("compilation_id","at","id") WHERE "events"."compilation_id" is not null;--> statement-breakpoint
CREATE INDEX "events_notice" ON "events" USING btree ("notice_id","at","id") WHERE "events"."notice_id" is not null;--> statement-breakpoint
CREATE INDEX "events_resolution" ON "events" USING btree ("resolution_id","at","id") WHERE "events"."resolution_id" is not null;--> statement-breakpoint
CREATE INDEX "events_claim" ON "events" USING btree ("claim_id","at","id") WHERE "events"."claim_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "deadlines_count_open" ON "deadlines" USING btree ("count_id","key") WHERE "deadlines"."met_on" is null and "deadlines"."cancelled_on" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "deadlines_call_open" ON "deadlines" USING btree ("call_id","key") WHERE "deadlines"."met_on" is null and "deadlines"."cancelled_on" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "deadlines_compilation_open" ON "deadlines" USING btree ("compilation_id","key") WHERE "deadlines"."met_on" is null and "deadlines"."cancelled_on" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "deadlines_notice_open" ON "deadlines" USING btree ("notice_id","key") WHERE "deadlines"."met_on" is null and "deadlines"."cancelled_on" is null;--> statement-breakpoint
CREATE INDEX "decisions_compilation" ON "decisions" USING btree ("compilation_id") WHERE "decisions"."compilation_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "paper_links_count_line" ON "paper_links" USING btree ("count_line_id","paper_id") WHERE "paper_links"."count_line_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "paper_links_notice" ON "paper_links" USING btree ("notice_id","paper_id") WHERE "paper_links"."notice_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "paper_links_resolution" ON "paper_links" USING btree ("resolution_id","paper_id") WHERE "paper_links"."resolution_id" is not null;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_one_subject" CHECK (num_nonnulls("events"."card_id", "events"."determination_id", "events"."unit_id", "events"."person_id", "events"."batch_id", "events"."restriction_id", "events"."decision_id", "events"."call_id", "events"."count_id", "events"."compilation_id", "events"."notice_id", "events"."resolution_id", "events"."claim_id", "events"."topic") = 1);--> statement-breakpoint
ALTER TABLE "deadlines" ADD CONSTRAINT "deadlines_one_subject" CHECK (num_nonnulls("deadlines"."determination_id", "deadlines"."restriction_id", "deadlines"."count_id", "deadlines"."call_id", "deadlines"."compilation_id", "deadlines"."notice_id") = 1);--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_one_document" CHECK (num_nonnulls("decisions"."determination_id", "decisions"."compilation_id") <= 1);--> statement-breakpoint
ALTER TABLE "paper_links" ADD CONSTRAINT "paper_links_one_subject" CHECK (num_nonnulls("paper_links"."card_id", "paper_links"."determination_id", "paper_links"."restriction_id", "paper_links"."decision_id", "paper_links"."count_line_id", "paper_links"."notice_id", "paper_links"."resolution_id") = 1);--> statement-breakpoint
-- What the county has filed never says anything else: its forms are printed from these rows.
CREATE FUNCTION refuse_filed() RETURNS trigger LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
begin
  if (select c.state from counts c where c.id = old.count_id) = 'filed' then
    raise exception '% of a filed count', tg_table_name using errcode = 'P0A02';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;--> statement-breakpoint
CREATE TRIGGER "count_lines_filed" BEFORE UPDATE OR DELETE ON "count_lines" FOR EACH ROW EXECUTE FUNCTION refuse_filed();--> statement-breakpoint
CREATE TRIGGER "claim_lines_filed" BEFORE UPDATE OR DELETE ON "claim_lines" FOR EACH ROW EXECUTE FUNCTION refuse_filed();--> statement-breakpoint
CREATE TRIGGER "baseline_lines_filed" BEFORE UPDATE OR DELETE ON "baseline_lines" FOR EACH ROW EXECUTE FUNCTION refuse_filed();--> statement-breakpoint
-- What was posted stays as it was posted.
CREATE TRIGGER "public_notice_rows_append_only" BEFORE UPDATE OR DELETE ON "public_notice_rows" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER "public_notice_rows_no_truncate" BEFORE TRUNCATE ON "public_notice_rows" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
