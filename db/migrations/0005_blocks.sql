DROP INDEX "import_rows_row";--> statement-breakpoint
ALTER TABLE "import_rows" ADD COLUMN "block" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "import_rows_row" ON "import_rows" USING btree ("batch_id","block","row");