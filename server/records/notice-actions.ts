import { and, eq, gt, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { objections, publicNoticeRows, publicNotices } from '../../db/schema/notices.ts'
import type { Machine } from '../kernel/act.ts'
import { scopeKey, type Track } from '../kernel/actor.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, onBehalfOf, record } from '../kernel/events.ts'
import { documentNumber } from '../kernel/numbers.ts'
import { numberOn } from '../settings/settings.ts'
import { cancelDeadline, meetDeadline, setDeadline } from './deadlines.ts'
import { findNotice, loadNotice, mayAnswer } from './notice-queries.ts'
import { type Notice, type NoticeColumn, noticeWorkflow } from './notice-workflow.ts'

export type NewNotice = {
  title: string
  body: string
  unitId: string
  unitName: string
  track: Track
  /** The document it shows. */
  about: { kind: 'count'; id: string; no: string; path: string }
  columns: readonly NoticeColumn[]
  rows: readonly Readonly<Record<string, string>>[]
  place: string
  contact: string
}

/** Rows per statement. */
const portion = 2000

/** Posts a notice today, for the days the county has set; what it shows is frozen as it is now. */
export async function postNotice(
  tx: Tx,
  acting: Acting,
  { about, rows, ...notice }: NewNotice,
): Promise<{ id: string; no: string; endsOn: string }> {
  const { clock } = acting
  const today = clock.today()
  const days = await numberOn(tx, 'noticeDays', today, notice.track)
  const no = await documentNumber(tx, 'GS', today)
  const partyKeys = [scopeKey(notice.unitId, notice.track)]
  const [row] = await tx
    .insert(publicNotices)
    .values({
      ...notice,
      no,
      days,
      startsOn: today,
      // Put right below, by the calendar.
      endsOn: today,
      [`${about.kind}Id`]: about.id,
      partyKeys,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    })
    .returning({ id: publicNotices.id })
  if (!row) throw new Error('the notice was not written')
  const { dueOn: endsOn } = await setDeadline(tx, acting, subjectOf(row), {
    ...{ key: 'notice', label: '公示期满后办结', basis: '公示期限（县里设定）', role: 'keeper' },
    partyKeys,
    ...{ anchorOn: today, amount: days, unit: 'day' },
  })
  await tx.update(publicNotices).set({ endsOn }).where(eq(publicNotices.id, row.id))
  for (let from = 0; from < rows.length; from += portion) {
    const part = rows.slice(from, from + portion)
    await tx.insert(publicNoticeRows).values(part.map((cells, at) => ({ noticeId: row.id, no: from + at + 1, cells })))
  }
  const { kind, no: aboutNo, path } = about
  await record(tx, acting, subjectOf(row), {
    action: 'notice.post',
    toState: 'posted',
    effectiveOn: today,
    detail: { document: { kind, no: aboutNo, path }, rows: rows.length },
  })
  return { id: row.id, no, endsOn }
}

export const noticeMachine: Machine<Notice, typeof publicNotices> = {
  workflow: noticeWorkflow,
  subject: 'notice',
  table: publicNotices,
  load: loadNotice,
  effects: {
    end: async (tx, acting, notice) => {
      await meetDeadline(tx, acting, subjectOf(notice), 'notice')
      return undefined
    },
    withdraw: async (tx, acting, notice) => {
      await cancelDeadline(tx, acting, subjectOf(notice))
      return undefined
    },
  },
}

/** Takes down what shows a document that goes back; follows from the step of that document. */
export async function takeDownNotices(tx: Tx, acting: Acting, countId: string, reason: string): Promise<void> {
  const up = await tx
    .select({ id: publicNotices.id, state: publicNotices.state })
    .from(publicNotices)
    .where(and(eq(publicNotices.countId, countId), sql`${publicNotices.state} <> 'withdrawn'`))
    .for('no key update')
  for (const { id, state } of up) {
    await tx
      .update(publicNotices)
      .set({ state: 'withdrawn', version: sql`${publicNotices.version} + 1`, updatedAt: acting.clock.now() })
      .where(eq(publicNotices.id, id))
    await cancelDeadline(tx, acting, subjectOf({ id }))
    const happening = { action: 'notice.withdraw', fromState: state, toState: 'withdrawn', comment: reason }
    await record(tx, onBehalfOf(acting), subjectOf({ id }), happening)
  }
}

export type NewObjection = { name: string; phone: string | null; rowNo: number | null; text: string }

/** So many without an answer are as much as a unit can look at; who comes later is asked to call. */
const mostOpen = 200
/** The same words of the same person within so many minutes are one objection, sent twice. */
const sameMinutes = 10

/**
 * Takes an objection, from the public page or told at the counter, while the notice is up. The notice is locked, so that
 * none comes in behind its end.
 */
export async function object(
  tx: Tx,
  acting: Acting,
  noticeId: string,
  objection: NewObjection,
  via: 'page' | 'counter',
): Promise<'taken' | 'same'> {
  const { clock, actor } = acting
  const [notice] = await tx
    .select({ state: publicNotices.state, endsOn: publicNotices.endsOn })
    .from(publicNotices)
    .where(eq(publicNotices.id, noticeId))
    .for('no key update')
  if (!notice) throw new NotFound()
  if (notice.state !== 'posted' || clock.today() > notice.endsOn) {
    throw new RuleBroken('公示已经结束，不再收异议；仍有意见的，请直接向公示单位或镇里反映。')
  }
  const since = new Date(clock.now().getTime() - sameMinutes * 60_000)
  const [same] = await tx
    .select({ id: objections.id })
    .from(objections)
    .where(
      and(
        eq(objections.noticeId, noticeId),
        eq(objections.name, objection.name),
        eq(objections.text, objection.text),
        gt(objections.receivedAt, since),
      ),
    )
  if (same) return 'same'
  await checkRow(tx, noticeId, objection.rowNo)
  const [open] = await tx.execute<{ count: number }>(
    sql`select count(*)::int as count from objections where notice_id = ${noticeId} and answered_at is null`,
  )
  if (via === 'page' && (open?.count ?? 0) >= mostOpen) {
    throw new RuleBroken('待答复的异议已经很多，请直接打公示上的电话反映。')
  }
  await tx.insert(objections).values({
    noticeId,
    ...objection,
    via,
    receivedAt: clock.now(),
    recordedBy: actor.personId,
  })
  await record(tx, acting, subjectOf({ id: noticeId }), {
    action: 'notice.objection',
    detail: { row: objection.rowNo, via },
  })
  return 'taken'
}

async function checkRow(tx: Tx, noticeId: string, rowNo: number | null): Promise<void> {
  if (rowNo === null) return
  const [row] = await tx
    .select({ id: publicNoticeRows.id })
    .from(publicNoticeRows)
    .where(and(eq(publicNoticeRows.noticeId, noticeId), eq(publicNoticeRows.no, rowNo)))
  if (!row) throw new RuleBroken([{ field: 'rowNo', text: '公示里没有这个序号，请核对；说的是全部内容就不填。' }])
}

export type Answer = { upheld: boolean; answer: string }

/** Answers an objection, or puts a former answer right: the event keeps what it said. */
export async function answerObjection(
  tx: Tx,
  acting: Acting,
  noticeNo: string,
  objectionId: string,
  version: number,
  { upheld, answer }: Answer,
): Promise<void> {
  const notice = await findNotice(tx, acting, noticeNo)
  if (!mayAnswer(acting.actor, notice)) throw new Forbidden()
  const [stored] = await tx
    .select()
    .from(objections)
    .where(and(eq(objections.id, objectionId), eq(objections.noticeId, notice.id)))
    .for('update')
  if (!stored) throw new NotFound()
  if (stored.version !== version) throw new Stale()
  await tx
    .update(objections)
    .set({
      upheld,
      answer,
      answeredBy: acting.actor.personId,
      answeredAt: acting.clock.now(),
      version: sql`${objections.version} + 1`,
    })
    .where(eq(objections.id, objectionId))
  await record(tx, acting, subjectOf(notice), {
    action: 'notice.answer',
    detail: {
      changes: { 答复: { old: stored.answer, new: answer }, 采纳: { old: told(stored.upheld), new: told(upheld) } },
    },
  })
}

function told(upheld: boolean | null): string | null {
  return upheld === null ? null : upheld ? '采纳' : '不采纳'
}

function subjectOf({ id }: { id: string }) {
  return { kind: 'notice', id } as const
}
