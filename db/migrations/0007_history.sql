ALTER TABLE "card_versions" DROP CONSTRAINT "card_versions_card_id_cards_id_fk";--> statement-breakpoint
ALTER TABLE "card_versions" DROP CONSTRAINT "card_versions_owner_unit_id_units_id_fk";--> statement-breakpoint
ALTER TABLE "card_versions" DROP CONSTRAINT "card_versions_user_unit_id_units_id_fk";--> statement-breakpoint
ALTER TABLE "card_versions" DROP CONSTRAINT "card_versions_division_code_divisions_code_fk";--> statement-breakpoint
ALTER TABLE "card_versions" DROP CONSTRAINT "card_versions_event_id_events_id_fk";--> statement-breakpoint
ALTER TABLE "import_rows" DROP CONSTRAINT "import_rows_batch_id_import_batches_id_fk";--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_actor_id_people_id_fk";--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_actor_unit_id_units_id_fk";--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_card_id_cards_id_fk";--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_determination_id_determinations_id_fk";--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_unit_id_units_id_fk";--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_person_id_people_id_fk";--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_batch_id_import_batches_id_fk";--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_restriction_id_restrictions_id_fk";--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_decision_id_decisions_id_fk";--> statement-breakpoint
DROP INDEX "import_rows_status";--> statement-breakpoint
DROP INDEX "import_rows_entry";--> statement-breakpoint
CREATE INDEX "import_rows_notable" ON "import_rows" USING btree ("batch_id","status","block","row") WHERE "import_rows"."status" not in ('new', 'unchanged');--> statement-breakpoint
-- What history names stays: it has no foreign keys of its own.
CREATE TRIGGER "units_no_delete" BEFORE DELETE ON "units" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER "divisions_no_delete" BEFORE DELETE ON "divisions" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER "people_no_delete" BEFORE DELETE ON "people" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER "import_batches_no_delete" BEFORE DELETE ON "import_batches" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER "determinations_no_delete" BEFORE DELETE ON "determinations" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER "restrictions_no_delete" BEFORE DELETE ON "restrictions" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER "decisions_no_delete" BEFORE DELETE ON "decisions" FOR EACH ROW EXECUTE FUNCTION refuse_change();
