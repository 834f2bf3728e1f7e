import { Readable } from 'node:stream'
import ExcelJS from 'exceljs'
import { expect } from 'vitest'
import type { Reply, TestApp } from './app.ts'
import type { Account } from './county.ts'

/** A download as somebody, opened again by another library than the one that wrote it. */
export async function fetched(
  test: TestApp,
  account: Account,
  url: string,
): Promise<{ reply: Reply; workbook: ExcelJS.Workbook }> {
  const reply = await (await test.as(account)).get(url)
  expect(reply.statusCode, reply.body.slice(0, 1500)).toBe(200)
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.read(Readable.from([reply.rawPayload]))
  return { reply, workbook }
}

/** What every cell of a workbook shows. */
export function worksheetTexts(workbook: ExcelJS.Workbook): string[] {
  const texts: string[] = []
  workbook.eachSheet((sheet) =>
    sheet.eachRow((row) => row.eachCell((cell) => cell.value !== null && texts.push(cell.text))),
  )
  return texts
}
