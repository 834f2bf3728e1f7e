import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { calls, callUnits } from '../../../db/schema/inventory.ts'
import type { Machine } from '../../kernel/act.ts'
import { holds, scopeKey, type Track } from '../../kernel/actor.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../../kernel/errors.ts'
import { type Acting, record } from '../../kernel/events.ts'
import { documentNumber } from '../../kernel/numbers.ts'
import { cancelDeadline, meetDeadline } from '../../records/deadlines.ts'
import { callableUnits } from './callable.ts'
import { cancelCounts, openCounts } from './opening.ts'
import { loadCall } from './queries.ts'
import { type Call, callWorkflow } from './workflow.ts'

export type CallDraft = {
  title: string
  track: Track
  issuerId: string
  baseOn: string
  baseline: 'register' | 'census'
  baselineName: string | null
  baselineOn: string | null
  dueOn: string
  compileOn: string
  note: string | null
  unitIds: readonly string[]
}

/** Drafts a notice; nobody but the issuer sees it before it is issued. */
export async function draftCall(tx: Tx, acting: Acting, draft: CallDraft): Promise<{ id: string; no: string }> {
  const { clock } = acting
  await check(tx, acting, draft)
  const no = await documentNumber(tx, 'QC', clock.today())
  const { unitIds, ...columns } = draft
  const [row] = await tx
    .insert(calls)
    .values({
      ...columns,
      no,
      partyKeys: [scopeKey(draft.issuerId, draft.track)],
      createdAt: clock.now(),
      updatedAt: clock.now(),
    })
    .returning({ id: calls.id })
  if (!row) throw new Error('the call was not written')
  await writeUnits(tx, row.id, unitIds)
  await record(tx, acting, { kind: 'call', id: row.id }, { action: 'call.draft', toState: 'draft' })
  return { id: row.id, no }
}

/** Rewrites a draft as a whole. */
export async function redraftCall(tx: Tx, acting: Acting, id: string, version: number, draft: CallDraft) {
  const call = await lockCall(tx, acting, id)
  if (call.version !== version) throw new Stale()
  if (call.state !== 'draft')
    throw new RuleBroken('通知已经发出，不能再改；可以增加单位、延长时限，或取消个别单位的清查。')
  await check(tx, acting, draft)
  const { unitIds, ...columns } = draft
  await tx
    .update(calls)
    .set({
      ...columns,
      partyKeys: [scopeKey(draft.issuerId, draft.track)],
      version: sql`${calls.version} + 1`,
      updatedAt: acting.clock.now(),
    })
    .where(eq(calls.id, id))
  await tx.delete(callUnits).where(eq(callUnits.callId, id))
  await writeUnits(tx, id, unitIds)
  await record(tx, acting, { kind: 'call', id }, { action: 'call.redraft' })
}

/** Units that are called after the notice went out; each gets its count at once. */
export async function addUnits(
  tx: Tx,
  acting: Acting,
  id: string,
  version: number,
  unitIds: readonly string[],
): Promise<number> {
  const call = await lockCall(tx, acting, id)
  if (call.version !== version) throw new Stale()
  if (call.state !== 'open') throw new RuleBroken('只有清查中的通知可以增加单位。')
  if (!issues(acting, call)) throw new Forbidden()
  const called = await tx.select({ unitId: callUnits.unitId }).from(callUnits).where(eq(callUnits.callId, id))
  const fresh = unitIds.filter((unitId) => !called.some((one) => one.unitId === unitId))
  if (fresh.length === 0) throw new RuleBroken([{ field: 'units', text: '请选择要增加的单位。' }])
  await refuseOthers(tx, acting, { ...call, unitIds: fresh })
  await writeUnits(tx, id, fresh)
  const partyKeys = await openCounts(tx, acting, { ...call, ...document(call) }, fresh)
  await tx
    .update(calls)
    .set({ partyKeys, version: sql`${calls.version} + 1`, updatedAt: acting.clock.now() })
    .where(eq(calls.id, id))
  await record(tx, acting, { kind: 'call', id }, { action: 'call.add', detail: { units: fresh.length } })
  return fresh.length
}

