import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { keyset, type Page, type Place, paged } from '../../kernel/paging.ts'

export const shows = { open: '没有对上', matched: '已对应', settled: '已写去向', all: '全部' } as const
export type Show = keyof typeof shows

const conditions: Record<Show, SQL> = {
  open: sql`b.line_id is null and b.settled_reason is null`,
  matched: sql`b.line_id is not null`,
  settled: sql`b.settled_reason is not null`,
  all: sql`true`,
}

export type EntryRow = {
  id: string
  no: number
  version: number
  name: string
  originalCode: string | null
  certificate: string | null
  location: string | null
  acquiredOn: string | null
  acquiredPrecision: string | null
  quantity: string | null
  unitOfMeasure: string | null
  area: string | null
  cost: string | null
  remark: string | null
  lineNo: number | null
  lineName: string | null
  matchedBy: 'exact' | 'alike' | 'hand' | null
  settledReason: string | null
}

const columns = sql`b.id::text, b.no, b.version, b.name, b.original_code as "originalCode", b.certificate, b.location,
  b.acquired_on::text as "acquiredOn", b.acquired_precision as "acquiredPrecision", b.quantity::text, b.unit_of_measure as "unitOfMeasure",
  b.area::text, b.cost::text, b.remark, l.no as "lineNo", l.name as "lineName", b.matched_by as "matchedBy",
  b.settled_reason as "settledReason"`
const entries = sql`baseline_lines b left join count_lines l on l.id = b.line_id`

/** Entries of a count's baseline; the caller has found the count in the actor's scope. */
export async function listEntries(tx: Tx, countId: string, show: Show, place: Place): Promise<Page<EntryRow>> {
  const { where, orderBy } = keyset({ by: sql`b.no`, type: 'numeric', id: sql`b.id`, descending: false }, place)
  const rows = await tx.execute<EntryRow>(sql`
    select ${columns} from ${entries}
    where b.count_id = ${countId} and ${conditions[show]} and ${where ?? sql`true`} order by ${orderBy} limit 51`)
  return paged([...rows], place, ({ no, id }) => ({ value: String(no), id }))
}

export async function findEntry(tx: Tx, countId: string, no: number): Promise<EntryRow | undefined> {
  const [row] = await tx.execute<EntryRow>(
    sql`select ${columns} from ${entries} where b.count_id = ${countId} and b.no = ${no}`,
  )
  return row
}

export async function entryCounts(tx: Tx, countId: string): Promise<Record<Show, number>> {
  const [counts] = await tx.execute<Record<Show, number>>(sql`
    select count(*) filter (where ${conditions.open})::int as open, count(*) filter (where ${conditions.matched})::int as matched,
      count(*) filter (where ${conditions.settled})::int as settled, count(*)::int as all
    from baseline_lines b where b.count_id = ${countId}`)
  return counts ?? { open: 0, matched: 0, settled: 0, all: 0 }
}

export type LineChoice = {
  no: number
  code: string | null
  name: string
  location: string | null
  cost: string | null
  area: string | null
}

/** Lines that no entry has yet: those with the words searched for, or else those that are most like the entry. */
export async function lineChoices(tx: Tx, countId: string, entry: EntryRow, words: string): Promise<LineChoice[]> {
  const text = `%${words.trim().replaceAll(/[\\%_]/g, '\\$&')}%`
  const found = words.trim()
    ? sql`concat_ws(' ', l.name, l.code, l.original_code, l.location, l.certificate) ilike ${text}`
    : sql`true`
  return tx.execute<LineChoice>(sql`
    select l.no, l.code, l.name, l.location, coalesce(l.book_cost, l.surplus_cost)::text as cost,
      coalesce(l.floor_area, l.land_area)::text as area
    from count_lines l
    where l.count_id = ${countId} and ${found} and not exists (select from baseline_lines o where o.line_id = l.id)
    order by (l.name = ${entry.name}) desc, (position(left(${entry.name}, 2) in l.name) > 0) desc,
      (l.location is not distinct from ${entry.location}) desc, (l.book_cost is not distinct from ${entry.cost}::numeric) desc, l.no
    limit 12`)
}

export type Addition = { source: string | null; lines: number; quantity: string; cost: string | null; undated: number }

/**
 * Whether line l of call c came after its census: acquired since, or no entry of the baseline is it, where the unit has one.
 */
export const isAddition = sql`(coalesce(l.acquired_on > c.baseline_on, false)
  or exists (select from baseline_lines b where b.count_id = l.count_id)
    and not exists (select from baseline_lines b where b.line_id = l.id))`

/** What a count has beyond its baseline, by source. */
export async function additionsOf(tx: Tx, countId: string): Promise<Addition[]> {
  return tx.execute<Addition>(sql`
    select l.source, count(*)::int as lines,
      trim_scale(sum(coalesce(l.counted_quantity, l.book_quantity)))::text as quantity,
      sum(coalesce(l.book_cost, 0) + coalesce(l.surplus_cost, 0) - coalesce(l.missing_cost, 0))::text as cost,
      count(*) filter (where l.acquired_on is null)::int as undated
    from count_lines l join counts t on t.id = l.count_id join calls c on c.id = t.call_id
    where l.count_id = ${countId} and ${isAddition}
      and l.counted_quantity is distinct from 0
    group by 1
    order by array_position(array['government', 'tax_relief', 'donation']::text[], l.source), 1 nulls last`)
}
