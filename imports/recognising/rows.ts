import type { SheetRow } from '../reading/events.ts'
import type { Column } from './columns.ts'
import { normalised } from './header.ts'
import { columnsOf, isFigureText } from './sample.ts'

/** What a row below the header is: only data rows become anything. */
export type RowRole = 'data' | 'total' | 'subtotal' | 'section' | 'note' | 'header' | 'empty'

const total = /^(?:本页|本表|本村|本镇|全村|全镇|.{0,12})?(?:合计|总计|共计|累计|小计)(?:\(.{0,12}\))?:?(?:total)?$/i
/** A total of everything above; any other, such as 小计 or 商铺合计, is one of a part. */
const whole = /^(?:本表|全?本?[村镇乡])?(?:合|总|共)计/
const note =
  /^(?:注\d*[:.、]|备注:|说明:|填表说明|填报说明|附注|\d*[.、]?注:)|^(?:填表|制表|填报|审核|复核|负责|经办|编制|单位负责|分管|主管|会计|出纳|监督)[^:]{0,10}:|(?:签字|签章|盖章|公章)\)?:?$|^.{1,20}\((?:签字|签章|盖章|公章)\):|^\d{4}年\d{1,2}月\d{1,2}日$/
const section = /^(?:[一二三四五六七八九十]+[、.)]|\([一二三四五六七八九十]+\)|第.{1,3}部分|以下|其中:?$)/

/** Tells data rows from totals, headings, notes, signatures and repeated headers. */
export class RowRoles {
  readonly #serials: ReadonlySet<string>
  readonly #nameColumn: string | null
  readonly #leaves: readonly { column: string; leaf: string }[]
  readonly #headings: ReadonlySet<number>

  constructor(columns: readonly Column[], nameColumn: string | null, headings: readonly number[] = []) {
    this.#headings = new Set(headings)
    this.#serials = new Set(columns.filter((column) => column.serial).map((column) => column.column))
    this.#nameColumn = nameColumn
    this.#leaves = columns.map(({ column, header }) => ({ column, leaf: normalised(header.replace(/^.*>/, '')) }))
  }

  of(row: SheetRow): RowRole {
    const filled = columnsOf(row)
    const first = filled[0]
    if (first === undefined) return 'empty'
    const text = plain(row.cells[first])
    if (filled.every((column) => this.#serials.has(column))) return isFigureText(text) ? 'empty' : textRole(text)
    if (this.#isHeaderAgain(row) || isNumbering(row, filled)) return 'header'
    const label = totalLabel(row, filled.slice(0, 3), this.#nameColumn)
    if (label !== null) return whole.test(label) ? 'total' : 'subtotal'
    if (note.test(text)) return 'note'
    if (filled.length > 1) return 'data'
    if (this.#headings.has(row.row)) return textRole(text)
    // A lone figure is told as a row without a name rather than passed over.
    if (first !== this.#nameColumn) return isFigureText(text) ? 'data' : textRole(text)
    return section.test(text) ? 'section' : 'data'
  }

  /** A page break repeats the header in some ledgers. */
  #isHeaderAgain(row: SheetRow): boolean {
    let same = 0
    for (const { column, leaf } of this.#leaves) {
      const text = row.cells[column]
      if (text === undefined || text.length > leaf.length + 12) continue
      if ((text.startsWith('*') || text.includes(leaf[0] ?? '')) && normalised(text) === leaf) same++
    }
    return same >= 2
  }
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

/** 1 2 3 4 … below a header numbers the columns. */
function isNumbering(row: SheetRow, filled: readonly string[]): boolean {
  if (filled.length < 4) return false
  const numbers = filled.map((column) => plain(row.cells[column]).replace(/[()栏列]/g, ''))
  return numbers.every(
    (text, at) =>
      at === 0 || (/^\d+$/.test(text) && Number(text) === Number(numbers[at - 1]) + 1) || (at === 1 && text === '1'),
  )
}
