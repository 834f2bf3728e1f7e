import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { publicNotices } from '../../db/schema/notices.ts'
import { amongParties } from '../access/scope.ts'
import { doneBy } from '../kernel/act.ts'
import { type Actor, holds, scopeKey, type Track } from '../kernel/actor.ts'
import { NotFound } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { keyset, type Place, paged, pageSize } from '../kernel/paging.ts'
import { addDays } from './calendar.ts'
import type { Notice } from './notice-workflow.ts'

export async function loadNotice(tx: Tx, { actor, clock }: Acting, id: string): Promise<Notice | undefined> {
  return noticeWhere(
    tx,
    sql`${publicNotices.id} = ${id} and ${amongParties(actor, publicNotices.partyKeys)}`,
    clock.today(),
  )
}

export async function findNotice(tx: Tx, { actor, clock }: Acting, no: string): Promise<Notice> {
  const where = sql`${publicNotices.no} = ${no} and ${amongParties(actor, publicNotices.partyKeys)}`
  const notice = await noticeWhere(tx, where, clock.today())
  if (!notice) throw new NotFound()
  return notice
}

/** Ended notices stay to be read for so long. */
const shownDays = 365

/** A notice as everybody may read it: up, or ended not long ago. */
export async function findPublicNotice(tx: Tx, no: string, today: string): Promise<Notice> {
  const where = sql`${publicNotices.no} = ${no} and ${isPublic(today)}`
  const notice = await noticeWhere(tx, where, today)
  if (!notice) throw new NotFound()
  return notice
}

function isPublic(today: string): SQL {
  return sql`${publicNotices.state} <> 'withdrawn' and ${publicNotices.endsOn} >= ${addDays(today, -shownDays)}`
}

async function noticeWhere(tx: Tx, where: SQL, today: string): Promise<Notice | undefined> {
  const [row] = await tx.select().from(publicNotices).where(where)
  if (!row) return undefined
  const [beside] = await tx.execute<{ rows: number; objections: number; open: number; count: string | null }>(sql`
    select (select count(*)::int from public_notice_rows r where r.notice_id = ${row.id}) as rows,
      (select count(*)::int from objections o where o.notice_id = ${row.id}) as objections,
      (select count(*)::int from objections o where o.notice_id = ${row.id} and o.answered_at is null) as open,
      (select no from counts where id = ${row.countId}::bigint) as count`)
  const track = row.track as Track
  return {
    ...row,
    track,
    rowCount: beside?.rows ?? 0,
    objectionCount: beside?.objections ?? 0,
    open: beside?.open ?? 0,
    about: beside?.count ? { no: beside.count, path: `/inventory/counts/${beside.count}` } : null,
    today,
    parties: { unit: [scopeKey(row.unitId, track)] },
    doneBy: await doneBy(tx, { kind: 'notice', id: row.id }),
  }
}

/** Rows as they were posted, a page at a time. */
export async function noticeRows(tx: Tx, noticeId: string, place: Place) {
  const { where, orderBy } = keyset(
    { by: sql`r.no::numeric`, type: 'numeric', id: sql`r.id`, descending: false },
    place,
  )
  const rows = await tx.execute<{ id: string; no: number; cells: Record<string, string> }>(sql`
    select r.id::text as id, r.no, r.cells from public_notice_rows r
    where r.notice_id = ${noticeId} and ${where ?? sql`true`} order by ${orderBy} limit ${pageSize + 1}`)
  return paged([...rows], place, (row) => ({ value: String(row.no), id: row.id }))
}

/** All of them, for the sheet that is put up. */
export async function allNoticeRows(tx: Tx, noticeId: string) {
  return tx.execute<{ no: number; cells: Record<string, string> }>(
    sql`select no, cells from public_notice_rows where notice_id = ${noticeId} order by no`,
  )
}

export type ObjectionRow = {
  id: string
  rowNo: number | null
  name: string
  phone: string | null
  text: string
  via: string
  receivedAt: string
  upheld: boolean | null
  answer: string | null
  answeredAt: string | null
  answerer: string | null
  version: number
}

export async function objectionsOf(tx: Tx, noticeId: string): Promise<ObjectionRow[]> {
  return tx.execute<ObjectionRow>(sql`
    select o.id::text as id, o.row_no as "rowNo", o.name, o.phone, o.text, o.via, o.received_at::text as "receivedAt",
      o.upheld, o.answer, o.answered_at::text as "answeredAt", p.name as answerer, o.version
    from objections o left join people p on p.id = o.answered_by
    where o.notice_id = ${noticeId} order by o.received_at, o.id`)
}

type ListRow = {
  id: string
  no: string
  title: string
  unit: string
  state: string
  startsOn: string
  endsOn: string
  open: number
  createdAt: string
}

const listColumns = sql`n.id::text as id, n.no, n.title, n.unit_name as unit, n.state, n.starts_on::text as "startsOn",
  n.ends_on::text as "endsOn", n.created_at::text as "createdAt",
  (select count(*)::int from objections o where o.notice_id = n.id and o.answered_at is null) as open`
const newestFirst = { by: sql`n.created_at`, type: 'timestamptz', id: sql`n.id`, descending: true } as const

export async function listNotices(tx: Tx, actor: Actor, filter: { state?: string | undefined } & Place) {
  const { where, orderBy } = keyset(newestFirst, filter)
  const rows = await tx.execute<ListRow>(sql`
    select ${listColumns} from public_notices n
    where ${amongParties(actor, sql`n.party_keys`)} and ${filter.state ? sql`n.state = ${filter.state}` : sql`true`}
      and ${where ?? sql`true`} order by ${orderBy} limit ${pageSize + 1}`)
  return paged([...rows], filter, (row) => ({ value: row.createdAt, id: row.id }))
}

/** What everybody may read, the newest first. */
export async function listPublicNotices(tx: Tx, place: Place, today: string) {
  const { where, orderBy } = keyset(newestFirst, place)
  const rows = await tx.execute<ListRow>(sql`
    select ${listColumns} from public_notices n
    where n.state <> 'withdrawn' and n.ends_on >= ${addDays(today, -shownDays)} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageSize + 1}`)
  return paged([...rows], place, (row) => ({ value: row.createdAt, id: row.id }))
}

/** Keepers and leads of the unit answer. */
export function mayAnswer(actor: Actor, { parties }: Pick<Notice, 'parties'>): boolean {
  return (parties.unit ?? []).some((key) => holds(actor, ['keeper', 'lead'], key))
}

/** Notices whose period is over, and objections without an answer, of units this person looks after. */
export async function noticesWaiting(tx: Tx, actor: Actor, today: string) {
  const keys = actor.grants
    .filter(({ role }) => role === 'keeper' || role === 'lead')
    .flatMap(({ keys: own }) => [...own])
  const [row] = await tx.execute<{ over: number; open: number }>(sql`
    select count(*) filter (where n.ends_on < ${today} and o.open = 0)::int as over, coalesce(sum(o.open), 0)::int as open
    from public_notices n
    cross join lateral (
      select count(*)::int as open from objections x where x.notice_id = n.id and x.answered_at is null) o
    where n.state = 'posted' and n.party_keys && ${`{${keys.join(',')}}`}::bigint[]`)
  return [
    { title: '公示期满，待办结', href: '/notices?state=posted', count: row?.over ?? 0, note: '' },
    { title: '公示异议，待答复', href: '/notices?state=posted', count: row?.open ?? 0, note: '' },
  ]
}
