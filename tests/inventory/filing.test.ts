import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { compilations } from '../../db/schema/compilations.ts'
import { compilationMachine, draftCompilation } from '../../server/inventory/compilations/actions.ts'
import { addSurplus } from '../../server/inventory/lines/surplus-actions.ts'
import { act } from '../../server/kernel/act.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { enterCards, storedCard } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { acted, counted, issueCall, linesOf, stepped, storedCount } from '../support/inventory.ts'

const town = '蓬莱镇人民政府'
const machine = compilationMachine('510923')

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())

const office = { ownerUnit: '', track: 'state', division: '510923100000' }

async function stepOf(by: Account, id: string, action: string, values: Record<string, string | null> = {}) {
  const [row] = await test.db((tx) => tx.select().from(compilations).where(eq(compilations.id, id)))
  return acted(test, by, (tx, acting) =>
    act(tx, acting, machine, id, { action, version: row?.version ?? 0, comment: null, values }),
  )
}

describe('a compilation that is filed', () => {
  it('enters every difference into the register, and nothing else', async () => {
    const owner = { ...office, ownerUnit: test.fixture.units[town] ?? '' }
    const codes = await enterCards(test, [
      { ...owner, name: '会议桌', quantity: '10', cost: '1000.01', depreciation: '100.00' },
      { ...owner, name: '电脑', cardType: 'equipment', quantity: '1', cost: '5000.00' },
      { ...owner, name: '旧复印机', cardType: 'equipment', quantity: '1', cost: '8000.00' },
      { ...owner, name: '原粮站', cardType: 'house', floorArea: '320.00', cost: '90000.00' },
      { ...owner, name: '文件柜', cost: '600.00' },
    ])
    const call = await issueCall(test, { by: 'cai', track: 'state', units: [town] })
    const countId = call.counts[town]?.id ?? ''
    const lines = await linesOf(test, countId)
    expect(lines.map(({ name, bookQuantity, bookCost }) => [name, bookQuantity, bookCost])).toEqual([
      ['原粮站', '1.000', '90000.00'],
      ['电脑', '1.000', '5000.00'],
      ['旧复印机', '1.000', '8000.00'],
      ['会议桌', '10.000', '1000.01'],
      ['文件柜', '1.000', '600.00'],
    ])
    const at = (name: string) => ({ countId, no: lines.find((line) => line.name === name)?.no ?? 0 })
    await counted(test, 'zhen', at('会议桌'), {
      counted: '8',
      missingReason: '搬迁时丢失',
      scrap: '1',
      scrapReason: '桌腿断裂',
    })
    await counted(test, 'zhen', at('电脑'), { counted: '0', missingReason: '被盗' })
    await counted(test, 'zhen', at('旧复印机'), { scrap: '1', scrapReason: '不能修复' })
    await counted(test, 'zhen', at('原粮站'), {
      changes: { usage: { old: 'in_use', new: 'idle' }, location: { old: null, new: '老街 8 号' } },
    })
    await counted(test, 'zhen', at('文件柜'), { undetermined: '1', undeterminedReason: '村里说是他们的' })
    await acted(test, 'zhen', (tx, acting) => addSurplus(tx, acting, countId, surplus, 'screen'))
    await stepped(test, 'zhen', countId, 'submit')
    await stepped(test, 'cai', countId, 'check')
    const { id } = await acted(test, 'cai', (tx, acting) =>
      draftCompilation(tx, acting, {
        callId: call.id,
        unitId: test.fixture.units.蓬莱镇财政办 ?? '',
        track: 'state',
        countIds: [countId],
      }),
    )
    await stepOf('cai', id, 'submit')
    // Filing is no step of a count by itself: it would be filed with nothing entered.
    const { version } = await storedCount(test, countId)
    const place = `/inventory/counts/${call.counts[town]?.no}/steps`
    const alone = await (await test.as('ju')).post(place, { action: 'file', version: String(version) })
    expect(alone.statusCode).toBe(403)
    await expect(stepOf('ju', id, 'file', { filedOn: '2026-03-09' })).rejects.toMatchObject({
      problems: [{ field: 'filedOn', text: '备案日期不能早于上报的 2026-03-10，请核对。' }],
    })
    await stepOf('ju', id, 'file', { filedOn: '2026-03-10', documentNo: '英财资〔2026〕1号' })

    const [table, computer, copier, station, cabinet] = await Promise.all(codes.map((code) => storedCard(test, code)))
    expect([table?.quantity, table?.cost, table?.depreciation, table?.usage]).toEqual([
      '7.000',
      '700.01',
      '70.00',
      'in_use',
    ])
    const pieces = await test.db((tx) =>
      tx
        .select()
        .from(cards)
        .where(eq(cards.splitFromId, table?.id ?? ''))
        .orderBy(cards.id),
    )
    expect(pieces.map(({ quantity, cost, depreciation, usage }) => [quantity, cost, depreciation, usage])).toEqual([
      ['2.000', '200.00', '20.00', 'awaiting_write_off'],
      ['1.000', '100.00', '10.00', 'awaiting_disposal'],
    ])
    expect([computer?.usage, copier?.usage]).toEqual(['awaiting_write_off', 'awaiting_disposal'])
    expect([station?.usage, station?.location]).toEqual(['idle', '老街 8 号'])
    expect(cabinet?.undetermined).toBe(true)
    const [line] = (await linesOf(test, countId)).filter(({ origin }) => origin === 'surplus')
    const found = await storedCard(test, line?.code ?? '')
    expect([found.name, found.cost, found.valueKind, found.source, found.validFrom]).toEqual([
      '发电机',
      '1.00',
      'nominal',
      'surplus',
      '2026-03-10',
    ])
    expect((await storedCount(test, countId)).state).toBe('filed')
    const [sums] = await test.db((tx) =>
      tx.execute<{ figures: Record<string, string> }>(sql`
        select (select x -> 'figures' from jsonb_array_elements(frozen) x where x ->> 'cardType' = 'furniture') as figures
        from compilations where id = ${id}`),
    )
    expect(sums?.figures).toMatchObject({ book_quantity: '11.000', counted_quantity: '9.000', missing_cost: '200.00' })
  })

  it('says who was left out, and why, before it goes up', async () => {
    const units = [town, '蓬莱镇财政办']
    const call = await issueCall(test, { by: 'cai', track: 'state', units })
    const countId = call.counts[town]?.id ?? ''
    for (const { no } of await linesOf(test, countId)) await counted(test, 'zhen', { countId, no })
    await stepped(test, 'zhen', countId, 'submit')
    await stepped(test, 'cai', countId, 'check')
    const unitId = test.fixture.units.蓬莱镇财政办 ?? ''
    const { id, no } = await acted(test, 'cai', (tx, acting) =>
      draftCompilation(tx, acting, { callId: call.id, unitId, track: 'state', countIds: [countId] }),
    )
    const cai = await test.as('cai')
    const page = `/inventory/compilations/${no}`
    const submit = (comment: string) =>
      cai.post(`${page}/steps`, { action: 'submit', version: '1', comment, token: crypto.randomUUID() })
    const refused = await submit(' ')
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('还有蓬莱镇财政办 1 个单位没有列入')
    expect((await submit('财政办另行上报')).statusCode).toBe(303)
    const [row] = await test.db((tx) => tx.select().from(compilations).where(eq(compilations.id, id)))
    expect(row?.state).toBe('submitted')
    for (const who of ['cai', 'ju'] as const) {
      expect((await (await test.as(who)).get(page)).body).toContain(
        '上报时没有列入的单位：蓬莱镇财政办。原因：财政办另行上报',
      )
    }
  })

  it('keeps its lines for good', async () => {
    await expect(
      test.db((tx) => tx.execute(sql`update count_lines set remark = '改' where no = 1`)),
    ).rejects.toMatchObject({
      cause: { code: 'P0A02' },
    })
  })

  it('is filed once', async () => {
    const [row] = await test.db((tx) => tx.select().from(compilations))
    await expect(stepOf('ju', row?.id ?? '', 'file', { filedOn: '2026-03-10' })).rejects.toMatchObject({
      statusCode: 403,
    })
  })
})

const surplus = {
  name: '发电机',
  cardType: 'equipment',
  quantity: '1',
  foundOn: '2026-03-09',
  valueBasis: 'nominal' as const,
  valueNote: '早年捐赠，凭据遗失，市场没有同类',
  cost: null,
  depreciation: null,
  unitOfMeasure: '台',
  location: '配电房',
  specification: null,
  structure: null,
  floorArea: null,
  landArea: null,
  acquiredOn: '2008',
  usage: 'in_use',
  source: null,
  keeper: null,
  condition: null,
  remark: '清点配电房时发现，一直没有入账',
}
