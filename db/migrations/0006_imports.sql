CREATE TABLE "import_mappings" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"target" text NOT NULL,
	"fingerprint" text NOT NULL,
	"unit_id" bigint,
	"name" text NOT NULL,
	"headers" jsonb NOT NULL,
	"answers" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_by" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "import_mappings_layout" UNIQUE NULLS NOT DISTINCT("target","fingerprint","unit_id")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"batch_id" bigint,
	"args" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"person_id" bigint,
	"state" text DEFAULT 'queued' NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"worker" text,
	"lease_until" timestamp with time zone,
	"cancel_asked" boolean DEFAULT false NOT NULL,
	"progress" jsonb,
	"failure" text,
	"message" text,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "jobs_state" CHECK ("jobs"."state" in ('queued','running','done','failed','cancelled'))
);
--> statement-breakpoint
ALTER TABLE "import_rows" DROP CONSTRAINT "import_rows_status_known";--> statement-breakpoint
ALTER TABLE "import_rows" DROP CONSTRAINT "import_rows_card_id_cards_id_fk";
--> statement-breakpoint
DROP INDEX "import_rows_card";--> statement-breakpoint
ALTER TABLE "import_batches" ALTER COLUMN "track" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "import_batches" ALTER COLUMN "scope_key" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "import_batches" drop column "scope_key";--> statement-breakpoint
ALTER TABLE "import_batches" ADD COLUMN "scope_key" bigint GENERATED ALWAYS AS (unit_id * 2 + (case track when 'collective' then 1 when 'state' then 0 end)) STORED;--> statement-breakpoint
CREATE INDEX "import_batches_scope" ON "import_batches" USING btree ("scope_key","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
ALTER TABLE "import_batches" ADD COLUMN "answers" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "import_batches" ADD COLUMN "undone_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "import_rows" ADD COLUMN "edits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "import_rows" ADD COLUMN "handling" text;--> statement-breakpoint
ALTER TABLE "import_rows" ADD COLUMN "unplaced" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "import_rows" ADD COLUMN "keys" text[];--> statement-breakpoint
ALTER TABLE "import_rows" RENAME COLUMN "card_id" TO "entry_id";--> statement-breakpoint
ALTER TABLE "import_rows" RENAME COLUMN "card_version" TO "entry_version";--> statement-breakpoint
ALTER TABLE "import_rows" ADD COLUMN "kept" text;--> statement-breakpoint
ALTER TABLE "import_mappings" ADD CONSTRAINT "import_mappings_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_mappings" ADD CONSTRAINT "import_mappings_updated_by_people_id_fk" FOREIGN KEY ("updated_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_batch_id_import_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."import_batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_mappings_unit" ON "import_mappings" USING btree ("unit_id","updated_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_open_batch" ON "jobs" USING btree ("batch_id") WHERE "jobs"."state" in ('queued','running');--> statement-breakpoint
CREATE INDEX "jobs_queue" ON "jobs" USING btree ("created_at","id") WHERE "jobs"."state" in ('queued','running');--> statement-breakpoint
CREATE INDEX "jobs_batch" ON "jobs" USING btree ("batch_id","created_at");--> statement-breakpoint
CREATE INDEX "import_rows_entry" ON "import_rows" USING btree ("entry_id");--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_handling" CHECK ("import_rows"."handling" in ('skip','apart'));--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_status_known" CHECK ("import_rows"."status" in ('new','changed','unchanged','duplicate','wrong','skipped'));--> statement-breakpoint
-- Blanks are no longer written out, nor a version for what a row made; what waits for a decision was matched by the old
-- rules and is read again.
UPDATE "import_rows" SET "values" = jsonb_strip_nulls("values"), "resolved" = jsonb_strip_nulls("resolved"),
	"entry_version" = case when "status" = 'new' then null else "entry_version" end;--> statement-breakpoint
UPDATE "import_batches" SET "state" = 'uploaded', "version" = "version" + 1 WHERE "state" in ('reading', 'mapping', 'checked');--> statement-breakpoint
-- Rows of a ledger are often a little over 2 kB: packing each of them takes longer than all the rest of staging it.
ALTER TABLE "import_rows" SET (toast_tuple_target = 8160);
