import type { Cells, SheetRow } from '../reading/events.ts'
import type { Field } from '../sheets/fields.ts'
import { isBlank, plainText } from '../values/parsed.ts'
import { isFigure } from '../values/value.ts'
import type { Column } from './columns.ts'
import { normalised } from './header.ts'
import { columnsOf, isFigureText } from './sample.ts'

/** What a row below the header is: only data rows become anything. */
export type RowRole = 'data' | 'total' | 'subtotal' | 'section' | 'note' | 'header' | 'empty'

const total =
  /^(?:本页|本表|本村|本镇|全村|全镇|.{0,12})?(?:合计|总计|共计|累计|小计|汇总)(?:\(.{0,12}\)|金额|面积|数|[共计]?\d+[处项宗件台个套栋间座幢辆笔户条])?:?(?:total)?$|^(?:合计|总计|共计|累计|小计)(?:\(.{0,12}\))?:.*$|^(?:总?共|计)\d+[处项宗件台个套栋间座幢辆笔户条]$|^(?:grand)?total:?$/i
/** How many, where a total names it: 12处, 共3项. */
const count = /^[共计]?\d+[处项宗件台个套栋间座幢辆笔户条]$/
/** As Panhuo numbers what it holds. */
const ownCode = /^\d{14}$/
/** A total of everything above; any other, such as 小计 or 商铺合计, is one of a part. */
const whole = /^(?:本表|全?本?[村镇乡])?(?:总?合|总|共|累)计|^总?汇总|^总?共\d|^(?:grand)?total/i
const note =
  /^(?:注\d*[:.、]|备注:|说明:|填表说明|填报说明|附注|\d*[.、]?注:)|^(?:填表|制表|填报|审核|复核|负责|经办|编制|单位负责|分管|主管|会计|出纳|监督)[^:]{0,10}:|(?:签字|签章|盖章|公章)\)?:?$|^.{1,20}\((?:签字|签章|盖章|公章)\):|^\d{4}年\d{1,2}月\d{1,2}日$|^第\d+页/
/** Words that open a note where a row's number should stand. */
const noteLabel = /^(?:备注|说明|附注|注)$/
const section = /^(?:[一二三四五六七八九十]+[、.)]|\([一二三四五六七八九十]+\)|第.{1,3}部分|以下|其中:?)/
/** A place or a unit alone in the name column heads the rows below it. */
const place = /^(?:.{1,12}(?:村|社区|居委会|村委会|镇|乡|街道|办事处|总支)|.{0,12}[一二三四五六七八九十\d]组)$/
/** What some reckon below their total. */
const reckoned = /^(?:平均(?:值|数|每[项处])?|占比|比例|同比|[上去]年(?:同期)?数?)$/
/** What is written below the last row of a form, so that nothing can be added. */
const ended = /^(?:本页)?以下(?:为?空白|无正文|无内容)$/

/** Whether a text is 一, 一、房屋 or （一）房屋, as the headings of an outline are. */
export function isNumbered(text: string): boolean {
  return /^(?:[一二三四五六七八九十]{1,3}(?:[、.)]|$)|\([一二三四五六七八九十]{1,3}\))/.test(plain(text))
}

/** Tells data rows from totals, headings, notes, signatures and repeated headers. */
export class RowRoles {
  readonly #serials: ReadonlySet<string>
  readonly #nameColumn: string | null
  readonly #figures: ReadonlySet<string>
  readonly #headers: readonly ReadonlyMap<string, { text: string; key: string }>[]
  readonly #outlined: boolean
  readonly #headings: ReadonlySet<number>

