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
	"annual_rent_known" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "card_sums_group" ON "card_sums" USING btree ("owner_key","division_code","card_type");--> statement-breakpoint
-- What a statement adds to a group; a group of many rows is folded into one.
CREATE FUNCTION add_card_sums(part card_sums) RETURNS void LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
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
    floor_area_known, idle_area, idle_area_known, annual_rent, annual_rent_known)
  values (
    part.owner_key, part.owner_unit_id, part.track, part.division_code, part.card_type, part.nature, part.usage,
    part.undetermined, part.count, part.cost, part.cost_known, part.depreciation, part.depreciation_known,
    part.net_value, part.net_value_known, part.land_area, part.land_area_known, part.floor_area,
    part.floor_area_known, part.idle_area, part.idle_area_known, part.annual_rent, part.annual_rent_known);
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
    floor_area_known, idle_area, idle_area_known, annual_rent, annual_rent_known)
  select
    owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined, sum(count), sum(cost),
    sum(cost_known), sum(depreciation), sum(depreciation_known), sum(net_value), sum(net_value_known),
    sum(land_area), sum(land_area_known), sum(floor_area), sum(floor_area_known), sum(idle_area),
    sum(idle_area_known), sum(annual_rent), sum(annual_rent_known)
  from taken group by owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined;
end
$$;--> statement-breakpoint
CREATE FUNCTION sum_entered_cards() RETURNS trigger LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
declare
  part card_sums;
begin
  for part in
    select 0, m.owner_key, m.owner_unit_id, m.track, m.division_code, m.card_type,
      m.nature, m.usage, m.undetermined,
      count(*), coalesce(sum(m.cost), 0), count(m.cost), coalesce(sum(m.depreciation), 0), count(m.depreciation),
      coalesce(sum(m.net_value), 0), count(m.net_value), coalesce(sum(m.land_area), 0), count(m.land_area),
      coalesce(sum(m.floor_area), 0), count(m.floor_area), coalesce(sum(m.idle_area), 0), count(m.idle_area),
      coalesce(sum(m.annual_rent), 0), count(m.annual_rent)
    from entered m where not m.voided group by 2, 3, 4, 5, 6, 7, 8, 9
  loop
    perform add_card_sums(part);
  end loop;
  return null;
end
$$;--> statement-breakpoint
CREATE FUNCTION sum_changed_cards() RETURNS trigger LANGUAGE plpgsql SET search_path = __SCHEMA__, public AS $$
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
      coalesce(sum(m.sign * m.annual_rent), 0), sum(m.sign * (m.annual_rent is not null)::integer)
    from (select 1 as sign, after.* from after union all select -1, before.* from before) m
    where not m.voided group by 2, 3, 4, 5, 6, 7, 8, 9
  loop
    perform add_card_sums(part);
  end loop;
  return null;
end
$$;--> statement-breakpoint
CREATE TRIGGER "cards_entered_summed" AFTER INSERT ON "cards" REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION sum_entered_cards();--> statement-breakpoint
CREATE TRIGGER "cards_changed_summed" AFTER UPDATE ON "cards" REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION sum_changed_cards();--> statement-breakpoint
INSERT INTO "card_sums" (
  owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined, count, cost, cost_known,
  depreciation, depreciation_known, net_value, net_value_known, land_area, land_area_known, floor_area,
  floor_area_known, idle_area, idle_area_known, annual_rent, annual_rent_known)
SELECT
  owner_key, owner_unit_id, track, division_code, card_type, nature, usage, undetermined, count(*),
  coalesce(sum(cost), 0), count(cost), coalesce(sum(depreciation), 0), count(depreciation),
  coalesce(sum(net_value), 0), count(net_value), coalesce(sum(land_area), 0), count(land_area),
  coalesce(sum(floor_area), 0), count(floor_area), coalesce(sum(idle_area), 0), count(idle_area),
  coalesce(sum(annual_rent), 0), count(annual_rent)
FROM "cards" WHERE NOT voided GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
