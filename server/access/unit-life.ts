import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { unitSuccessions, units } from '../../db/schema/access.ts'
import { NotFound, RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { blockerSentence, blockersOf, freeSince } from './unit-blockers.ts'
import { lockTree } from './unit-rules.ts'
import { unitsOn } from './units.ts'

export type Dissolution = {
  /** The day of the decision; from then on the unit is being wound up. */
  on: string
  /** Who carries on; none where the duties end with the unit. */
  successorIds: readonly string[]
  reason: string
}

/** Begins the end of a unit: it keeps cards and keepers until everything is handed over, and takes nothing new. */
export async function dissolveUnit(
  tx: Tx,
  acting: Acting,
  unitId: string,
  { on, successorIds, reason }: Dissolution,
  version?: number,
): Promise<void> {
  const unit = await lockUnit(tx, unitId, 'active', version)
  refuseDay(on, acting.clock.today(), unit.lastChange, '撤销日期')
  if (reason.trim() === '') throw new RuleBroken([{ field: 'reason', text: '请写明撤销的原因和批准文件。' }])
  const names = await successorsOn(tx, unitId, successorIds, on)
  await setState(tx, unitId, { state: 'winding_up', dissolvedOn: on })
  for (const successorId of successorIds) {
    await tx.insert(unitSuccessions).values({ predecessorId: unitId, successorId, since: on })
  }
  await record(
    tx,
    acting,
    { kind: 'unit', id: unitId },
    {
      action: 'unit.dissolve',
      fromState: 'active',
      toState: 'winding_up',
      effectiveOn: on,
      comment: reason.trim(),
      detail: names === '' ? {} : { changes: { successors: { old: null, new: names } } },
    },
  )
}

/** Ends a unit that nothing is left with; what is still there is named with whom to ask. */
export async function closeUnit(
  tx: Tx,
  acting: Acting,
  unitId: string,
  { on, comment }: { on: string; comment?: string | null },
  version?: number,
): Promise<void> {
  const today = acting.clock.today()
  const unit = await lockUnit(tx, unitId, 'winding_up', version)
  refuseDay(on, today, unit.dissolvedOn ?? on, '办结日期')
  if (unit.lastChange > today) {
    throw new RuleBroken(`本单位还有自 ${unit.lastChange} 起生效的变动，请先在单位页撤回，再办结撤销。`)
  }
  const blockers = await blockersOf(tx, unitId, today)
  if (blockers.length > 0) {
    throw new RuleBroken(blockers.map((blocker) => ({ field: null, text: blockerSentence(blocker) })))
  }
  const free = await freeSince(tx, unitId)
  if (free !== null && on < free) {
    const text = `${free} 之前本单位名下还有资产、岗位或管理的单位，办结日期请填这一天或更晚的日期。`
    throw new RuleBroken([{ field: 'on', text }])
  }
  await setState(tx, unitId, { state: 'closed', closedOn: on })
  await record(
    tx,
    acting,
    { kind: 'unit', id: unitId },
    {
      action: 'unit.close',
      fromState: 'winding_up',
      toState: 'closed',
      effectiveOn: on,
      comment: comment?.trim() || null,
    },
  )
}

/** Takes a dissolution back, as long as the unit is not closed. */
export async function reopenUnit(
  tx: Tx,
  acting: Acting,
  unitId: string,
  { reason }: { reason: string },
  version?: number,
): Promise<void> {
  const unit = await lockUnit(tx, unitId, 'winding_up', version)
  if (reason.trim() === '') throw new RuleBroken([{ field: 'reason', text: '请写明为什么撤回撤销。' }])
  await tx.delete(unitSuccessions).where(eq(unitSuccessions.predecessorId, unitId))
  await setState(tx, unitId, { state: 'active', dissolvedOn: null })
  await record(
    tx,
    acting,
    { kind: 'unit', id: unitId },
    {
      action: 'unit.reopen',
      fromState: 'winding_up',
      toState: 'active',
      comment: reason.trim(),
      detail: { changes: { dissolvedOn: { old: unit.dissolvedOn, new: null } } },
    },
  )
}

/** Every row that names the unit waits for this lock, so what is counted under it is all there is. */
async function lockUnit(tx: Tx, unitId: string, wanted: 'active' | 'winding_up', version: number | undefined) {
  await lockTree(tx)
  const [unit] = await tx.select().from(units).where(eq(units.id, unitId)).for('update')
  const [last] = await tx.execute<{ day: string }>(
    sql`select max(valid_from)::text as day from unit_periods where unit_id = ${unitId}`,
  )
  if (!unit || !last) throw new NotFound()
  if (unit.state === 'closed') throw new RuleBroken(`本单位已于 ${unit.closedOn} 撤销办结，不用再办。`)
  if (wanted === 'active' && unit.state !== 'active') {
    throw new RuleBroken(`本单位已于 ${unit.dissolvedOn} 撤销，正在清算；如有错误请先撤回撤销。`)
  }
  if (wanted === 'winding_up' && unit.state === 'active') {
    throw new RuleBroken('本单位还没有登记撤销，请先登记撤销日期和承继单位。')
  }
  if (version !== undefined && unit.version !== version) throw new Stale()
  return { ...unit, lastChange: last.day }
}

function refuseDay(on: string, today: string, earliest: string, label: string): void {
  if (on > today) throw new RuleBroken([{ field: 'on', text: `${label}不能晚于今天 ${today}，请在当天或以后登记。` }])
  if (on < earliest) {
    throw new RuleBroken([{ field: 'on', text: `本单位已登记到 ${earliest} 的情况，${label}请填这一天或更晚的日期。` }])
  }
}

/** Successors are active on that day and today. An active unit has none of its own, so no circle can come about. */
async function successorsOn(tx: Tx, unitId: string, successorIds: readonly string[], on: string): Promise<string> {
  if (successorIds.includes(unitId)) {
    throw new RuleBroken([{ field: 'successor1', text: '承继单位不能是本单位，请另选，没有就留空。' }])
  }
  if (new Set(successorIds).size < successorIds.length) {
    throw new RuleBroken([{ field: 'successor1', text: '同一个承继单位写了两次，请去掉一个。' }])
  }
  const names: string[] = []
  for (const [index, id] of successorIds.entries()) {
    const field = `successor${index + 1}`
    const [unit] = await unitsOn(tx, on, sql`u.id = ${id}`)
    if (!unit) throw new RuleBroken([{ field, text: `${on} 还没有这个承继单位，请改撤销日期或另选。` }])
    const [active] = await tx
      .select({ id: units.id })
      .from(units)
      .where(and(eq(units.id, id), eq(units.state, 'active')))
    if (!active) throw new RuleBroken([{ field, text: `${unit.name}已撤销或正在清算，请选正常的承继单位。` }])
    names.push(unit.name)
  }
  return names.join('、')
}

async function setState(
  tx: Tx,
  unitId: string,
  next: { state: 'active' | 'winding_up' | 'closed'; dissolvedOn?: string | null; closedOn?: string },
): Promise<void> {
  await tx
    .update(units)
    .set({ ...next, version: sql`${units.version} + 1` })
    .where(eq(units.id, unitId))
}
