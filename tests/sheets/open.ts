import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { onTestFinished } from 'vitest'
import yauzl from 'yauzl'

/** A folder of its own that is gone after the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'panhuo-sheets-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

export async function open(path: string): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.readFile(path)
  return workbook
}

export function worksheet(workbook: ExcelJS.Workbook, name: string): ExcelJS.Worksheet {
  const found = workbook.getWorksheet(name)
  if (found === undefined) throw new Error(`No worksheet ${name}`)
  return found
}

/** What a row shows; the covered cells of a merge are left out. */
export function texts(sheet: ExcelJS.Worksheet, row: number): string[] {
  const shown: string[] = []
  sheet.getRow(row).eachCell((cell) => {
    if (cell.master === cell && cell.value !== null) shown.push(cell.text)
  })
  return shown
}

/** One part of the package as it was written. */
export async function part(path: string, name: string): Promise<string> {
  const zip = await yauzl.fromBufferPromise(await readFile(path))
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== name) continue
    const pieces: Buffer[] = []
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(Buffer.from(piece))
    return Buffer.concat(pieces).toString('utf8')
  }
  throw new Error(`No part ${name}`)
}
