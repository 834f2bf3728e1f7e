import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { type Actor, businessRoles, has } from '../kernel/actor.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { eventsOf } from '../kernel/events.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { timeline } from '../kernel/timeline.ts'
import { type DayKind, dayKinds, yearsWithout } from './calendar.ts'
import { enterDays, firstYear, removeDays, yearsAhead } from './calendar-actions.ts'
import { deadlineYears, loadCalendar } from './calendar-queries.ts'
import { entriesOf, yearView } from './calendar-view.ts'
import { clockSentences } from './clock-sentences.ts'

const strict = { additionalProperties: false }
const day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
const text = Type.Optional(Type.String({ maxLength: 100 }))
const Asked = Type.Object({ year: Type.Optional(Type.String({ pattern: '^[0-9]{4}$' })) })
const Entered = Type.Object({ from: text, to: text, kind: text, name: text, token: text }, strict)
const Removed = Type.Object({ from: day, to: day, token: text }, strict)

const dayFields: readonly FormField[] = [
  { key: 'from', label: '开始日期', kind: 'day', required: true },
  { key: 'to', label: '结束日期', kind: 'day', hint: '只有一天时可以不填' },
  {
    key: 'kind',
    label: '安排',
    kind: 'choice',
    choices: Object.entries(dayKinds).map(([value, label]) => ({ value, label })),
    required: true,
  },
  { key: 'name', label: '名称', kind: 'text', max: 20, required: true, hint: '如 国庆节' },
]

const edits = { roles: ['approver'] as const }
const lines = 20

/** 放假安排: the days that working days are counted by. */
export async function calendarPages(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: { year?: string } }>(
    '/calendar',
    { schema: { querystring: Asked }, config: { access: { roles: businessRoles } } },
    async (request, reply) => showYear(request, reply, request.query.year),
  )

  app.post<{ Body: Answers }>(
    '/calendar',
    { schema: { body: Entered }, config: { access: edits } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { values, problems } = readForm(dayFields, request.body)
          if (problems.length > 0) throw new RuleBroken(problems)
          const from = values.from ?? ''
          const entered = { from, to: values.to ?? from, kind: values.kind as DayKind, name: values.name ?? '' }
          const { moved } = await enterDays(tx, acting, entered)
          return { location: `/calendar?year=${from.slice(0, 4)}`, flash: `放假安排已保存${told(moved)}。` }
        },
        (problems) => showYear(request, reply, request.body.from?.slice(0, 4), { answers: request.body, problems }),
      ),
  )

  app.post<{ Body: Static<typeof Removed> }>(
    '/calendar/remove',
    { schema: { body: Removed }, config: { access: edits } },
    async (request, reply) => {
      const { from } = request.body
      return reply.submit(
        async (tx, acting) => {
          const { moved, removed } = await removeDays(tx, acting, request.body)
          return { location: `/calendar?year=${from.slice(0, 4)}`, flash: `已删除 ${removed} 天${told(moved)}。` }
        },
        (problems) => showYear(request, reply, from.slice(0, 4), { answers: {}, problems }),
      )
    },
  )

  async function showYear(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: string | undefined,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const today = app.clock.today()
    const thisYear = Number(today.slice(0, 4))
    const wanted = Number(asked ?? thisYear)
    const year = wanted >= firstYear && wanted <= thisYear + yearsAhead ? wanted : thisYear
    const data = await request.as(async (tx) => {
      const calendar = await loadCalendar(tx)
      const events = await eventsOf(tx, { kind: 'topic', id: 'calendar' })
      return {
        months: yearView(calendar, String(year), today),
        entries: entriesOf(calendar, String(year)),
        missing: yearsWithout(calendar, [today, ...(await deadlineYears(tx))]).map(missingYear),
        events: timeline(events.slice(-lines), clockSentences),
      }
    })
    return reply.page(
      'records/calendar.njk',
      {
        ...data,
        year,
        years: { earlier: year > firstYear ? year - 1 : null, later: year < thisYear + yearsAhead ? year + 1 : null },
        fields: dayFields,
        edits: has(request.actor, ...edits.roles),
      },
      sent ? { status: 422, ...sent } : {},
    )
  }
}

/** 2027 年的放假安排还没有录入，工作日时限按周末推算。 */
export function missingYear(year: string): string {
  return `${year} 年的放假安排还没有录入，工作日时限按周末推算。`
}

/** A year that has begun, or in which a deadline falls, waits for its holidays to be entered. */
export async function calendarWaiting(tx: Tx, actor: Actor, today: string) {
  if (!has(actor, ...edits.roles)) return []
  const missing = yearsWithout(await loadCalendar(tx), [today, ...(await deadlineYears(tx))])
  return missing.map((year) => ({
    title: `录入 ${year} 年放假安排`,
    href: `/calendar?year=${year}`,
    count: 1,
    note: '工作日时限暂按周末推算',
  }))
}

function told(moved: number): string {
  return moved > 0 ? `，${moved} 件事项的时限已重新推算` : ''
}
