import type { SheetRow } from '../reading/events.ts'
import type { Column } from './columns.ts'
import { normalised } from './header.ts'
import { columnsOf, isFigureText } from './sample.ts'

/** What a row below the header is: only data rows become anything. */
export type RowRole = 'data' | 'total' | 'subtotal' | 'section' | 'note' | 'header' | 'empty'

const total = /^(?:本页|本表|本村|本镇|全村|全镇|.{0,12})?(?:合计|总计|共计|累计|小计)(?:\(.{0,12}\))?:?(?:total)?$/i
const note =
  /^(?:注\d*[:.、]|备注:|说明:|填表说明|填报说明|附注|\d*[.、]?注:)|^(?:填表|制表|填报|审核|复核|负责|经办|编制|单位负责|分管|主管|会计|出纳|监督)[^:]{0,10}:|(?:签字|签章|盖章|公章)\)?:?$|^\d{4}年\d{1,2}月\d{1,2}日$/
const section = /^(?:[一二三四五六七八九十]+[、.)]|\([一二三四五六七八九十]+\)|第.{1,3}部分|以下|其中:?$)/

/** Tells data rows from totals, headings, notes, signatures and repeated headers. */
export function roleOf(row: SheetRow, columns: readonly Column[], nameColumn: string | null): RowRole {
  const filled = columnsOf(row)
  const serials = new Set(columns.filter((column) => column.serial).map((column) => column.column))
  const beyond = filled.filter((column) => !serials.has(column))
  const first = filled[0]
  if (first === undefined) return 'empty'
  const text = plain(row.cells[first])
  if (beyond.length === 0) return isFigureText(text) ? 'empty' : textRole(text)
  if (isHeaderAgain(row, columns)) return 'header'
  if (isNumbering(row, filled)) return 'header'
  const label = totalLabel(row, filled.slice(0, 3), nameColumn)
  if (label !== null)
    return /小计/.test(label) || !/^(?:本页|本表|本.|全.)?(?:合|总|共)计/.test(label) ? 'subtotal' : 'total'
  if (note.test(text)) return 'note'
  if (filled.length === 1) {
    if (first !== nameColumn) return text.length > 0 ? textRole(text) : 'empty'
    if (section.test(text) || note.test(text)) return 'section'
  }
  return 'data'
}

function textRole(text: string): RowRole {
  return total.test(text) ? 'empty' : note.test(text) ? 'note' : 'section'
}

function plain(text: string | undefined): string {
  return (text ?? '').normalize('NFKC').replace(/\s/g, '')
}

/** 合计 in one of the first cells; the row's own name must not say something else. */
function totalLabel(row: SheetRow, first: readonly string[], nameColumn: string | null): string | null {
  for (const column of first) {
    const text = plain(row.cells[column])
    if (!total.test(text)) continue
    const name = nameColumn === null ? '' : plain(row.cells[nameColumn])
    if (name === '' || name === text || total.test(name) || isFigureText(name)) return text
  }
  return null
}

/** A page break repeats the header in some ledgers. */
function isHeaderAgain(row: SheetRow, columns: readonly Column[]): boolean {
  let same = 0
  for (const { column, header } of columns) {
    const text = row.cells[column]
    if (text && normalised(header.replace(/^.*>/, '')) === normalised(text)) same++
  }
  return same >= 2
}

/** 1 2 3 4 … below a header numbers the columns. */
function isNumbering(row: SheetRow, filled: readonly string[]): boolean {
  if (filled.length < 4) return false
  const numbers = filled.map((column) => plain(row.cells[column]).replace(/[()栏列]/g, ''))
  return numbers.every(
    (text, at) =>
      at === 0 || (/^\d+$/.test(text) && Number(text) === Number(numbers[at - 1]) + 1) || (at === 1 && text === '1'),
  )
}
