// One writer of the register in a process of its own: node writers.ts WRITER DSN SCHEMA PATH. Prints what it took as JSON.
import { argv } from 'node:process'
import ExcelJS from 'exceljs'
import { openCounty } from '../../db/client.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { writeSheet } from '../../imports/writing/write.ts'
import { allKeys } from '../../server/access/actor-for.ts'
import { systemActor } from '../../server/access/system.ts'
import { filteredRegister } from '../../server/assets/export.ts'

const [, , writer = '', dsn = '', schema = '', path = ''] = argv

const writers: Readonly<Record<string, (worksheet: Worksheet) => Promise<unknown>>> = {
  panhuo: (worksheet) => writeSheet(worksheet, path),
  /** The same rows with the same formats, without the official head and foot. */
  async exceljs({ sheet, sections }) {
    const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useStyles: true, useSharedStrings: false })
    const page = book.addWorksheet(sheet.title)
    const figures = new Set(['money', 'area', 'quantity', 'integer'])
    page.columns = sheet.columns.map(({ header, key, width, kind }) => ({
      ...{ header, key, width },
      style: figures.has(kind) ? { numFmt: '#,##0.00' } : {},
    }))
    let serial = 0
    for (const { rows } of sections) {
      for await (const row of rows) {
        serial++
        page
          .addRow(
            sheet.columns.map(({ key, kind, choices }) => {
              const value = kind === 'serial' ? serial : (row[key] ?? null)
              if (value === null || typeof value === 'number') return value
              if (figures.has(kind)) return Number(value)
              return choices?.find((choice) => choice.value === value)?.label ?? value
            }),
          )
          .commit()
      }
    }
    page.commit()
    await book.commit()
  },
}

const county = openCounty({ dsn, schema }, { max: 2 })
const seconds = await county.transaction({ readOnly: true, timeout: 600_000 }, async (tx) => {
  const actor = systemActor(await allKeys(tx))
  const began = performance.now()
  await writers[writer]?.(await filteredRegister(tx, actor, {}, '2026-03-01'))
  return (performance.now() - began) / 1000
})
await county.driver.end()
process.stdout.write(JSON.stringify({ seconds, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }))
