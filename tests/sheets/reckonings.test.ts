import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Workbook } from 'exceljs'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import yauzl from 'yauzl'
import { ZipFile } from 'yazl'
import { countSummarySheet } from '../../imports/sheets/count-summary.ts'
import type { Reckonings } from '../../imports/writing/reckonings.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { openTestApp } from '../support/app.ts'
import { fetched } from '../support/download.ts'
import { arrangeCount } from '../support/inventory-lines.ts'
import { convert, hasLibreOffice } from '../support/libreoffice.ts'
import { folder, open, part, texts, worksheet } from './open.ts'

const sheet = countSummarySheet(['book', 'missing', 'counted'])

const figures = (book: string, missing: string, counted: string): Worksheet => ({
  sheet,
  name: '汇总',
  sections: [
    {
      rows: [{ unit: '甲', cardType: 'house', bookCost: book, missingCost: missing, countedCost: counted }],
      subtotal: '甲小计',
      marks: { rows: ['house'], subtotal: 'all' },
    },
  ],
})

const at = (mark: string, column: string, minus = false) => ({
  sheet: '汇总',
  mark,
  column,
  ...(minus ? { minus } : {}),
})
const checks = (mark = 'house'): Reckonings => ({
  reckonings: [
    {
      name: '房屋原值',
      words: '清查数 = 账面数 − 盘亏',
      left: [at(mark, 'countedCost')],
      right: [at(mark, 'bookCost'), at(mark, 'missingCost', true)],
    },
    {
      name: '不多于',
      words: '盘亏 ≤ 账面数',
      left: [at(mark, 'missingCost')],
      right: [at(mark, 'bookCost')],
      atMost: true,
    },
  ],
})

function verdicts(workbook: Workbook): string[] {
  const found: string[] = []
  worksheet(workbook, '勾稽关系').eachRow((row) => {
    if (/^\d+$/.test(row.getCell(1).text)) found.push(String(row.getCell(7).result ?? row.getCell(7).text))
  })
  return found
}

describe('a worksheet of checks', () => {
  it('says of each whether both sides agree, as formulas over the cells they are about', async () => {
    const path = join(await folder(), 'right.xlsx')
    const written = await writeWorkbook([figures('100.10', '30.05', '70.05'), checks()], path)
    expect(written.at(-1)?.agrees).toBe(true)
    const workbook = await open(path)
    expect(verdicts(workbook)).toEqual(['相符', '相符'])
    const row = worksheet(workbook, '勾稽关系').getRow(4)
    expect(row.getCell(5).formula).toBe("'汇总'!E5-'汇总'!I5")
    expect(row.getCell(7).formula).toBe('IF(F4=0,"相符","不相符")')
    expect(texts(worksheet(workbook, '勾稽关系'), 6)).toEqual(['共 2 项，全部相符。'])
  })

  it('names what does not agree, by a single cent', async () => {
    const path = join(await folder(), 'wrong.xlsx')
    const written = await writeWorkbook([figures('100.10', '30.05', '70.06'), checks('all')], path)
    expect(written.at(-1)?.agrees).toBe(false)
    const workbook = await open(path)
    expect(verdicts(workbook)).toEqual(['不相符', '相符'])
    expect(worksheet(workbook, '勾稽关系').getRow(4).getCell(6).result).toBe(0.01)
    expect(texts(worksheet(workbook, '勾稽关系'), 6)).toEqual(['1 项不相符：房屋原值。请查明原因后重新导出。'])
  })

  it('refuses a left side that is more than the right', async () => {
    const path = join(await folder(), 'more.xlsx')
    await writeWorkbook([figures('30.00', '30.01', '-0.01'), checks()], path)
    expect(verdicts(await open(path))).toEqual(['相符', '不相符'])
  })

  it('reckons in full what is too long for a spreadsheet', async () => {
    const path = join(await folder(), 'long.xlsx')
    await writeWorkbook([figures('99999999999999.99', '0.98', '99999999999999.01'), checks()], path)
    const workbook = await open(path)
    expect(verdicts(workbook)).toEqual(['相符', '相符'])
    expect(worksheet(workbook, '勾稽关系').getRow(4).getCell(4).value).toBe('99999999999999.01')
    // What is short again still comes of a cell that is a text.
    await writeWorkbook([figures('99999999999999.99', '99999999999998.99', '1.00'), checks()], path)
    const short = worksheet(await open(path), '勾稽关系').getRow(4)
    expect([short.getCell(5).text, short.getCell(5).formula, short.getCell(7).text]).toEqual(['1', undefined, '相符'])
  })

  it('fails where it asks for a line that was not written', async () => {
    const path = join(await folder(), 'none.xlsx')
    await expect(writeWorkbook([figures('1', '1', '0'), checks('land')], path)).rejects.toThrow('No figure')
  })
})

/** The same package with one part written anew. */
async function copyWith(from: string, to: string, name: string, text: string): Promise<void> {
  const zip = new ZipFile()
  for (const entry of await names(from)) {
    zip.addBuffer(Buffer.from(entry === name ? text : await part(from, entry)), entry)
  }
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(to))
}

async function names(path: string): Promise<string[]> {
  const found: string[] = []
  for await (const { fileName } of (await yauzl.openPromise(path)).eachEntry()) found.push(fileName)
  return found
}

test.skipIf(!hasLibreOffice)(
  'LibreOffice reckons every check of a call as written, and finds a figure that was tampered with',
  { timeout: 180_000 },
  async () => {
    const app = await openTestApp()
    onTestFinished(() => app.close())
    const { call } = await arrangeCount(app)
    const directory = await folder()
    await mkdir(join(directory, 'written'))
    const path = join(directory, 'written', 'detail.xlsx')
    const { reply } = await fetched(app, 'ju', `/inventory/calls/${call.no}/count-detail.xlsx`)
    await writeFile(path, reply.rawPayload)
    // One cell of the township's detail: 会议桌 is written down as 9 found instead of 8.
    const xml = await part(path, 'xl/worksheets/sheet1.xml')
    expect(xml).toContain('<v>8.000</v>')
    const tampered = join(directory, 'written', 'tampered.xlsx')
    await copyWith(path, tampered, 'xl/worksheets/sheet1.xml', xml.replace('<v>8.000</v>', '<v>9.000</v>'))
    await convert(directory, 'xlsx', [path, tampered])

    const [before, after] = [await open(path), await open(join(directory, 'detail.xlsx'))]
    expect(verdicts(before).length).toBeGreaterThan(60)
    expect(new Set(verdicts(before))).toEqual(new Set(['相符']))
    expect(verdicts(after)).toEqual(verdicts(before))
    for (const name of ['明细', '汇总', '勾稽关系']) {
      worksheet(before, name).eachRow((row, number) =>
        row.eachCell((cell) => {
          if (!cell.formula || typeof cell.result === 'string') return
          const again = worksheet(after, name).getRow(number).getCell(cell.col)
          expect(Number(again.result ?? 0), `${name} ${cell.address}`).toBeCloseTo(Number(cell.result ?? 0), 2)
        }),
      )
    }
    const found = worksheet(await open(join(directory, 'tampered.xlsx')), '勾稽关系')
    const wrong: string[] = []
    found.eachRow((row) => row.getCell(7).result === '不相符' && wrong.push(row.getCell(2).text))
    expect(wrong).toEqual(['明细：清查数数量'])
  },
)
