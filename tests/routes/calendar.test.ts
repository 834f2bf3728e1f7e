import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../../db/schema/access.ts'
import { events } from '../../db/schema/kernel.ts'
import { calendarDays } from '../../db/schema/records.ts'
import { seedCalendar } from '../../db/seeds/calendar.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'

let test: TestApp
let tian: Visitor
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  tian = await test.as('tian')
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const enter = (fields: Record<string, string>) =>
  tian.post('/calendar', { kind: 'holiday', name: '国庆节', token: crypto.randomUUID(), ...fields })

describe('the calendar', () => {
  it('shows a year with its holidays and make-up days to whoever works with assets', async () => {
    const page = await zhang.get('/calendar')
    expect(page.body).toContain('<h1')
    for (const text of ['2026 年放假安排', '2026-02-15 至 2026-02-23', '春节补班', '2026-10-10 星期六']) {
      expect(page.body, text).toContain(text)
    }
    expect(page.body).not.toContain('name="kind"')
    expect(page.body).not.toContain('还没有录入')
    expect((await zhang.get('/calendar?year=2025')).body).toContain('国庆节、中秋节')
    expect((await zhang.get('/calendar?year=9999')).body).toContain('2026 年放假安排')
    expect((await zhang.get('/calendar?year=2027')).body).toContain('2027 年还没有录入放假安排')
  })

  it('takes a range of days from the county, tells what it was before, and lets it be taken out', async () => {
    const reply = await enter({ from: '2027-10-01', to: '2027-10-07' })
    expect(reply.headers.location).toBe('/calendar?year=2027')
    expect((await tian.get('/calendar?year=2027')).body).toContain('2027-10-01 至 2027-10-07')
    await enter({ from: '2027-10-01', name: '国庆节、中秋节' })
    const told = await happened()
    expect(told.at(-1)?.detail.changes).toEqual({
      '2027-10-01': { old: '放假 国庆节', new: '放假 国庆节、中秋节' },
    })
    const removed = await tian.post('/calendar/remove', { from: '2027-10-01', to: '2027-10-07' })
    expect(removed.statusCode).toBe(303)
    expect((await happened()).at(-1)?.action).toBe('calendar.remove')
    expect(await daysOf('2027')).toEqual([])
    const again = await tian.post('/calendar/remove', { from: '2027-10-01', to: '2027-10-07' })
    expect(again.statusCode).toBe(422)
    expect(again.body).toContain('这几天已经删掉了。')
  })

  it('takes out an entry longer than one may enter at once', async () => {
    await enter({ from: '2027-07-01', to: '2027-07-31', name: '检修' })
    await enter({ from: '2027-08-01', to: '2027-08-31', name: '检修' })
    expect((await tian.get('/calendar?year=2027')).body).toContain('2027-07-01 至 2027-08-31')
    const removed = await tian.post('/calendar/remove', { from: '2027-07-01', to: '2027-08-31' })
    expect([removed.statusCode, await daysOf('2027')]).toEqual([303, []])
  })

  it.each([
    ['0000-01-01', '0000-01-02'],
    ['2026-02-30', '2026-02-30'],
    ['2026-13-01', '2026-12-31'],
    ['9999-12-31', '9999-12-31'],
    ['0001-01-01', '9999-12-31'],
  ])('refuses to take out %s to %s', async (from, to) => {
    const { statusCode } = await tian.post('/calendar/remove', { from, to })
    expect([404, 422]).toContain(statusCode)
  })

  it.each([
    [{ from: '2026-12-05', to: '2026-12-03' }, '结束日期 2026-12-03 早于开始日期 2026-12-05'],
    [{ from: '2026-12-09', kind: 'workday', name: '补班' }, '2026-12-09 是星期三，本来就上班，不用录补班'],
    [{ from: '2062-10-01' }, '只能录入 2000 年到 2028 年的日子'],
    [{ from: '1999-10-01' }, '只能录入 2000 年到 2028 年的日子'],
    [{ from: '2026-12-01', to: '2027-12-01' }, '一次最多录入 31 天'],
    [{ from: '' }, '请填写开始日期。'],
    [{ from: '2026年12月' }, '开始日期要写到日'],
    [{ from: '2026-12-01', name: '' }, '请填写名称。'],
    [{ from: '2026-12-01', kind: 'party' }, '请从列表中选择安排。'],
    [{ from: '2026-10-01', to: '2026-10-07' }, '这几天已经是这样了'],
  ])('refuses %j with one sentence and keeps the answers', async (fields, sentence) => {
    const before = await happened()
    const reply = await enter(fields)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(sentence)
    if (fields.from) expect(reply.body).toContain(`value="${fields.from}"`)
    expect(await happened()).toHaveLength(before.length)
  })

  it('keeps what people changed when the base data are entered again', async () => {
    await tian.post('/calendar/remove', { from: '2026-05-09', to: '2026-05-09' })
    expect(await test.db(seedCalendar)).toBe(0)
    expect(await daysOf('2026-05')).not.toContain('2026-05-09')
    await test.db((tx) => tx.delete(calendarDays).where(sql`${calendarDays.day} < '2026-01-01'`))
    expect(await test.db(seedCalendar)).toBe(0)
    expect(await daysOf('2025')).toEqual([])
  })

  it('asks the county for the year that has begun', async () => {
    test.clock.set('2027-01-04T02:00:00Z')
    await test.db((tx) => tx.update(people).set({ passwordChangedAt: test.clock.now() }))
    const [ju, late] = [await test.as('ju'), await test.as('zhang')]
    expect((await ju.get('/')).body).toContain('录入 2027 年放假安排')
    expect((await late.get('/calendar')).body).toContain('2027 年的放假安排还没有录入，工作日时限按周末推算。')
    test.clock.set('2026-03-10T02:00:00Z')
  })
})

async function happened() {
  return test.db((tx) => tx.select().from(events).where(eq(events.topic, 'calendar')).orderBy(events.id))
}

async function daysOf(prefix: string): Promise<string[]> {
  const rows = await test.db((tx) => tx.select().from(calendarDays))
  return rows.map(({ day }) => day).filter((day) => day.startsWith(prefix))
}
