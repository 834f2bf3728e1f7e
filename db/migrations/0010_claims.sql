ALTER TABLE "claim_lines" ADD COLUMN "returned" text;--> statement-breakpoint
ALTER TABLE "claim_lines" ADD COLUMN "handed_in" jsonb;--> statement-breakpoint
ALTER TABLE "claims" ADD COLUMN "voided" boolean DEFAULT false NOT NULL;