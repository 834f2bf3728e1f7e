import { eq } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { publicNotices } from '../../../db/schema/notices.ts'
import { act, type Subscriber } from '../../kernel/act.ts'
import { Forbidden, RuleBroken, Stale } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import type { Answers } from '../../kernel/forms.ts'
import { buttons } from '../../kernel/workflow.ts'
import { noticeMachine } from '../../records/notice-actions.ts'
import { recordResolution } from '../../records/resolution-actions.ts'
import { type ResolutionValues, readResolution, resolutionFields } from '../../records/resolution-form.ts'
import { countMachine } from './actions.ts'
import { type Count, countWorkflow } from './workflow.ts'

const matter = 'count_confirmation'
export const confirmationFields = resolutionFields(matter)

/** The minutes of the meeting, which comes after the notice is over. */
export function readConfirmation(count: Count, answers: Answers, today: string): ResolutionValues {
  const values = readResolution(matter, answers, today)
  const ended = count.notice?.endsOn
  if (ended && values.heldOn <= ended) {
    throw new RuleBroken([{ field: 'heldOn', text: `公示到 ${ended} 期满，成员确认要在此后开会。` }])
  }
  return values
}

/**
 * Writes the resolution down and, where it passed by the law of its day, goes on: the notice is ended along with it. One
 * that did not pass stays on record, and the count where it is.
 */
export async function confirmCount(
  tx: Tx,
  acting: Acting,
  count: Count,
  version: number,
  values: ResolutionValues,
  subscribers: readonly Subscriber[],
): Promise<{ location: string; flash: string }> {
  const step = buttons(countWorkflow, count, acting.actor).find(({ key }) => key === 'confirm')
  if (!step || step.disabled) throw new Forbidden()
  if (count.version !== version) throw new Stale()
  const path = `/inventory/counts/${count.no}`
  const { no, passed, reasons, unruled } = await recordResolution(tx, acting, {
    ...values,
    matter,
    unitId: count.unitId,
    track: count.track,
    about: { kind: 'count', id: count.id, no: count.no, path },
  })
  if (!passed) {
    const why = unruled ? '赞成没有过到会人数的半数。' : reasons.join('')
    return { location: `/resolutions/${no}`, flash: `决议已登记，但没有通过：${why}请重新开会确认。` }
  }
  const [notice] = await tx
    .select()
    .from(publicNotices)
    .where(eq(publicNotices.no, count.notice?.no ?? ''))
  if (notice?.state === 'posted') {
    await act(tx, acting, noticeMachine, notice.id, { action: 'end', version: notice.version, comment: null })
  }
  const { message } = await act(
    tx,
    acting,
    countMachine,
    count.id,
    { action: 'confirm', version, comment: null },
    subscribers,
  )
  const told = unruled ? '（当时没有法律规定表决比例，按到会过半数计）' : ''
  return { location: path, flash: `${message}${told}请在决议 ${no} 里添加会议记录。` }
}
