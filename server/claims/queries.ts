import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { claims } from '../../db/schema/claims.ts'
import { within } from '../access/scope.ts'
import type { Actor } from '../kernel/actor.ts'
import { NotFound } from '../kernel/errors.ts'
import { containing } from '../kernel/filter.ts'
import { keyset, type Place, paged, pageSize } from '../kernel/paging.ts'
import type { Claim } from './claim.ts'

/** What the list and its workbook can be narrowed to. */
export type ClaimFilter = {
  q?: string | undefined
  kind?: string | undefined
  category?: string | undefined
  unit?: string | undefined
  state?: string | undefined
}

export const claimStates = {
  open: { label: '未了结', where: sql`k.ended_on is null and not k.voided` },
  ended: { label: '已了结', where: sql`k.ended_on is not null and not k.voided` },
  voided: { label: '已作废', where: sql`k.voided` },
} as const satisfies Record<string, { label: string; where: SQL }>
export type ClaimState = keyof typeof claimStates

export function stateOf({ endedOn, voided }: Pick<Claim, 'endedOn' | 'voided'>): { label: string; tone: string } {
  if (voided) return { label: claimStates.voided.label, tone: 'neutral' }
  return endedOn === null ? { label: claimStates.open.label, tone: 'info' } : { label: '已了结', tone: 'success' }
}

export type ClaimRow = Pick<
  Claim,
  | 'id'
  | 'no'
  | 'kind'
  | 'category'
  | 'counterparty'
  | 'amount'
  | 'occurredOn'
  | 'occurredPrecision'
  | 'purpose'
  | 'dueOn'
  | 'voucherNo'
  | 'remark'
  | 'endedOn'
  | 'voided'
> & { unit: string }

export async function listClaims(tx: Tx, actor: Actor, filter: ClaimFilter & Place, today: string) {
  const order = { by: sql`k.created_at`, type: 'timestamptz', id: sql`k.id`, descending: true } as const
  const { where, orderBy } = keyset(order, filter)
  const rows = await tx.execute<ClaimRow & { createdAt: string }>(sql`
    select ${rowColumns} ${fromClaims(today)} where ${matching(actor, filter)} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageSize + 1}`)
  return paged([...rows], filter, (row) => ({ value: row.createdAt, id: row.id }))
}

/** Sums of what a filter finds, claims and debts apart. */
export async function claimSums(tx: Tx, actor: Actor, filter: ClaimFilter, today: string) {
  const [sums] = await tx.execute<{ claims: number; claimed: string; debts: number; owed: string }>(sql`
    select count(*) filter (where k.kind = 'claim')::int as claims,
      coalesce(sum(k.amount) filter (where k.kind = 'claim'), 0)::text as claimed,
      count(*) filter (where k.kind = 'debt')::int as debts,
      coalesce(sum(k.amount) filter (where k.kind = 'debt'), 0)::text as owed
    ${fromClaims(today)} where ${matching(actor, filter)}`)
  return sums ?? { claims: 0, claimed: '0', debts: 0, owed: '0' }
}

/** All that a filter finds, unit by unit, as the workbook lists it. */
export function claimRows(actor: Actor, filter: ClaimFilter, today: string): SQL {
  return sql`
    select ${rowColumns} ${fromClaims(today)} where ${matching(actor, filter)}
    order by p.name, k.unit_id, k.kind, k.category, k.id`
}

/** A claim for whoever reads for its unit. */
export async function findClaim(tx: Tx, actor: Actor, no: string, today: string): Promise<Claim & { unit: string }> {
  const [claim] = await tx
    .select()
    .from(claims)
    .where(and(eq(claims.no, no), within(actor, claims.scopeKey)))
  if (!claim) throw new NotFound()
  const [named] = await tx.execute<{ name: string }>(sql`
    select p.name from unit_periods p where p.unit_id = ${claim.unitId}
    order by (p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})) desc, p.valid_from desc limit 1`)
  return { ...claim, unit: named?.name ?? '' }
}

const rowColumns = sql`k.id::text as id, k.no, k.kind, k.category, k.counterparty, k.amount::text as amount,
  k.occurred_on::text as "occurredOn", k.occurred_precision as "occurredPrecision", k.purpose, k.due_on::text as "dueOn",
  k.voucher_no as "voucherNo", k.remark, k.ended_on::text as "endedOn", k.voided, p.name as unit,
  k.created_at::text as "createdAt"`

/** Each with the name of its unit today; one that is closed has its last. */
function fromClaims(today: string): SQL {
  return sql`from claims k join lateral (
    select p.name from unit_periods p where p.unit_id = k.unit_id and p.valid_from <= ${today}
    order by p.valid_from desc limit 1) p on true join units u on u.id = k.unit_id`
}

function matching(actor: Actor, { q, kind, category, unit, state }: ClaimFilter): SQL {
  const text = q?.trim()
  const like = text ? containing(text) : ''
  const conditions = [
    within(actor, sql`k.scope_key`),
    claimStates[state as ClaimState]?.where ?? (state === 'all' ? sql`true` : claimStates.open.where),
    ...(kind ? [sql`k.kind = ${kind}`] : []),
    ...(category ? [sql`k.category = ${category}`] : []),
    ...(unit ? [sql`u.code = ${unit}`] : []),
    ...(text
      ? [
          sql`(k.counterparty ilike ${like} or k.purpose ilike ${like} or k.no ilike ${like} or k.voucher_no ilike ${like}
            or p.name ilike ${like})`,
        ]
      : []),
  ]
  return sql.join(conditions, sql` and `)
}
