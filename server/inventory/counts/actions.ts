import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { claimLines } from '../../../db/schema/claims.ts'
import { countLines, counts } from '../../../db/schema/inventory.ts'
import { events } from '../../../db/schema/kernel.ts'
import { keyArray, within } from '../../access/scope.ts'
import type { Effect, Machine } from '../../kernel/act.ts'
import { has, holds, type Track } from '../../kernel/actor.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../../kernel/errors.ts'
import { type Acting, eventRow, record } from '../../kernel/events.ts'
import { cancelDeadline, meetDeadline, setDeadline } from '../../records/deadlines.ts'
import { takeDownNotices } from '../../records/notice-actions.ts'
import { numberOn } from '../../settings/settings.ts'
import { saidOfClaim } from '../claims/queries.ts'
import { saidOfLine } from './handed-in.ts'
import { postCount } from './posting.ts'
import { loadCount } from './queries.ts'
import { type Count, countWorkflow } from './workflow.ts'

/** The document with its table and what its steps do to lines, clocks and the notice. */
export const countMachine: Machine<Count, typeof counts> = {
  workflow: countWorkflow,
  subject: 'count',
  table: counts,
  load: loadCount,
  effects: {
    submit: async (tx, acting, count) => {
      await meetDeadline(tx, acting, subjectOf(count), 'submit')
      await startClock(tx, acting, count, 'check')
      // Whoever was pressed has answered.
      return { patch: { remindedAt: null } }
    },
    check: async (tx, acting, count) => {
      await meetDeadline(tx, acting, subjectOf(count), 'check')
      return undefined
    },
    return: returnLines,
    post: async (tx, acting, count, values) => {
      const { no } = await postCount(tx, acting, count, values)
      return { detail: { document: { kind: 'notice', no, path: `/notices/${no}` } } }
    },
    cancel: async (tx, acting, count) => {
      await cancelDeadline(tx, acting, subjectOf(count))
      return undefined
    },
  },
}

const clocks = {
  check: { label: '审核清查结果', role: 'lead', setting: 'countCheckDays' },
  submit: { label: '重新提交清查结果', role: 'keeper', setting: 'countReturnDays' },
} as const

async function startClock(tx: Tx, acting: Acting, count: Count, key: keyof typeof clocks): Promise<void> {
  const { label, role, setting } = clocks[key]
  const anchorOn = acting.clock.today()
  const amount = await numberOn(tx, setting, anchorOn, count.track)
  // A department checks its stationed unit as a keeper; the clock stands where it is seen.
  const checker = key === 'check' && (count.parties.department?.length ?? 0) > 0
  await setDeadline(tx, acting, subjectOf(count), {
    ...{ key, label, basis: '县里设定的时限', role: checker ? ('keeper' as const) : role },
    partyKeys: checker ? (count.parties.department ?? []) : [count.scopeKey],
    ...{ anchorOn, amount, unit: 'working_day' },
  })
}

/**
 * Back to the unit: the lines that are named are counted again. What was handed in is kept beside every line, so that the
 * next round shows what is different.
 */
async function returnLines(
  tx: Tx,
  acting: Acting,
  count: Count,
  values: Readonly<Record<string, string | null>>,
): Promise<Effect<typeof counts>> {
  await tx.execute(sql`update count_lines l set handed_in = ${saidOfLine} where l.count_id = ${count.id}`)
  await tx.execute(sql`update claim_lines l set handed_in = ${saidOfClaim} where l.count_id = ${count.id}`)
  const reasons = reasonsOf(values, 'line')
  const claims = reasonsOf(values, 'claim')
  for (const { no, reason } of reasons) {
    await tx
      .update(countLines)
      .set({ returned: reason, version: sql`${countLines.version} + 1` })
      .where(and(eq(countLines.countId, count.id), eq(countLines.no, no)))
  }
  for (const { no, reason } of claims) {
    await tx
      .update(claimLines)
      .set({ returned: reason, version: sql`${claimLines.version} + 1` })
      .where(and(eq(claimLines.countId, count.id), eq(claimLines.no, no)))
  }
  await cancelDeadline(tx, acting, subjectOf(count))
  await takeDownNotices(tx, acting, count.id, '清查结果已退回更正。')
  await startClock(tx, acting, count, 'submit')
  return {
    patch: { round: count.round + 1, compilationId: null },
    detail: { lines: reasons.map(({ no }) => no), claims: claims.map(({ no }) => no) },
  }
}

function reasonsOf(values: Readonly<Record<string, string | null>>, what: 'line' | 'claim') {
  return Object.entries(values).flatMap(([key, reason]) => {
    const [kind, no = ''] = key.split('.')
    return kind === what && /^\d{1,9}$/.test(no) && reason !== null ? [{ no: Number(no), reason }] : []
  })
}

/** A unit with nothing on the track says so, or takes it back. */
export async function declareNothing(tx: Tx, acting: Acting, id: string, version: number, nothing: boolean) {
  await tx.select({ id: counts.id }).from(counts).where(eq(counts.id, id)).for('no key update')
  const count = await loadCount(tx, acting, id)
  if (!count) throw new NotFound()
  if (!holds(acting.actor, ['keeper', 'lead'], count.scopeKey)) throw new Forbidden()
  if (count.version !== version) throw new Stale()
  if (count.state !== 'counting') throw new RuleBroken('清查结果已经提交，不能再改。')
  if (nothing && count.tally.lines + count.tally.surplus > 0) {
    throw new RuleBroken('本单位列有资产，不能写“无资产”：没有找到的请逐项写盘亏。')
  }
  await tx
    .update(counts)
    .set({ nothing, version: sql`${counts.version} + 1`, updatedAt: acting.clock.now() })
    .where(eq(counts.id, id))
  await record(tx, acting, { kind: 'count', id }, { action: 'count.nothing', detail: { nothing } })
}

/**
 * Reminds units that have not handed in, or whose notice is over and not confirmed; the lead of a township reminds
 * stationed units too. How many were reminded.
 */
export async function remind(
  tx: Tx,
  acting: Acting,
  callId: string,
  track: Track,
  nos: readonly string[],
  comment: string | null,
): Promise<number> {
  const { actor, clock } = acting
  if (!has(actor, 'lead', 'approver')) throw new Forbidden()
  const keys = actor.grants
    .filter(({ role, track: own }) => (role === 'lead' || role === 'approver') && (own === 'both' || own === track))
    .flatMap(({ reads }) => [...reads])
  const found = await tx
    .select({ id: counts.id })
    .from(counts)
    .where(
      and(
        eq(counts.callId, callId),
        sql`(${counts.state} = 'counting' or (${counts.state} = 'noticed' and exists (
          select from public_notices n where n.count_id = ${counts.id} and n.state <> 'withdrawn' and n.ends_on < ${clock.today()})))`,
        inArray(counts.no, [...nos]),
        within(actor, counts.scopeKey),
        sql`${counts.scopeKey} = any(${keyArray(keys)})`,
      ),
    )
    .orderBy(counts.id)
    .for('no key update')
  if (found.length === 0) throw new RuleBroken('请选择还没有提交的单位，或公示期满还没有确认的单位。')
  await tx
    .update(counts)
    .set({ remindedAt: clock.now() })
    .where(
      inArray(
        counts.id,
        found.map(({ id }) => id),
      ),
    )
  await tx
    .insert(events)
    .values(found.map(({ id }) => eventRow(acting, { kind: 'count', id }, { action: 'count.remind', comment })))
  return found.length
}

function subjectOf({ id }: Pick<Count, 'id'>) {
  return { kind: 'count', id } as const
}
