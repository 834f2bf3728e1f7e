import { readFile } from 'node:fs/promises'
import { damaged, ImportRefused } from '../refused.ts'
import { columnName } from './columns.ts'
import type { Cells, Container, ReadEvent, ReadOptions, SheetRow } from './events.ts'
import { checkCell, limits, tooLarge } from './limits.ts'
import { isRounded, numberText, readFormat } from './number-format.ts'
import { storedText } from './xml.ts'
import { passworded } from './zip.ts'

type Cell = { t: string; v?: unknown; w?: string; z?: string | number }

/** Reads the older formats (.xls, .et, Excel 2003 XML, HTML tables) by a library that holds the file in memory. */
export async function* readLegacy(path: string, container: Container, options: ReadOptions): AsyncGenerator<ReadEvent> {
  const { read, utils } = await import('@e965/xlsx')
  const bytes = await readFile(path)
  let workbook: ReturnType<typeof read>
  try {
    const raw = container === 'html'
    workbook = read(bytes, { type: 'buffer', dense: true, cellNF: true, cellFormula: false, cellHTML: false, raw })
  } catch (error) {
    if (error instanceof Error && /password|encrypt/i.test(error.message)) throw passworded()
    throw damaged('旧版表格')
  }
  if (workbook.SheetNames.length === 0) throw new ImportRefused('文件里没有工作表。请检查文件，另存为 .xlsx 再上传。')
  yield { kind: 'container', container }
  const date1904 = workbook.Workbook?.WBProps?.date1904 === true
  for (const [index, name] of workbook.SheetNames.entries()) {
    if (options.worksheet !== undefined && name !== options.worksheet) continue
    const sheet = workbook.Sheets[name]
    if (!sheet) continue
    const hidden = (workbook.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0
    const merges = options.merges ? (sheet['!merges'] ?? []).slice(0, limits.merges).map(utils.encode_range) : []
    yield { kind: 'sheet', index, name, hidden, merges }
    let filled = 0
    const lines: unknown = sheet['!data']
    for (const [at, line] of Array.isArray(lines) ? lines.entries() : []) {
      if (filled === options.rows) break
      const row = rowOf(line, at + 1, date1904)
      if (!row) continue
      if (++filled > limits.rows) throw tooLarge(`一张工作表超出 ${limits.rows} 行`)
      if (sheet['!rows']?.[at]?.hidden) row.hidden = true
      yield row
    }
  }
}

function rowOf(line: unknown, row: number, date1904: boolean): SheetRow | null {
  if (!Array.isArray(line)) return null
  const cells: Cells = {}
  const told: Pick<SheetRow, 'errors' | 'rounded'> = {}
  let filled = false
  for (const [at, cell] of (line as (Cell | undefined)[]).entries()) {
    const text = cell === undefined || cell === null ? '' : textOf(cell, date1904)
    if (text === '') continue
    const name = columnName(at + 1)
    cells[name] = checkCell(text, name, row)
    filled = true
    if (cell?.t === 'e') told.errors = [...(told.errors ?? []), name]
    else if (cell?.t === 'n' && isRounded(text)) told.rounded = [...(told.rounded ?? []), name]
  }
  if (!filled) return null
  return { kind: 'row', row, cells, ...told }
}

function textOf(cell: Cell, date1904: boolean): string {
  if (cell.t === 'z' || cell.v === undefined || cell.v === null) return ''
  if (cell.t === 'e') return cell.w ?? '#N/A'
  if (cell.t === 'b') return cell.v ? 'TRUE' : 'FALSE'
  if (cell.v instanceof Date)
    return cell.v
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ')
      .replace(/ 00:00:00$/, '')
  if (typeof cell.v === 'number') {
    return numberText(cell.v, typeof cell.z === 'string' ? readFormat(cell.z) : { kind: 'plain' }, date1904)
  }
  return storedText(String(cell.v))
}