export const callMachine: Machine<Call, typeof calls> = {
  workflow: callWorkflow,
  subject: 'call',
  table: calls,
  load: loadCall,
  effects: {
    issue: async (tx, acting, call) => {
      const called = await tx.select({ unitId: callUnits.unitId }).from(callUnits).where(eq(callUnits.callId, call.id))
      const unitIds = called.map(({ unitId }) => unitId)
      await refuseOthers(tx, acting, { ...call, unitIds })
      const partyKeys = await openCounts(tx, acting, { ...call, ...document(call) }, unitIds)
      return { patch: { openedAt: acting.clock.now(), partyKeys } }
    },
    close: async (tx, acting, call) => {
      await meetDeadline(tx, acting, { kind: 'call', id: call.id }, 'compile')
      return undefined
    },
    cancel: async (tx, acting, call) => {
      await cancelDeadline(tx, acting, { kind: 'call', id: call.id })
      await cancelCounts(tx, acting, call.id)
      return undefined
    },
  },
}

function document({ no }: Pick<Call, 'no'>) {
  return { kind: 'call', no, path: `/inventory/calls/${no}` }
}

async function lockCall(tx: Tx, acting: Acting, id: string): Promise<Call> {
  await tx.select({ id: calls.id }).from(calls).where(eq(calls.id, id)).for('no key update')
  const call = await loadCall(tx, acting, id)
  if (!call) throw new NotFound()
  return call
}

function issues({ actor }: Acting, { issuerId, track }: Pick<CallDraft, 'issuerId' | 'track'>): boolean {
  return actor.personId === null || holds(actor, ['lead', 'approver'], scopeKey(issuerId, track))
}

async function check(tx: Tx, acting: Acting, draft: CallDraft): Promise<void> {
  if (!issues(acting, draft)) throw new Forbidden()
  const today = acting.clock.today()
  const problems = [
    ...(draft.baseOn > today ? [{ field: 'baseOn', text: `清查基准日不能晚于今天 ${today}。` }] : []),
    ...(draft.dueOn < draft.baseOn ? [{ field: 'dueOn', text: '单位提交时限不能早于基准日。' }] : []),
    ...(draft.compileOn < draft.dueOn ? [{ field: 'compileOn', text: '汇总上报时限不能早于单位提交时限。' }] : []),
    ...(draft.baseline === 'census' && !draft.baselineName
      ? [{ field: 'baselineName', text: '请写明以哪次清查为基准，如 2017年清产核资。' }]
      : []),
    ...(draft.baseline === 'census' && !draft.baselineOn
      ? [{ field: 'baselineOn', text: '请填写该次清查的时点，此后新增的资产按来源另列。' }]
      : []),
  ]
  if (draft.baselineOn && draft.baselineOn > draft.baseOn) {
    problems.push({ field: 'baselineOn', text: '上次清查的时点不能晚于本次基准日。' })
  }
  if (problems.length > 0) throw new RuleBroken(problems)
  await refuseOthers(tx, acting, draft)
}

/** Only units of the issuer's own area, that still exist. */
async function refuseOthers(
  tx: Tx,
  { actor, clock }: Acting,
  { issuerId, track, unitIds }: Pick<CallDraft, 'issuerId' | 'track' | 'unitIds'>,
): Promise<void> {
  const callable = new Set((await callableUnits(tx, actor, { issuerId, track }, clock.today())).map(({ id }) => id))
  const other = unitIds.find((unitId) => !callable.has(unitId))
  if (other !== undefined) throw new RuleBroken([{ field: 'units', text: '选定的单位里有不归您清查的，请重新选择。' }])
}

async function writeUnits(tx: Tx, callId: string, unitIds: readonly string[]): Promise<void> {
  if (unitIds.length === 0) return
  await tx.insert(callUnits).values([...new Set(unitIds)].map((unitId) => ({ callId, unitId })))
}
