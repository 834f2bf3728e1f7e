import type { TestApp } from './app.ts'
import type { Account } from './county.ts'
import { fetched } from './download.ts'

type Cell = string | number | null
/** One sheet as it lies on a desk: rows are found by their 行号, or by the first that is empty. */
export type Desk = {
  set(no: number, cells: Readonly<Record<string, Cell>>): void
  add(cells: Readonly<Record<string, Cell>>): void
  remove(no: number): void
  title(text: (line: string) => string): void
}

/** Downloads the 盘点单 of a count as a person, fills it in, and gives it back as bytes. */
export async function filledSheet(
  test: TestApp,
  account: Account,
  no: string,
  fill: (desk: Desk) => void = () => undefined,
): Promise<Uint8Array> {
  const { workbook: book } = await fetched(test, account, `/inventory/counts/${no}/count-sheet.xlsx`)
  const sheet = book.getWorksheet('盘点单')
  if (!sheet) throw new Error('no 盘点单')
  const columns = new Map<string, number>()
  let header = 0
  sheet.eachRow((row, at) => {
    if (header > 0 && at > header + 1) return
    row.eachCell((cell, column) => {
      const text = String(cell.value).replace(/\(元\)$/, '')
      if (text === '行号') header = at
      if (header > 0 || text === '清查数量') columns.set(text, columns.get(text) ?? column)
    })
  })
  const at = (name: string) => {
    const column = columns.get(name)
    if (!column) throw new Error(`no column ${name} among ${[...columns.keys()].join()}`)
    return column
  }
  const rowOf = (line: number) => {
    for (let row = header + 1; row <= sheet.rowCount; row++) {
      if (String(sheet.getCell(row, at('行号')).value ?? '') === String(line)) return row
    }
    throw new Error(`no line ${line}`)
  }
  const put = (row: number, cells: Readonly<Record<string, Cell>>) => {
    for (const [name, value] of Object.entries(cells)) sheet.getCell(row, at(name)).value = value
  }
  let free = 0
  fill({
    set: (line, cells) => put(rowOf(line), cells),
    add: (cells) => {
      if (free === 0) {
        for (let row = header + 1; row <= sheet.rowCount; row++) {
          if (String(sheet.getCell(row, 1).value ?? '').startsWith('盘盈')) free = row + 1
        }
      }
      put(free++, cells)
    },
    remove: (line) => {
      const row = rowOf(line)
      for (const column of columns.values()) sheet.getCell(row, column).value = null
    },
    title: (text) => {
      for (let row = 1; row < header; row++) {
        sheet.getRow(row).eachCell((cell) => {
          cell.value = text(String(cell.value))
        })
      }
    },
  })
  return new Uint8Array(await book.xlsx.writeBuffer())
}
