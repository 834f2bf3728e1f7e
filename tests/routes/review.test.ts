import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importBatches, importRows } from '../../db/schema/imports.ts'
import { events } from '../../db/schema/kernel.ts'
import { openTestApp, type Reply, type TestApp, type Visitor } from '../support/app.ts'
import { type Cell, ledger } from '../support/workbook.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const collective = '古井村股份经济合作联合社'
const good: readonly Cell[] = [1, '好的一行', 'RV-1', '一组', '2010', 3, 1, null]
const unread: readonly Cell[] = [2, '原值不清', 'RV-2', '二组', '2010', '三十几万', 1, null]
const nameless: readonly Cell[] = [3, '', 'RV-3', '三组', '2010', 2, 1, null]

describe('the review page', () => {
  it('B5 B12 B14 test_import_data_without_mandatory_values: groups what is wrong with the worksheet’s own row numbers', async () => {
    const rows = Array.from({ length: 30 }, (_, at): Cell[] => [at, '', `NN-${at}`, '一组', '2010', 3, 1, null])
    const no = await upload(await ledger([good, ...rows, unread]))
    const { body, statusCode } = await zhang.get(`/imports/${no}`)
    expect(statusCode, body.slice(0, 2000)).toBe(200)
    expect(body).toContain('没有写资产名称，请补写</a>：第 5、6、7、8、9、10、11、12、13、14、15、16 … 共 30 行')
    const about = /href="([^"]*about=[^"]*)"[^>]*>账面原值：「三十几万」/.exec(body)?.[1] ?? ''
    const only = await zhang.get(about)
    expect(rowsOf(only)).toEqual(['35'])
    expect(rowsOf(await zhang.get(`/imports/${no}?field=name&status=wrong`))).toHaveLength(30)
    expect(rowsOf(await zhang.get(`/imports/${no}?q=RV-2`))).toEqual(['35'])
    expect(rowsOf(await zhang.get(`/imports/${no}?q=二组`))).toEqual(['35'])
    expect(rowsOf(await zhang.get(`/imports/${no}?q=12`))).toContain('12')
    expect(rowsOf(await zhang.get(`/imports/${no}?q=没有这样的`))).toEqual([])
  })
})

function rowsOf({ body }: Reply): string[] {
  return [...body.matchAll(/<tr id="row-([\d-]+)"/g)].map(([, row]) => row ?? '')
}

function fields(more: Record<string, string> = {}): Record<string, string> {
  return {
    unit: test.fixture.codes[collective] ?? '',
    track: 'collective',
    effectiveOn: '2026-03-01',
    token: crypto.randomUUID(),
    ...more,
  }
}

async function upload(bytes: Uint8Array, more: Record<string, string> = {}, name = '古井村台账.xlsx'): Promise<string> {
  const reply = await zhang.upload('/imports', fields(more), { name, bytes })
  expect(reply.statusCode, reply.body.slice(0, 3000)).toBe(303)
  return String(reply.headers.location).split('/')[2] ?? ''
}
