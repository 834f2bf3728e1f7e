ALTER TABLE "cards" ADD COLUMN "search" text GENERATED ALWAYS AS (regexp_replace(lower(replace(normalize(coalesce(name, '') || chr(31) || coalesce(location, '') || chr(31) || coalesce(code, '') || chr(31) || coalesce(original_code, '') || chr(31) || coalesce(certificate, ''), NFKC), ' ', '')), '([^\x01-\x7e])', '\1\1', 'g')) STORED NOT NULL;--> statement-breakpoint
DELETE FROM "card_sums";--> statement-breakpoint
ALTER TABLE "card_sums" ADD COLUMN "newest" timestamp with time zone NOT NULL;--> statement-breakpoint
-- What a statement adds to a group; a group of many rows is folded into one.
CREATE OR REPLACE FUNCTION add_card_sums(part card_sums) RETURNS void LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
declare
  gathered bigint[];
begin
  if row(part.count, part.cost, part.cost_known, part.depreciation, part.depreciation_known, part.net_value,
    part.net_value_known, part.land_area, part.land_area_known, part.floor_area, part.floor_area_known,
    part.idle_area, part.idle_area_known, part.annual_rent, part.annual_rent_known)
    = row(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
  then
    return;
  end if;
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
    sum(cost_known), sum(depreciation), sum(depreciation_known), sum(net_value), sum(net_value_known),
    sum(land_area), sum(land_area_known), sum(floor_area), sum(floor_area_known), sum(idle_area),
    sum(idle_area_known), sum(annual_rent), sum(annual_rent_known), max(newest)
  from taken group by owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined;
end
$$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION sum_entered_cards() RETURNS trigger LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
declare
  part card_sums;
begin
  for part in
    select 0, m.owner_key, m.owner_unit_id, m.track, m.division_code, m.card_type,
      m.nature, m.usage, m.undetermined,
      count(*), coalesce(sum(m.cost), 0), count(m.cost), coalesce(sum(m.depreciation), 0), count(m.depreciation),
      coalesce(sum(m.net_value), 0), count(m.net_value), coalesce(sum(m.land_area), 0), count(m.land_area),
      coalesce(sum(m.floor_area), 0), count(m.floor_area), coalesce(sum(m.idle_area), 0), count(m.idle_area),
      coalesce(sum(m.annual_rent), 0), count(m.annual_rent), max(m.created_at)
    from entered m where not m.voided group by 2, 3, 4, 5, 6, 7, 8, 9
  loop
    perform add_card_sums(part);
  end loop;
  return null;
end
$$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION sum_changed_cards() RETURNS trigger LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
declare
  part card_sums;
begin
  for part in
    select 0, m.owner_key, m.owner_unit_id, m.track, m.division_code, m.card_type,
      m.nature, m.usage, m.undetermined,
      sum(m.sign), coalesce(sum(m.sign * m.cost), 0), sum(m.sign * (m.cost is not null)::integer),
      coalesce(sum(m.sign * m.depreciation), 0), sum(m.sign * (m.depreciation is not null)::integer),
      coalesce(sum(m.sign * m.net_value), 0), sum(m.sign * (m.net_value is not null)::integer),
      coalesce(sum(m.sign * m.land_area), 0), sum(m.sign * (m.land_area is not null)::integer),
      coalesce(sum(m.sign * m.floor_area), 0), sum(m.sign * (m.floor_area is not null)::integer),
      coalesce(sum(m.sign * m.idle_area), 0), sum(m.sign * (m.idle_area is not null)::integer),
      coalesce(sum(m.sign * m.annual_rent), 0), sum(m.sign * (m.annual_rent is not null)::integer),
      max(m.created_at)
    from (select 1 as sign, after.* from after union all select -1, before.* from before) m
    where not m.voided group by 2, 3, 4, 5, 6, 7, 8, 9
  loop
    perform add_card_sums(part);
  end loop;
  return null;
end
$$;--> statement-breakpoint
INSERT INTO "card_sums" (
  owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined, count, cost, cost_known,
  depreciation, depreciation_known, net_value, net_value_known, land_area, land_area_known, floor_area,
  floor_area_known, idle_area, idle_area_known, annual_rent, annual_rent_known, newest)
SELECT
  owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined, count(*),
  coalesce(sum(cost), 0), count(cost), coalesce(sum(depreciation), 0), count(depreciation),
  coalesce(sum(net_value), 0), count(net_value), coalesce(sum(land_area), 0), count(land_area),
  coalesce(sum(floor_area), 0), count(floor_area), coalesce(sum(idle_area), 0), count(idle_area),
  coalesce(sum(annual_rent), 0), count(annual_rent), max(created_at)
FROM "cards" WHERE NOT voided GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;--> statement-breakpoint
CREATE INDEX "cards_search" ON "cards" USING gin ("search" gin_trgm_ops) WHERE not "cards"."voided";--> statement-breakpoint
CREATE INDEX "cards_group" ON "cards" USING btree ("owner_key","card_type",coalesce("usage", ''));--> statement-breakpoint
-- Descending with nulls last serves no list: ascending ones are read backwards.
DROP INDEX "cards_owner";--> statement-breakpoint
DROP INDEX "cards_created";--> statement-breakpoint
DROP INDEX "determinations_created";--> statement-breakpoint
DROP INDEX "import_batches_scope";--> statement-breakpoint
DROP INDEX "import_mappings_unit";--> statement-breakpoint
DROP INDEX "decisions_recorded";--> statement-breakpoint
DROP INDEX "restrictions_created";--> statement-breakpoint
CREATE INDEX "card_sums_kind" ON "card_sums" USING btree ("card_type","usage");--> statement-breakpoint
CREATE INDEX "cards_owner" ON "cards" USING btree ("owner_key","created_at","id");--> statement-breakpoint
CREATE INDEX "cards_created" ON "cards" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "determinations_created" ON "determinations" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "import_batches_scope" ON "import_batches" USING btree ("scope_key","created_at","id");--> statement-breakpoint
CREATE INDEX "import_mappings_unit" ON "import_mappings" USING btree ("unit_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "decisions_recorded" ON "decisions" USING btree ("recorded_at","id");--> statement-breakpoint
CREATE INDEX "restrictions_created" ON "restrictions" USING btree ("created_at","id");
