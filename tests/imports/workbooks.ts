import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import ExcelJS from 'exceljs'
import { onTestFinished } from 'vitest'
import { ZipFile } from 'yazl'
import { inspectJson } from '../../imports/inspect.ts'
import type { Cells } from '../../imports/reading/events.ts'
import { ImportRefused } from '../../imports/refused.ts'

/** A path in a folder that goes away with the test. */
export function scratch(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'panhuo-imports-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}

export function textFile(name: string, content: string | Uint8Array): string {
  const path = scratch(name)
  writeFileSync(path, content)
  return path
}

/** A workbook with one worksheet of texts and numbers; null leaves a cell out. */
export async function table(
  rows: readonly (readonly (string | number | null)[])[],
  merges: readonly string[] = [],
): Promise<string> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('台账')
  for (const row of rows) sheet.addRow([...row])
  for (const merge of merges) sheet.mergeCells(merge)
  return save(book)
}

export async function save(book: ExcelJS.Workbook): Promise<string> {
  const path = scratch('表.xlsx')
  await book.xlsx.writeFile(path)
  return path
}

type Parts = Record<string, string | Buffer>

/** A workbook by hand: sheet is the inside of worksheet, everything else as most writers have it. */
export function parts(sheet: string, more: Parts = {}): Parts {
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  return {
    '_rels/.rels': `<Relationships><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': '<workbook><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<?xml version="1.0" encoding="UTF-8"?><worksheet>${sheet}</worksheet>`,
    ...more,
  }
}

export async function zipped(entries: Parts | readonly (readonly [string, string | Buffer])[]): Promise<string> {
  const path = scratch('表.xlsx')
  const zip = new ZipFile()
  const list = Array.isArray(entries) ? entries : Object.entries(entries)
  for (const [name, content] of list) zip.addBuffer(Buffer.from(content), name)
  zip.end()
  await finished(zip.outputStream.pipe(createWriteStream(path)))
  return path
}

/** A workbook whose rows are given as XML. */
export function rows(xml: string, more: Parts = {}): Promise<string> {
  return zipped(parts(`<sheetData>${xml}</sheetData>`, more))
}

/** Cells of the first worksheet by row number. */
export async function cellsOf(path: string): Promise<Record<number, Cells>> {
  const { sheets } = await inspectJson(path)
  return Object.fromEntries(sheets[0]?.rows.map(({ row, cells }) => [row, cells]) ?? [])
}

/** The sentence that refuses a file. */
export async function refusal(path: string): Promise<string> {
  try {
    await inspectJson(path)
  } catch (error) {
    if (error instanceof ImportRefused) return error.message
    throw error
  }
  return 'was read'
}
