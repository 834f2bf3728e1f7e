CREATE TABLE "card_sums" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"owner_key" bigint NOT NULL,
	"owner_unit_id" bigint NOT NULL,
	"track" text NOT NULL,
	"division_code" text NOT NULL,
	"card_type" text NOT NULL,
	"nature" text,
	"usage" text,
	"undetermined" boolean NOT NULL,
	"count" bigint NOT NULL,
	"cost" numeric NOT NULL,
	"cost_known" bigint NOT NULL,
	"depreciation" numeric NOT NULL,
	"depreciation_known" bigint NOT NULL,
	"net_value" numeric NOT NULL,
	"net_value_known" bigint NOT NULL,
	"land_area" numeric NOT NULL,
	"land_area_known" bigint NOT NULL,
	"floor_area" numeric NOT NULL,
	"floor_area_known" bigint NOT NULL,
	"idle_area" numeric NOT NULL,
	"idle_area_known" bigint NOT NULL,
	"annual_rent" numeric NOT NULL,
	"annual_rent_known" bigint NOT NULL,
	"newest" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "owner_sums" (
	"id" bigint generated always as identity PRIMARY KEY NOT NULL,
	"owner_key" bigint NOT NULL,
	"owner_unit_id" bigint NOT NULL,
	"track" text NOT NULL,
	"count" bigint NOT NULL,
	"cost" numeric NOT NULL,
	"cost_known" bigint NOT NULL,
	"net_value" numeric NOT NULL,
	"net_value_known" bigint NOT NULL,
	"land_area" numeric NOT NULL,
	"land_area_known" bigint NOT NULL,
	"floor_area" numeric NOT NULL,
	"floor_area_known" bigint NOT NULL,
	"newest" timestamp with time zone NOT NULL
);
--> statement-breakpoint
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
-- Descending with nulls last serves no list: ascending ones are read backwards.
DROP INDEX "cards_owner";--> statement-breakpoint
DROP INDEX "cards_created";--> statement-breakpoint
DROP INDEX "determinations_created";--> statement-breakpoint
DROP INDEX "import_batches_scope";--> statement-breakpoint
DROP INDEX "import_mappings_unit";--> statement-breakpoint
DROP INDEX "decisions_recorded";--> statement-breakpoint
DROP INDEX "restrictions_created";--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "search" text GENERATED ALWAYS AS (regexp_replace(lower(replace(normalize(coalesce(name, '') || chr(31) || coalesce(location, '') || chr(31) || coalesce(code, '') || chr(31) || coalesce(original_code, '') || chr(31) || coalesce(certificate, ''), NFKC), ' ', '')), '([^\x01-\x7e])', '\1\1', 'g')) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "import_batches" ADD COLUMN "origin" text DEFAULT 'file' NOT NULL;--> statement-breakpoint
ALTER TABLE "import_batches" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "card_sums_group" ON "card_sums" USING btree ("owner_key","division_code","card_type");--> statement-breakpoint
CREATE INDEX "card_sums_kind" ON "card_sums" USING btree ("card_type","usage");--> statement-breakpoint
CREATE INDEX "owner_sums_key" ON "owner_sums" USING btree ("owner_key");--> statement-breakpoint
CREATE UNIQUE INDEX "saved_views_name" ON "saved_views" USING btree ("person_id","list","name");--> statement-breakpoint
CREATE INDEX "cards_search" ON "cards" USING gin ("search" gin_trgm_ops) WHERE not "cards"."voided";--> statement-breakpoint
CREATE INDEX "cards_group" ON "cards" USING btree ("owner_key","card_type",coalesce("usage", ''));--> statement-breakpoint
CREATE INDEX "cards_owner" ON "cards" USING btree ("owner_key","created_at","id");--> statement-breakpoint
CREATE INDEX "cards_created" ON "cards" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "determinations_created" ON "determinations" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "import_batches_scope" ON "import_batches" USING btree ("scope_key","created_at","id");--> statement-breakpoint
CREATE INDEX "import_mappings_unit" ON "import_mappings" USING btree ("unit_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "decisions_recorded" ON "decisions" USING btree ("recorded_at","id");--> statement-breakpoint
CREATE INDEX "restrictions_created" ON "restrictions" USING btree ("created_at","id");--> statement-breakpoint
ALTER TABLE "import_batches" ADD CONSTRAINT "import_batches_origin" CHECK ("import_batches"."origin" in ('file','edit'));--> statement-breakpoint
-- What a statement adds to a group; a group of many rows is folded into one.
CREATE FUNCTION add_card_sums(part card_sums) RETURNS void LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
declare
  gathered bigint[];
begin
  insert into card_sums (
    owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined, count, cost, cost_known,
    depreciation, depreciation_known, net_value, net_value_known, land_area, land_area_known, floor_area,
    floor_area_known, idle_area, idle_area_known, annual_rent, annual_rent_known, newest)
  values (
    part.owner_key, part.owner_unit_id, part.track, part.division_code, part.card_type, part.nature, part.usage,
    part.undetermined, part.count, part.cost, part.cost_known, part.depreciation, part.depreciation_known,
    part.net_value, part.net_value_known, part.land_area, part.land_area_known, part.floor_area,
    part.floor_area_known, part.idle_area, part.idle_area_known, part.annual_rent, part.annual_rent_known, part.newest);
  select array_agg(s.id) into gathered from card_sums s
  where s.owner_key = part.owner_key and s.division_code = part.division_code and s.card_type = part.card_type
    and s.nature is not distinct from part.nature and s.usage is not distinct from part.usage
    and s.undetermined = part.undetermined;
  if cardinality(gathered) <= 16 then
    return;
  end if;
  -- What somebody else is folding in this moment stays as it is.
  with taken as (
    delete from card_sums
    where id in (select s.id from card_sums s where s.id = any(gathered) for update skip locked)
    returning *)
  insert into card_sums (
    owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined, count, cost, cost_known,
    depreciation, depreciation_known, net_value, net_value_known, land_area, land_area_known, floor_area,
    floor_area_known, idle_area, idle_area_known, annual_rent, annual_rent_known, newest)
  select
    owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined, sum(count), sum(cost),
    sum(cost_known), sum(depreciation), sum(depreciation_known), sum(net_value), sum(net_value_known), sum(land_area),
    sum(land_area_known), sum(floor_area), sum(floor_area_known), sum(idle_area), sum(idle_area_known),
    sum(annual_rent), sum(annual_rent_known), max(newest)
  from taken group by owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined;
end
$$;--> statement-breakpoint
-- The same of whole scope keys, for all that one statement adds.
CREATE FUNCTION add_owner_sums(parts card_sums[]) RETURNS void LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
declare
  many bigint[];
begin
  insert into owner_sums (
    owner_key, owner_unit_id, track, count, cost, cost_known, net_value, net_value_known, land_area, land_area_known,
    floor_area, floor_area_known, newest)
  select
    owner_key, owner_unit_id, track, sum(count), sum(cost), sum(cost_known), sum(net_value), sum(net_value_known),
    sum(land_area), sum(land_area_known), sum(floor_area), sum(floor_area_known), max(newest)
  from unnest(parts) group by owner_key, owner_unit_id, track
  having row(sum(count), sum(cost), sum(cost_known), sum(net_value), sum(net_value_known),
      sum(land_area), sum(land_area_known), sum(floor_area), sum(floor_area_known))
    <> row(0, 0, 0, 0, 0, 0, 0, 0, 0);
  select array_agg(crowded.owner_key) into many from (
    select s.owner_key from owner_sums s
    where s.owner_key in (select p.owner_key from unnest(parts) p) group by s.owner_key having count(*) > 16) crowded;
  if many is null then
    return;
  end if;
  with taken as (
    delete from owner_sums
    where id in (select s.id from owner_sums s where s.owner_key = any(many) for update skip locked)
    returning *)
  insert into owner_sums (
    owner_key, owner_unit_id, track, count, cost, cost_known, net_value, net_value_known, land_area, land_area_known,
    floor_area, floor_area_known, newest)
  select
    owner_key, owner_unit_id, track, sum(count), sum(cost), sum(cost_known), sum(net_value), sum(net_value_known),
    sum(land_area), sum(land_area_known), sum(floor_area), sum(floor_area_known), max(newest)
  from taken group by owner_key, owner_unit_id, track;
end
$$;--> statement-breakpoint
CREATE FUNCTION add_sums(parts card_sums[]) RETURNS void LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
declare
  part card_sums;
begin
  foreach part in array coalesce(parts, '{}') loop
    if row(part.count, part.cost, part.cost_known, part.depreciation, part.depreciation_known,
      part.net_value, part.net_value_known, part.land_area, part.land_area_known, part.floor_area,
      part.floor_area_known, part.idle_area, part.idle_area_known, part.annual_rent, part.annual_rent_known)
      <> row(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    then
      perform add_card_sums(part);
    end if;
  end loop;
  perform add_owner_sums(parts);
end
$$;--> statement-breakpoint
CREATE FUNCTION sum_entered_cards() RETURNS trigger LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
begin
  perform add_sums(array(
    select row(
      0, m.owner_key, m.owner_unit_id, m.track, m.division_code, m.card_type, m.nature, m.usage, m.undetermined,
      count(*), coalesce(sum(m.cost), 0), count(m.cost), coalesce(sum(m.depreciation), 0), count(m.depreciation),
      coalesce(sum(m.net_value), 0), count(m.net_value), coalesce(sum(m.land_area), 0), count(m.land_area),
      coalesce(sum(m.floor_area), 0), count(m.floor_area), coalesce(sum(m.idle_area), 0), count(m.idle_area),
      coalesce(sum(m.annual_rent), 0), count(m.annual_rent), max(m.created_at))::card_sums
    from entered m where not m.voided group by m.owner_key, m.owner_unit_id, m.track, m.division_code, m.card_type, m.nature, m.usage, m.undetermined));
  return null;
end
$$;--> statement-breakpoint
CREATE FUNCTION sum_changed_cards() RETURNS trigger LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
begin
  perform add_sums(array(
    select row(
      0, m.owner_key, m.owner_unit_id, m.track, m.division_code, m.card_type, m.nature, m.usage, m.undetermined,
      sum(m.sign), coalesce(sum(m.sign * m.cost), 0), sum(m.sign * (m.cost is not null)::integer),
      coalesce(sum(m.sign * m.depreciation), 0), sum(m.sign * (m.depreciation is not null)::integer),
      coalesce(sum(m.sign * m.net_value), 0), sum(m.sign * (m.net_value is not null)::integer),
      coalesce(sum(m.sign * m.land_area), 0), sum(m.sign * (m.land_area is not null)::integer),
      coalesce(sum(m.sign * m.floor_area), 0), sum(m.sign * (m.floor_area is not null)::integer),
      coalesce(sum(m.sign * m.idle_area), 0), sum(m.sign * (m.idle_area is not null)::integer),
      coalesce(sum(m.sign * m.annual_rent), 0), sum(m.sign * (m.annual_rent is not null)::integer), max(m.created_at))::card_sums
    from (select 1 as sign, after.* from after union all select -1, before.* from before) m
    where not m.voided group by m.owner_key, m.owner_unit_id, m.track, m.division_code, m.card_type, m.nature, m.usage, m.undetermined));
  return null;
end
$$;--> statement-breakpoint
CREATE TRIGGER "cards_entered_summed" AFTER INSERT ON "cards" REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION sum_entered_cards();--> statement-breakpoint
CREATE TRIGGER "cards_changed_summed" AFTER UPDATE ON "cards" REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION sum_changed_cards();--> statement-breakpoint
SELECT add_sums(array(
  select row(
    0, m.owner_key, m.owner_unit_id, m.track, m.division_code, m.card_type, m.nature, m.usage, m.undetermined,
    count(*), coalesce(sum(m.cost), 0), count(m.cost), coalesce(sum(m.depreciation), 0), count(m.depreciation),
    coalesce(sum(m.net_value), 0), count(m.net_value), coalesce(sum(m.land_area), 0), count(m.land_area),
    coalesce(sum(m.floor_area), 0), count(m.floor_area), coalesce(sum(m.idle_area), 0), count(m.idle_area),
    coalesce(sum(m.annual_rent), 0), count(m.annual_rent), max(m.created_at))::card_sums
  from "cards" m where not m.voided group by m.owner_key, m.owner_unit_id, m.track, m.division_code, m.card_type, m.nature, m.usage, m.undetermined));
