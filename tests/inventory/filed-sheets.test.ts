import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compilations } from '../../db/schema/compilations.ts'
import { compilationMachine, draftCompilation } from '../../server/inventory/compilations/actions.ts'
import { act } from '../../server/kernel/act.ts'
import { texts, worksheet } from '../sheets/open.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { fetched, worksheetTexts } from '../support/download.ts'
import { acted, counted, issueCall, stepped } from '../support/inventory.ts'
import { compiledFrom, town } from '../support/inventory-lines.ts'

const offices = '蓬莱镇农业综合服务中心'
const machine = compilationMachine('510923')

let test: TestApp
let id: string
let no: string
beforeAll(async () => {
  test = await openTestApp()
  const { units } = test.fixture
  const own = (unit: string) => ({ track: 'state', ownerUnit: units[unit] ?? '', division: '510923100000' })
  await enterCards(test, [
    { ...own(town), name: '会议桌', quantity: '10', cost: '1000.01', depreciation: '100.00' },
    { ...own(offices), name: '抽水机', cardType: 'equipment', quantity: '2', cost: '500.50', depreciation: '0.00' },
  ])
  const call = await issueCall(test, { by: 'cai', track: 'state', units: [town, offices] })
  const counts = [town, offices].map((unit) => call.counts[unit]?.id ?? '')
  await counted(test, 'zhen', { countId: counts[0] ?? '', no: 1 }, { counted: '9', missingReason: '丢失' })
  await counted(test, 'zhen', { countId: counts[1] ?? '', no: 1 })
  for (const countId of counts) {
    await stepped(test, 'zhen', countId, 'submit')
    await stepped(test, 'cai', countId, 'check')
  }
  const document = await acted(test, 'cai', (tx, acting) =>
    draftCompilation(tx, acting, {
      ...{ callId: call.id, unitId: units.蓬莱镇财政办 ?? '', track: 'state', countIds: counts },
    }),
  )
  id = document.id
  no = document.no
  await step('cai', 'submit')
})
afterAll(() => test.close())

async function step(by: Account, action: string, values: Record<string, string | null> = {}) {
  const [row] = await test.db((tx) => tx.select().from(compilations).where(eq(compilations.id, id)))
  const input = { action, version: row?.version ?? 0, comment: null, values }
  await acted(test, by, (tx, acting) => act(tx, acting, machine, id, input))
}

async function checks(): Promise<string[]> {
  const { workbook } = await fetched(test, 'ju', `/inventory/compilations/${no}/count-detail.xlsx`)
  const sheet = worksheet(workbook, '勾稽关系')
  const shown: string[] = []
  sheet.eachRow((_row, number) => shown.push(texts(sheet, number).join('|')))
  return shown
}

describe('the sheets of a compilation', () => {
  it('roll up all its counts', async () => {
    const { workbook } = await fetched(test, 'cai', `/inventory/compilations/${no}/count-detail.xlsx`)
    const sheet = worksheet(workbook, '明细')
    const shown: string[] = []
    sheet.eachRow((_row, number) => shown.push(texts(sheet, number).join('|')))
    expect(shown[1]).toContain(`填报单位：蓬莱镇财政办    汇总编号：${no}    清查通知：QC2026-0001`)
    expect(shown.find((text) => text.startsWith('合计'))).toContain(
      '合计|12|1500.51|100|1400.51|11|1400.51|90|1310.51|',
    )
    expect((await checks()).join()).not.toContain('备案数')
  })

  it('show whoever keeps one of the units that one alone, and say so', async () => {
    const other = '红林村股份经济合作联合社'
    await enterCards(test, [
      { name: '水泵', cost: '10.00' },
      { name: '打谷机', cost: '20.00', ownerUnit: test.fixture.units[other] ?? '', division: '510923100215' },
    ])
    const call = await issueCall(test, { units: [village, other] })
    const both = await compiledFrom(test, call.id)
    await test.db((tx) =>
      tx.execute(sql`
        update counts set state = 'confirmed', compilation_id = (select id from compilations where no = ${both})
        where call_id = ${call.id}`),
    )
    const shown = async (by: Account) => {
      const { workbook } = await fetched(test, by, `/inventory/compilations/${both}/uncounted.xlsx`)
      return worksheetTexts(workbook)
    }
    expect(await shown('nong')).toEqual(expect.arrayContaining(['水泵', '打谷机']))
    const own = await shown('zhang')
    expect(own).toContain('水泵')
    expect(own).not.toContain('打谷机')
    expect(own).toContain('注：共 2 个单位，本表只列您可以查看的 1 个，不是全部合计。')
    expect((await (await test.as('long')).get(`/inventory/compilations/${both}/uncounted.xlsx`)).statusCode).toBe(404)
  })

  it('are held against the figures that were filed, and nothing is silent about a difference', async () => {
    await step('ju', 'file', { filedOn: '2026-03-10', documentNo: null })
    const filed = await checks()
    expect(filed.filter((text) => text.includes('备案数：'))).toHaveLength(8)
    expect(filed.join('\n')).toMatch(/共 \d+ 项，全部相符。/)
    await test.db((tx) =>
      tx.execute(sql`
        update compilations set frozen = jsonb_set(frozen, '{0,figures,missing_cost}', '"100.01"') where id = ${id}`),
    )
    const wrong = await checks()
    expect(wrong.find((text) => text.includes('备案数：盘亏原值'))).toMatch(/不相符$/)
    expect(wrong.join('\n')).toContain('1 项不相符：备案数：盘亏原值。')
  })
})
