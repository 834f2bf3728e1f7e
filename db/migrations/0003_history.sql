DROP VIEW "card_history";--> statement-breakpoint
CREATE VIEW "card_history" WITH (security_invoker = true) AS
SELECT
  c.id AS card_id, c.code, v.valid_from, v.valid_to,
  v.name, v.track, v.nature, v.card_type, v.class_code, v.class_standard, v.original_code, v.external_code,
  v.owner_unit_id, v.owner_key, v.user_unit_id, v.user_key, v.undetermined, v.original_unit, v.division_code,
  v.location, v.structure, v.specification, v.acquired_on, v.acquired_precision, v.land_area, v.floor_area,
  v.idle_area, v.quantity, v.unit_of_measure, v.cost, v.depreciation, v.net_value, v.values_on, v.value_kind,
  v.source, v.title_kind, v.certificate, v.usage, v.idle_since, v.idle_precision, v.safety_grade, v.lessee,
  v.lease_term, v.annual_rent, v.keeper, v.voucher_no, v.problem, v.remark, v.details, v.extra, v.written, v.parts, v.voided,
  v.version, v.recorded_at, c.created_at
FROM card_versions v JOIN cards c ON c.id = v.card_id
UNION ALL
SELECT
  c.id, c.code, c.valid_from, NULL,
  c.name, c.track, c.nature, c.card_type, c.class_code, c.class_standard, c.original_code, c.external_code,
  c.owner_unit_id, c.owner_key, c.user_unit_id, c.user_key, c.undetermined, c.original_unit, c.division_code,
  c.location, c.structure, c.specification, c.acquired_on, c.acquired_precision, c.land_area, c.floor_area,
  c.idle_area, c.quantity, c.unit_of_measure, c.cost, c.depreciation, c.net_value, c.values_on, c.value_kind,
  c.source, c.title_kind, c.certificate, c.usage, c.idle_since, c.idle_precision, c.safety_grade, c.lessee,
  c.lease_term, c.annual_rent, c.keeper, c.voucher_no, c.problem, c.remark, c.details, c.extra, c.written, c.parts, c.voided,
  c.version, c.updated_at, c.created_at
FROM cards c;
