import { type SQL, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import type { EventDetail } from '../../db/schema/kernel.ts'
import type { Problem } from '../kernel/errors.ts'
import { containing } from '../kernel/filter.ts'
import { keyset, type Page, type Place, paged, pageSize } from '../kernel/paging.ts'
import { isDay } from '../kernel/partial-date.ts'
import { aboutSubject, isFailure, kinds, subjectKind, subjectText } from './kinds.ts'

const text = Type.Optional(Type.String({ maxLength: 100 }))
/** What the log can be narrowed to; the page, its neighbours and the export read the same. */
export const AuditFilter = Type.Object(
  { from: text, to: text, who: text, kind: text, result: text, q: text, after: text, before: text },
  { additionalProperties: false },
)
export type AuditFilter = { [K in 'from' | 'to' | 'who' | 'kind' | 'result' | 'q' | 'after' | 'before']?: string }

export type AuditLine = {
  id: string
  at: string
  who: string
  account: string | null
  unit: string
  action: string
  kind: string
  subject: string
  failed: boolean
  effectiveOn: string | null
  comment: string | null
  detail: EventDetail
  requestId: string | null
}

const line = sql`e.id::text as id, e.at::text as at, e.actor_name as who, a.account, e.actor_unit_name as unit, e.action,
  ${subjectKind} as kind, ${subjectText} as subject, ${isFailure} as failed, e.effective_on::text as "effectiveOn",
  e.comment, e.detail, e.request_id as "requestId"`
const source = sql`from events e left join people a on a.id = e.actor_id`
const order = { by: sql`e.at`, type: 'timestamptz', id: sql`e.id`, descending: true } as const

/** One page of the log, newest first. */
export async function auditPage(tx: Tx, filter: AuditFilter, place: Place): Promise<Page<AuditLine>> {
  const { where, orderBy } = keyset(order, place)
  const found = await tx.execute<AuditLine>(sql`
    select ${line} ${source} where ${conditions(filter)} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageSize + 1}`)
  return paged([...found], place, ({ at, id }) => ({ value: at, id }))
}

/** Everything the filter finds, newest first; for a cursor. */
export function auditRows(filter: AuditFilter): SQL {
  return sql`select ${line} ${source} where ${conditions(filter)} order by e.at desc, e.id desc`
}

export async function auditEvent(tx: Tx, id: string): Promise<AuditLine | undefined> {
  const [found] = await tx.execute<AuditLine>(sql`select ${line} ${source} where e.id = ${id}`)
  return found
}

export type Names = { units: ReadonlyMap<string, string>; divisions: ReadonlyMap<string, string> }

/** What units and divisions are called now, for the changes that name them by id and code. */
export async function namesOf(tx: Tx): Promise<Names> {
  const units = await tx.execute<{ id: string; name: string }>(sql`
    select distinct on (unit_id) unit_id::text as id, name from unit_periods order by unit_id, valid_from desc`)
  const divisions = await tx.execute<{ id: string; name: string }>(sql`select code as id, name from divisions`)
  const mapped = (rows: readonly { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]))
  return { units: mapped(units), divisions: mapped(divisions) }
}

/** The moment of the oldest event. */
export async function logBegins(tx: Tx): Promise<string | null> {
  const [first] = await tx.execute<{ at: string | null }>(sql`select min(at)::text as at from events`)
  return first?.at ?? null
}

export function filterProblems({ from, to }: AuditFilter): Problem[] {
  const problems: Problem[] = []
  for (const [field, label, day] of [
    ['from', '从', from],
    ['to', '到', to],
  ] as const) {
    if (day && !isDay(day)) problems.push({ field, text: `“${label}”要写到日，如 2026-03-10。` })
  }
  if (problems.length === 0 && from && to && from > to) {
    problems.push({ field: 'to', text: '结束的日期早于开始的日期，请对调。' })
  }
  return problems
}

function conditions({ from, to, who, kind, result, q }: AuditFilter): SQL {
  const all: SQL[] = [sql`true`]
  if (from) all.push(sql`e.at >= ${from}::timestamp at time zone 'Asia/Shanghai'`)
  if (to) all.push(sql`e.at < (${to}::date + 1)::timestamp at time zone 'Asia/Shanghai'`)
  if (who?.trim()) {
    const pattern = containing(who.trim())
    all.push(sql`(e.actor_name like ${pattern} or e.actor_id in (
      select id from people where name like ${pattern} or account like ${pattern.toLowerCase()}))`)
  }
  const chosen = kinds.find(({ value }) => value === kind)
  if (chosen) all.push(chosen.where)
  if (result === 'failed') all.push(isFailure)
  if (result === 'done') all.push(sql`not ${isFailure}`)
  if (q?.trim()) all.push(aboutSubject(containing(q.trim())))
  return sql.join(all, sql` and `)
}
