import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { names } from '../../../db/sql.ts'
import { claimKinds } from '../../../imports/sheets/claim-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import { within } from '../../access/scope.ts'
import type { Actor } from '../../kernel/actor.ts'
import { keyset, type Place, paged } from '../../kernel/paging.ts'
import type { ClaimLine } from './actions.ts'

/** What a unit says of claim line l; the same text means the same finding. */
export const saidOfClaim = sql`jsonb_build_object('counted', l.counted_amount, 'reason', l.reason, 'remark', l.remark,
  'found', case when l.claim_id is null then jsonb_build_array(l.category, l.counterparty, l.occurred_on, l.purpose) end)`

/** The ledger has changed since the unit looked at the line; speaks of line l and claim k. */
export const claimMoved = sql`(l.claim_id is not null and l.claim_version <> k.version)`

/** What the list can be narrowed to. */
export const claimShows = {
  open: { label: '未核对', where: sql`l.counted_amount is null` },
  returned: { label: '被退回', where: sql`l.returned is not null` },
  moved: { label: '台账有变动', where: claimMoved },
  differing: { label: '有差额', where: sql`l.counted_amount <> l.book_amount` },
  found: { label: '账外', where: sql`l.claim_id is null` },
  again: { label: '与上次提交不同', where: sql`l.handed_in is distinct from ${saidOfClaim}` },
} as const satisfies Record<string, { label: string; where: SQL }>
export type ClaimShow = keyof typeof claimShows

export type ClaimLineRow = ClaimLine & { no_: string | null; now: string | null; moved: boolean }

const pageLines = 50
const columns = sql`l.id::text as id, l.no, l.claim_id::text as "claimId", l.kind, l.category, l.counterparty,
  l.occurred_on::text as "occurredOn", l.occurred_precision as "occurredPrecision", l.purpose,
  l.book_amount::text as "bookAmount", l.counted_amount::text as "countedAmount", l.reason, l.remark, l.returned,
  l.counted_name as "countedName", l.counted_at::text as "countedAt", l.version, k.no as "no_", k.amount::text as now,
  ${claimMoved} as moved`
const from = sql`from claim_lines l left join claims k on k.id = l.claim_id`

/** One page of the claims and debts of a count that was found within the actor's scope. */
export async function listClaimLines(tx: Tx, countId: string, filter: { show?: string | undefined } & Place) {
  const order = { by: sql`l.no::numeric`, type: 'numeric', id: sql`l.id`, descending: false } as const
  const { where, orderBy } = keyset(order, filter)
  const shown = claimShows[filter.show as ClaimShow]?.where ?? sql`true`
  const rows = await tx.execute<ClaimLineRow>(sql`
    select ${columns} ${from} where l.count_id = ${countId} and ${shown} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageLines + 1}`)
  return paged([...rows], filter, (row) => ({ value: String(row.no), id: row.id }), pageLines)
}

export async function claimLineRow(tx: Tx, countId: string, no: number): Promise<ClaimLineRow | undefined> {
  const [row] = await tx.execute<ClaimLineRow>(
    sql`select ${columns} ${from} where l.count_id = ${countId} and l.no = ${no}`,
  )
  return row
}

export type ClaimFigures = {
  kind: 'claim' | 'debt'
  lines: number
  open: number
  booked: string
  counted: string
  differing: number
}

/** What the claims and the debts of a count come to; and how many lines each tab has. */
export async function claimFigures(tx: Tx, countId: string) {
  const sums = await tx.execute<ClaimFigures>(sql`
    select l.kind, count(*)::int as lines, count(*) filter (where l.counted_amount is null)::int as open,
      sum(l.book_amount)::text as booked, coalesce(sum(l.counted_amount), 0)::text as counted,
      count(*) filter (where l.counted_amount <> l.book_amount)::int as differing
    ${from} where l.count_id = ${countId} group by l.kind order by l.kind`)
  const counted = Object.entries(claimShows).map(
    ([key, { where }]) => sql`count(*) filter (where ${where})::int as ${names([key])}`,
  )
  const [tabs] = await tx.execute<Record<ClaimShow | 'all', number>>(sql`
    select count(*)::int as "all", ${sql.join(counted, sql`, `)} ${from} where l.count_id = ${countId}`)
  return { sums: [...sums], tabs: tabs as Record<ClaimShow | 'all', number> }
}

/** What the claims and the debts of a compilation's counts come to, unit by unit, as far as the actor reads them. */
export async function claimSumsOf(tx: Tx, compilationId: string, actor: Actor) {
  const rows = await tx.execute<Omit<ClaimFigures, 'open'> & { unit: string }>(sql`
    select t.unit_name as unit, l.kind, count(*)::int as lines, sum(l.book_amount)::text as booked,
      coalesce(sum(l.counted_amount), 0)::text as counted,
      count(*) filter (where l.counted_amount <> l.book_amount)::int as differing
    from counts t join claim_lines l on l.count_id = t.id
    where t.compilation_id = ${compilationId} and ${within(actor, sql`t.scope_key`)}
    group by t.unit_code, t.unit_name, l.kind order by t.unit_code, l.kind`)
  return rows.map(({ kind, ...row }) => ({ ...row, kind: choiceLabel(claimKinds, kind) }))
}
