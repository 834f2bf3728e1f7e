CREATE TABLE "saved_views" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"person_id" bigint NOT NULL,
	"list" text NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "saved_views_sizes" CHECK (length("saved_views"."name") between 1 and 30 and length("saved_views"."query") <= 3000)
);
--> statement-breakpoint
ALTER TABLE "import_batches" ADD COLUMN "origin" text DEFAULT 'file' NOT NULL;--> statement-breakpoint
ALTER TABLE "import_batches" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "saved_views_name" ON "saved_views" USING btree ("person_id","list","name");--> statement-breakpoint
ALTER TABLE "import_batches" ADD CONSTRAINT "import_batches_origin" CHECK ("import_batches"."origin" in ('file','edit'));