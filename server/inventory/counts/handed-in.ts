import { sql } from 'drizzle-orm'

/** What a unit says of line l; the same text means the same finding. */
export const saidOfLine = sql`jsonb_build_object(
  'counted', l.counted_quantity, 'scrap', l.scrap_quantity, 'undetermined', l.undetermined_quantity,
  'missingReason', l.missing_reason, 'scrapReason', l.scrap_reason, 'undeterminedReason', l.undetermined_reason,
  'cost', l.surplus_cost, 'depreciation', l.surplus_depreciation, 'basis', l.value_basis,
  'name', case l.origin when 'surplus' then l.name end, 'changes', l.changes, 'condition', l.condition, 'remark', l.remark)`

/** Lines that differ from what was handed in before, l; surpluses that are new among them. */
export const differsFromBefore = sql`l.handed_in is distinct from ${saidOfLine}`
