import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { within } from '../../access/scope.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tone } from '../../kernel/workflow.ts'
import { loadCalendar } from '../../records/calendar-queries.ts'
import { type Countdown, countdown } from '../../records/countdown.ts'
import { noLines, talliesOf } from '../counts/queries.ts'
import { countWorkflow } from '../counts/workflow.ts'
import type { Call } from './workflow.ts'

type Row = {
  id: string
  no: string
  state: string
  unit: string
  kind: string
  town: string
  round: number
  reminded: boolean
  compilation: string | null
  dueOn: string | null
  unitOfTime: string | null
  people: string | null
}

/** A unit's line of the wall chart 挂图. */
export type ChartRow = Omit<Row, 'unitOfTime'> & {
  lines: number
  counted: number
  percent: number
  begun: boolean
  clock: Countdown | null
  badge: string
  tone: Tone
}

export type ChartGroup = {
  town: string
  rows: ChartRow[]
  lines: number
  counted: number
  handedIn: number
  filed: number
}

const { states } = countWorkflow

/** The counts of a call that the actor reads, by township; stationed units stand apart. */
export async function chartOf(tx: Tx, actor: Actor, { id }: Pick<Call, 'id'>, today: string): Promise<ChartGroup[]> {
  const which = sql`t.call_id = ${id} and t.state <> 'cancelled' and ${within(actor, sql`t.scope_key`)}`
  const rows = await tx.execute<Row>(sql`
    select t.id::text as id, t.no, t.state, t.unit_name as unit, t.unit_kind as kind, t.round,
      case t.unit_kind when 'stationed' then '派驻机构' else coalesce(v.name, '县级单位') end as town,
      t.reminded_at is not null as reminded, m.no as compilation, d.due_on::text as "dueOn", d.unit as "unitOfTime",
      (select string_agg(distinct p.name || coalesce(' ' || p.phone, ''), '、') from memberships k join people p on p.id = k.person_id
        where k.unit_id = t.unit_id and k.role = 'keeper' and k.track in ('both', t.track) and p.disabled_at is null
          and k.valid_from <= ${today} and (k.valid_to is null or k.valid_to >= ${today})) as people
    from counts t
    left join divisions v on v.code = left(t.division_code, 9) || '000' and v.level = 4
    left join compilations m on m.id = t.compilation_id
    left join lateral (select due_on, unit from deadlines d where d.count_id = t.id and d.met_on is null
      and d.cancelled_on is null order by d.due_on limit 1) d on true
    where ${which} order by (t.unit_kind = 'stationed'), left(t.division_code, 9), t.unit_code`)
  const tallies = await talliesOf(tx, which)
  const calendar = await loadCalendar(tx)
  const groups = new Map<string, ChartGroup>()
  for (const { unitOfTime, ...row } of rows) {
    const { lines, counted, surplus } = tallies.get(row.id) ?? noLines
    const { label: badge, tone } = states[row.state as keyof typeof states]
    const clock = row.dueOn ? countdown(calendar, today, { dueOn: row.dueOn, unit: unitOfTime }) : null
    const percent = lines > 0 ? Math.floor((counted * 100) / lines) : row.state === 'counting' ? 0 : 100
    const begun = row.state !== 'counting' || counted + surplus > 0
    const group = groups.get(row.town) ?? { town: row.town, rows: [], lines: 0, counted: 0, handedIn: 0, filed: 0 }
    groups.set(row.town, group)
    group.rows.push({ ...row, lines, counted, percent, begun, clock, badge, tone })
    group.lines += lines
    group.counted += counted
    group.handedIn += row.state === 'counting' ? 0 : 1
    group.filed += row.state === 'filed' ? 1 : 0
  }
  return [...groups.values()]
}

/** 要催的: what has not been handed in, each with why it is to be pressed for. */
export function toPress(groups: readonly ChartGroup[]) {
  return groups
    .flatMap(({ rows }) => rows)
    .filter(({ state }) => state === 'counting')
    .map((row) => ({ ...row, why: whyOf(row) }))
    .sort((one, other) => one.why.rank - other.why.rank)
}

function whyOf({ clock, begun, round }: ChartRow): { rank: number; text: string; tone: Tone } {
  if (clock?.late) return { rank: 0, text: clock.text, tone: 'danger' }
  if (round > 1) return { rank: 1, text: '退回后还没有再提交', tone: 'warning' }
  return begun ? { rank: 3, text: '盘点中', tone: 'info' } : { rank: 2, text: '还没有开始', tone: 'warning' }
}
