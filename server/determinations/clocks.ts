import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { determinations } from '../../db/schema/determinations.ts'
import type { Machine } from '../kernel/act.ts'
import { type Role, roles, scopeKey, type Track } from '../kernel/actor.ts'
import { shanghaiDay } from '../kernel/clock.ts'
import type { Acting } from '../kernel/events.ts'
import type { BarStep } from '../kernel/workflow.ts'
import { yearsWithout } from '../records/calendar.ts'
import { loadCalendar } from '../records/calendar-queries.ts'
import { countdown } from '../records/countdown.ts'
import { deadlinesOf } from '../records/deadline-queries.ts'
import { cancelDeadline, meetDeadline, setDeadline } from '../records/deadlines.ts'
import type { SettingKey } from '../settings/definitions.ts'
import { numberOn } from '../settings/settings.ts'
import type { Determination } from './workflow.ts'

type Effects = NonNullable<Machine<Determination, typeof determinations>['effects']>
type Clock = { label: string; verb: string; role: Role; setting: SettingKey }

/** 县内自定: no law says how long; the county sets it for each track. */
const basis = '没有全国统一期限，可按本县规定调整'

export const clocks = {
  review: { label: '牵头审核时限', verb: '审核', role: 'lead', setting: 'determinationReviewDays' },
  decision: { label: '县级界定时限', verb: '界定', role: 'approver', setting: 'determinationDecisionDays' },
} as const satisfies Record<string, Clock>

/** The clock that runs while a document waits in a state. */
export const clockOfState: Readonly<Record<string, keyof typeof clocks>> = {
  submitted: 'review',
  reviewed: 'decision',
}

type Turn = { meets?: keyof typeof clocks; starts?: keyof typeof clocks; cancels?: true }

/** What each step does to the clocks. */
const turns: Readonly<Record<string, Turn>> = {
  submit: { starts: 'review' },
  review: { meets: 'review', starts: 'decision' },
  return: { cancels: true },
  decide: { meets: 'decision' },
  record: { meets: 'decision' },
  object: { cancels: true },
  withdraw: { cancels: true },
}

/** The same effects, with the document's clocks started, met and cancelled by the steps. */
export function withClocks(effects: Effects): Effects {
  return Object.fromEntries(
    [...new Set([...Object.keys(effects), ...Object.keys(turns)])].map((action) => [
      action,
      async (tx, acting, document, values, comment) => {
        const effect = await effects[action]?.(tx, acting, document, values, comment)
        await turn(tx, acting, document, turns[action] ?? {})
        return effect
      },
    ]),
  ) satisfies Effects
}

async function turn(tx: Tx, acting: Acting, document: Determination, { meets, starts, cancels }: Turn): Promise<void> {
  const subject = { kind: 'determination', id: document.id } as const
  if (meets) await meetDeadline(tx, acting, subject, meets)
  if (cancels) await cancelDeadline(tx, acting, subject)
  if (starts) await start(tx, acting, document, starts, acting.clock.today())
}

async function start(
  tx: Tx,
  acting: Acting,
  { id, applicantId, track }: { id: string; applicantId: string; track: string },
  key: keyof typeof clocks,
  anchorOn: string,
): Promise<void> {
  const { label, role, setting } = clocks[key]
  const amount = await numberOn(tx, setting, anchorOn, track as Track)
  await setDeadline(
    tx,
    acting,
    { kind: 'determination', id },
    {
      ...{ key, label, basis, role },
      partyKeys: [scopeKey(applicantId, track as Track)],
      ...{ anchorOn, amount, unit: 'working_day' },
    },
  )
}

/** Documents that have waited since before there were clocks get the one of their state, from the day of its step. */
export async function startMissingClocks(tx: Tx, acting: Acting): Promise<void> {
  for (const [state, key] of Object.entries(clockOfState)) {
    const rows = await tx.execute<{ id: string; applicantId: string; track: string; since: string | null }>(sql`
      select d.id::text as id, d.applicant_id::text as "applicantId", d.track,
        (select to_json(max(e.at)) #>> '{}' from events e where e.determination_id = d.id and e.to_state = d.state) as since
      from determinations d
      where d.state = ${state} and not exists (
        select from deadlines t
        where t.determination_id = d.id and t.key = ${key} and t.met_on is null and t.cancelled_on is null)
      order by d.id for update of d`)
    for (const { since, ...document } of rows) {
      const anchorOn = since === null ? acting.clock.today() : shanghaiDay(new Date(since))
      await start(tx, acting, document, key, anchorOn)
    }
  }
}

/** The bar of steps with the clock beside the step it runs on. */
export function noted(bar: readonly BarStep[], note: string | null) {
  return bar.map((step) => (step.state === 'current' && note ? { ...step, note } : step))
}

/** What the document's page says of its clocks: the one that runs, and how those before it ended. */
export async function clocksView(tx: Tx, document: Determination, today: string) {
  const calendar = await loadCalendar(tx)
  const rows = await deadlinesOf(tx, { kind: 'determination', id: document.id })
  const open = rows.find(({ metOn, cancelledOn }) => metOn === null && cancelledOn === null)
  const { verb, role } = clocks[(open?.key ?? '') as keyof typeof clocks] ?? { verb: '办理', role: 'lead' }
  const left = open && countdown(calendar, today, open)
  return {
    open: open &&
      left && {
        ...left,
        key: open.key,
        dueOn: open.dueOn,
        sentence: `应于 ${open.dueOn} 前${verb}，${left.text}`,
        role: roles[role],
        basis: open.basis,
        missing: yearsWithout(calendar, [open.dueOn])[0] ?? null,
      },
    /** Beside the step on the bar. */
    note: open && left ? `${open.dueOn.slice(5)} 前，${left.text}` : null,
    past: rows
      .filter(({ id }) => id !== open?.id)
      .map(({ label, dueOn, metOn, cancelledOn }) => ({
        label,
        dueOn,
        ended: metOn ? `${metOn} 办结${metOn > dueOn ? '（逾期）' : ''}` : `${cancelledOn} 取消`,
        late: metOn !== null && metOn > dueOn,
      })),
  }
}
