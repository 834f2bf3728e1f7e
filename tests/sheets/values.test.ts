import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { registerSheet } from '../../imports/sheets/register.ts'
import type { SheetRow } from '../../imports/sheets/sheet.ts'
import { writeSheet } from '../../imports/writing/write.ts'
import { escapeXml } from '../../imports/writing/xml.ts'
import { folder, open, part, worksheet } from './open.ts'

const tab = '公有资产台账'
const payloads = [
  '=1+1',
  '+cmd',
  '@SUM',
  '-2+3',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '  =1+1',
  '\u200b=1+1',
  '\ufeff@SUM(A1)',
  '＝1＋1',
  '－2',
  '=HYPERLINK("http://example.com","看")',
]

async function nameColumn(names: readonly string[]) {
  const path = join(await folder(), 'register.xlsx')
  const rows = names.map((name) => ({ name, cost: '1.00' }))
  await writeSheet({ sheet: registerSheet(['name', 'cost']), sections: [{ rows }] }, path)
  const sheet = worksheet(await open(path), tab)
  return { path, cells: names.map((_, index) => sheet.getCell(`B${index + 4}`)) }
}

async function costColumn(costs: readonly (string | null)[]) {
  const path = join(await folder(), 'register.xlsx')
  const rows: SheetRow[] = costs.map((cost) => ({ name: '房屋', cost }))
  const written = await writeSheet({ sheet: registerSheet(['name', 'cost']), sections: [{ rows }] }, path)
  return { path, written, sheet: worksheet(await open(path), tab), xml: await part(path, 'xl/worksheets/sheet1.xml') }
}

test('no text becomes a formula, and every text comes back as it was', async () => {
  const { path, cells } = await nameColumn(payloads)
  expect(cells.map((cell) => cell.value)).toEqual(payloads)
  const xml = await part(path, 'xl/worksheets/sheet1.xml')
  expect([...xml.matchAll(/<f>(.*?)<\/f>/g)].map((match) => match[1])).toEqual([`SUM(C4:C${payloads.length + 3})`])
})

test('a text that looks like a formula stays a text when somebody edits the cell', async () => {
  const { path } = await nameColumn([...payloads, '普通房屋', '12-3号'])
  const xml = await part(path, 'xl/worksheets/sheet1.xml')
  const formats = [...(await part(path, 'xl/styles.xml')).matchAll(/<xf [^>]*xfId[^>]*>/g)].map((match) => match[0])
  const quoted = [...xml.matchAll(/<c r="B(\d+)" s="(\d+)" t="inlineStr"/g)]
    .filter((match) => Number(match[1]) >= 4)
    .map((match) => formats[Number(match[2])]?.includes('quotePrefix="1"'))
  expect(quoted).toEqual([...payloads.map(() => true), false, false])
})

test('odd characters survive', async () => {
  const names = ['a<b>&"c\'', '上下\n两行', '𠮷野家', ' 前后有空格 ', '回车\r\n换行']
  const { cells } = await nameColumn(names)
  expect(cells.map((cell) => cell.value)).toEqual(names)
})

test('what XML cannot write is written in the notation of spreadsheets', () => {
  expect(escapeXml('\u0001=1')).toBe('_x0001_=1')
  expect(escapeXml('_x0041_x0042_')).toBe('_x005F_x0041_x005F_x0042_')
  expect(escapeXml('_x0041\u0001')).toBe('_x005F_x0041_x0001_')
  expect(escapeXml('\ud83d')).toBe('\ufffd')
})

test('decimals are written as they are, digit by digit', async () => {
  const { xml } = await costColumn(['54100000.00', '0.1', '-3.05', '9999999999999.99', '0.00'])
  const values = [...xml.matchAll(/<c r="C\d+" s="\d+"><v>(.*?)<\/v>/g)].map((match) => match[1])
  expect(values).toEqual(['54100000.00', '0.1', '-3.05', '9999999999999.99', '0.00'])
})

test('a figure too long for a number cell is a text, and the total is still exact', async () => {
  const { sheet, written } = await costColumn(['99999999999999.99', '0.02'])
  expect(sheet.getCell('C4').value).toBe('99999999999999.99')
  expect(sheet.getCell('C5').value).toBe(0.02)
  expect(written.totals).toEqual({ cost: '100000000000000.01' })
  expect(sheet.getCell('C6').value).toBe('100000000000000.01')
})

test('a total over a text figure is the plain sum, which a SUM would miss', async () => {
  const { sheet } = await costColumn(['99999999999999.99', '-99999999999999.98'])
  expect(sheet.getCell('C6').value).toBe(0.01)
})

test('unknown figures stay empty and an empty list still has its total', async () => {
  const { sheet } = await costColumn([null, '2.50'])
  expect(sheet.getCell('C4').value).toBeNull()
  expect(sheet.getCell('C6').value).toEqual({ formula: 'SUM(C4:C5)', result: 2.5 })
  const empty = await costColumn([])
  expect(empty.sheet.getCell('C4').value).toBe(0)
})

test('rows may come one after the other and the filter spans them', async () => {
  const path = join(await folder(), 'register.xlsx')
  async function* rows() {
    for (let index = 0; index < 5000; index += 1) yield { name: `房屋${index}`, cost: '0.10' }
  }
  const written = await writeSheet({ sheet: registerSheet(['name', 'cost']), sections: [{ rows: rows() }] }, path)
  expect(written).toMatchObject({ rows: 5000, totals: { cost: '500.00' }, totalRow: 5004, filterRange: 'A3:C5003' })
  const sheet = worksheet(await open(path), tab)
  expect(sheet.getCell('B5003').value).toBe('房屋4999')
  expect(sheet.autoFilter).toBe('A3:C5003')
})

test('a failure while reading rows leaves no file behind', async () => {
  const directory = await folder()
  const path = join(directory, 'register.xlsx')
  async function* rows() {
    yield { name: '房屋' }
    throw new Error('the connection is gone')
  }
  await expect(writeSheet({ sheet: registerSheet(), sections: [{ rows: rows() }] }, path)).rejects.toThrow('connection')
  await expect(access(path)).rejects.toThrow()
  expect(await readdir(directory)).toEqual([])
})

test('a reader who goes away ends the query behind the rows', async () => {
  let ended = false
  const out = new PassThrough()
  async function* rows() {
    try {
      for (let index = 0; ; index += 1) {
        if (index === 5000) out.destroy()
        yield { name: `房屋${index}`, cost: '0.10' }
      }
    } finally {
      ended = true
    }
  }
  await expect(writeSheet({ sheet: registerSheet(), sections: [{ rows: rows() }] }, out.resume())).rejects.toThrow()
  await vi.waitFor(() => expect(ended).toBe(true))
})
