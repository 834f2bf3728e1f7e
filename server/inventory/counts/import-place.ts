import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { calls, counts } from '../../../db/schema/inventory.ts'
import { within } from '../../access/scope.ts'
import { mayEnter, type Track } from '../../kernel/actor.ts'
import { NotFound, RuleBroken } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import { notOpen } from '../lines/open.ts'

/** Whose the rows of a sheet are, told by the number of the count. */
async function openCount(tx: Tx, { actor, clock }: Acting, no: string) {
  const [found] = await tx
    .select({ count: counts, call: calls })
    .from(counts)
    .innerJoin(calls, eq(calls.id, counts.callId))
    .where(and(eq(counts.no, no), within(actor, counts.scopeKey)))
  if (!found) throw new NotFound()
  const { count, call } = found
  const track = count.track as Track
  if (!mayEnter(actor, count.unitId, track)) throw new NotFound()
  if (count.state !== 'counting') throw new RuleBroken(notOpen)
  const today = clock.today()
  const placed = {
    unitId: count.unitId,
    track,
    effectiveOn: call.baseOn < today ? call.baseOn : today,
    callId: call.id,
    back: { text: `清查单 ${count.no}`, href: `/inventory/counts/${count.no}` },
  }
  return { placed, count, call }
}

export async function sheetOfCount(tx: Tx, acting: Acting, no: string) {
  const { placed, count } = await openCount(tx, acting, no)
  return { ...placed, title: '导入盘点单', about: `${count.unitName}（清查单 ${count.no}）填好的盘点单` }
}

export async function baselineOfCount(tx: Tx, acting: Acting, no: string) {
  const { placed, count, call } = await openCount(tx, acting, no)
  if (call.baseline !== 'census') {
    throw new RuleBroken(`清查通知 ${call.no} 以资产台账为基准，不用导入以前的清单。`)
  }
  const { baselineName, baselineOn } = call
  const back = { text: '基准清单', href: `/inventory/counts/${count.no}/baseline` }
  const effectiveOn = baselineOn ?? placed.effectiveOn
  return {
    ...placed,
    back,
    effectiveOn,
    title: '导入基准清单',
    about: `${count.unitName}的“${baselineName}”（${baselineOn}）`,
  }
}