  constructor(
    columns: readonly Column[],
    nameColumn: string | null,
    {
      headerCells,
      headings,
      outlined,
    }: { headerCells: readonly Cells[]; headings: readonly number[]; outlined: boolean },
    fields: readonly Field[],
  ) {
    const figures = new Set(fields.filter(isFigure).map(({ key }) => key))
    this.#figures = new Set(columns.filter(({ field }) => figures.has(field ?? '')).map(({ column }) => column))
    this.#outlined = outlined
    this.#headings = new Set(headings)
    this.#serials = new Set(columns.filter((column) => column.serial).map((column) => column.column))
    this.#nameColumn = nameColumn
    this.#headers = headerCells.map(
      (cells) => new Map(Object.entries(cells).map(([column, text]) => [column, { text, key: normalised(text) }])),
    )
  }

  /** `filled` are the columns that hold something, where the caller knows them. */
  of(row: SheetRow, filled: readonly string[] = columnsOf(row)): RowRole {
    const first = filled[0]
    if (first === undefined) return 'empty'
    const text = plain(row.cells[first])
    if (filled.every((column) => this.#serials.has(column))) return isFigureText(text) ? 'empty' : textRole(text)
    if (this.repeatsHeader(row, filled) || isNumbering(row, filled)) return 'header'
    const label = totalLabel(row, filled, this.#nameColumn, this.#figures)
    if (label !== null) return whole.test(label) ? 'total' : 'subtotal'
    if ((note.test(text) || noteLabel.test(text)) && !this.#isNamed(row, first)) return 'note'
    if (reckoned.test(text)) return 'note'
    const named = filled.filter((column) => !this.#serials.has(column))
    if (named.length === 1 && ended.test(plain(row.cells[named[0] ?? '']))) return 'note'
    if (filled.length > 1) return this.#isHeadingWithSums(row, filled) ? 'section' : 'data'
    if (this.#headings.has(row.row)) return textRole(text)
    // A lone figure is told as a row without a name rather than passed over.
    if (first !== this.#nameColumn) return isFigureText(text) ? 'data' : textRole(text)
    return section.test(text) || place.test(text) ? 'section' : 'data'
  }

  /** 说明：牌 with a cost behind it is an asset, whatever its name begins with. */
  #isNamed(row: SheetRow, first: string): boolean {
    return first === this.#nameColumn && [...this.#figures].some((column) => isFigureText(row.cells[column] ?? ''))
  }

  /** 一、房屋 with nothing but figures behind it: the sums of the rows below, or of 其中 the row above. */
  #isHeadingWithSums(row: SheetRow, filled: readonly string[]): boolean {
    const label = filled.find((column) => !isFigureText(row.cells[column] ?? ''))
    if (label === undefined) return false
    const text = plain(row.cells[label])
    if (!/^其中/.test(text) && !(this.#outlined && isNumbered(text))) return false
    return filled.every(
      (column) =>
        column === label ||
        column === this.#nameColumn ||
        isFigureText(row.cells[column] ?? '') ||
        isBlank(row.cells[column] ?? ''),
    )
  }

  /** A page break repeats the header in some ledgers; another table's header has other names in the same columns. */
  repeatsHeader(row: SheetRow, filled: readonly string[] = columnsOf(row)): boolean {
    const needed = Math.max(2, filled.length * 0.8)
    return this.#headers.some((header) => {
      let same = 0
      for (let at = 0; at < filled.length && same + filled.length - at >= needed; at++) {
        const column = filled[at] ?? ''
        const text = row.cells[column] ?? ''
        const own = header.get(column)
        if (own === undefined || text.length > own.text.length + 12) continue
        if (text === own.text || (text.includes(own.key[0] ?? '') && normalised(text) === own.key)) same++
      }
      return same >= needed
    })
  }
}

function textRole(text: string): RowRole {
  return total.test(text) ? 'empty' : note.test(text) ? 'note' : 'section'
}

function plain(text: string | undefined): string {
  const given = text ?? ''
  return plainText.test(given) ? given : given.normalize('NFKC').replace(/\s/g, '')
}

/** 合计 in one of the first cells; the row's own name must not say something else, nor a code whose row it is. */
function totalLabel(
  row: SheetRow,
  filled: readonly string[],
  nameColumn: string | null,
  figures: ReadonlySet<string>,
): string | null {
  for (const column of filled.slice(0, 3)) {
    const text = plain(row.cells[column])
    if (!total.test(text)) continue
    if (filled.some((other) => !figures.has(other) && ownCode.test(row.cells[other] ?? ''))) return null
    const name = nameColumn === null ? '' : plain(row.cells[nameColumn])
    if (isBlank(name) || name === text || total.test(name) || isFigureText(name) || count.test(name)) return text
  }
  return null
}

/** 1 2 3 4 …, 甲 乙 1 2 … or 栏次 1 2 3=1-2 … below a header numbers the columns. */
function isNumbering(row: SheetRow, filled: readonly string[]): boolean {
  if (filled.length < 4 || filled.some((column) => (row.cells[column]?.length ?? 0) > 12)) return false
  const numbered = (column: string) => plain(row.cells[column]).replace(/[()栏列]/g, '')
  // However they are numbered, the last has a figure.
  if (!/^\d/.test(numbered(filled.at(-1) ?? ''))) return false
  const texts = filled.map(numbered)
  const first = texts.findIndex((text, at) => at > 0 && /^1$/.test(text))
  if (first > 0 && first <= texts.length - 2 && texts.slice(0, first).every(isLetter)) {
    return texts.slice(first).every((text, at) => new RegExp(`^${at + 1}(?:=.*)?$`).test(text))
  }
  return texts.every(
    (text, at) =>
      at === 0 || (/^\d+$/.test(text) && Number(text) === Number(texts[at - 1]) + 1) || (at === 1 && text === '1'),
  )
}

function isLetter(text: string): boolean {
  return /^(?:[甲乙丙丁戊己庚辛壬癸A-Z]|[次号]|行次|序号|栏次)$/.test(text)
}
