import { asked } from '../answers.ts'
import type { SheetRow } from '../reading/events.ts'
import type { Column } from '../recognising/columns.ts'
import { rowList } from '../recognising/row-list.ts'
import { isFigureText } from '../recognising/sample.ts'
import { choiceLabel, type Field } from '../sheets/fields.ts'
import type { ImportTarget, InterpretedRow, RowProblem } from '../target.ts'
import { areaUnit } from '../values/area.ts'
import { isErrorText } from '../values/parsed.ts'
import { isFigure, parseValue } from '../values/value.ts'
import type { Words } from './words.ts'

/** Why a cell cannot be read at all; null when it can, as nearly all can. */
function faultOf(source: SheetRow, column: string, text: string): string | null {
  if (source.uncomputed === undefined && source.errors === undefined && !text.startsWith('#')) return null
  if (source.uncomputed?.includes(column)) return '公式没有保存结果，请用 WPS 或 Excel 打开并保存后再上传。'
  if (source.errors?.includes(column) || (text.startsWith('#') && isErrorText(text)))
    return `公式出错（${text}），请改为实际的内容。`
  if (text.startsWith('###') && /^#{3,}$/.test(text))
    return `「${text}」是列太窄时另存出来的，原来的内容已丢失，请拉宽该列后重新另存。`
  return null
}

/** A date whose cell shows no day says none: 2015年3月 is stored with its first day. */
function asShown(source: SheetRow, { column }: Column, text: string): string {
  if (source.years?.includes(column)) return text.slice(0, 4)
  return source.months?.includes(column) ? text.slice(0, 7) : text
}

/** 租期(年) over 3 says 3年; as text the figure alone would say nothing. */
function withMeasure(text: string, { kind }: Field, { unit }: Column): string {
  return kind === 'text' && unit !== null && isFigureText(text) && /[\d.]$/.test(text) ? `${text}${unit}` : text
}

/** What counts lines: 1, 1.2, (3), 一、, ①. */
const counting = /^[\d\s.,、()（）〇一二三四五六七八九十百①-⑳０-９．-]+$/
/** Rows told of at most. */
const remembered = 1000

type Measured = { area: string; unit: string }

/** The one area column of a file that counts nothing else, and the column that names its unit row by row. */
function measuredIn(target: ImportTarget, columns: readonly Column[]): Measured | null {
  const areas = columns.filter(({ field }) => target.fields.find(({ key }) => key === field)?.kind === 'area')
  const unit = columns.find(({ field }) => field === 'unitOfMeasure')
  const [area] = areas
  if (!area || !unit || areas.length > 1 || area.unit !== null) return null
  return columns.some(({ field }) => field === 'quantity') ? null : { area: area.column, unit: unit.column }
}

/** Reads rows of one table into values of a target, and gathers what had to be guessed. */
export class RowReader {
  readonly #target: ImportTarget
  readonly #columns: { column: Column; field: Field | null }[]
  readonly #defaults: Readonly<Record<string, string>>
  readonly #serials: readonly Column[]
  /** Columns that are read or stand among those with names. */
  readonly #inside: ReadonlySet<string>
  /** Rows that hold something to the right of them. */
  readonly #beyond = new Map<number, string[]>()
  /** 面积 without a unit beside 计量单位, and whether a row was read by it. */
  readonly #measured: Measured | null
  #byMeasure = false
  readonly #words: Words

  constructor(
    target: ImportTarget,
    columns: readonly Column[],
    defaults: Readonly<Record<string, string>>,
    words: Words,
  ) {
    this.#words = words
    this.#target = target
    this.#defaults = defaults
    this.#serials = columns.filter(({ serial }) => serial)
    const last = columns.findLastIndex(({ header, column }) => header !== `${column}列`)
    this.#inside = new Set(columns.filter(({ field }, at) => at <= last || field !== null).map(({ column }) => column))
    this.#measured = measuredIn(target, columns)
    this.#columns = columns
      .filter((column) => !column.serial)
      .map((column) => ({ column, field: target.fields.find((field) => field.key === column.field) ?? null }))
  }

  read(source: SheetRow): InterpretedRow {
    const row: InterpretedRow = { row: source.row, values: {}, extras: {}, written: {}, problems: [] }
    for (const { column, field } of this.#columns) {
      const text = this.#measuredText(source, column)
      const fault = faultOf(source, column.column, text)
      if (fault !== null) this.#refuse(row, column, field, fault)
      else if (field)
        this.#readField(row, source, column, field, field.kind === 'date' ? asShown(source, column, text) : text)
      else if (text !== '') row.extras[column.header] = text
    }
    this.#keepOthers(row, source)
    for (const key in this.#defaults) row.values[key] ??= this.#defaults[key] ?? ''
    for (const key of this.#target.required) {
      if (row.values[key] !== undefined) continue
      if (row.problems.some((problem) => problem.field === key && problem.severity === 'wrong')) continue
      const field = this.#target.fields.find((candidate) => candidate.key === key)
      row.problems.push(this.#problem(row, key, `没有写${field?.label ?? key}，请补写。`, 'wrong'))
    }
    for (const problem of this.#target.check(row, this.#defaults)) {
      row.problems.push(this.#problem(row, problem.field, problem.message, problem.severity))
    }
    return row
  }

  /** A cell's text; an area takes the unit that its row names in a column of its own. */
  #measuredText({ cells }: SheetRow, { column }: Column): string {
    const text = cells[column]?.trim() ?? ''
    if (this.#measured?.area !== column || !/^[\d.,]+$/.test(text)) return text
    const unit = areaUnit(cells[this.#measured.unit]?.trim() ?? '')
    if (unit === null) return text
    this.#byMeasure = true
    return `${text}${unit}`
  }

  /** A 序号 that is more than a number, and cells in columns that only later rows fill. */
  #keepOthers(row: InterpretedRow, source: SheetRow): void {
    for (const { column, header } of this.#serials) {
      const text = source.cells[column]?.trim()
      if (text && !counting.test(text)) row.extras[header] = text
    }
    for (const column in source.cells) {
      const text = this.#inside.has(column) ? undefined : source.cells[column]?.trim()
      if (!text) continue
      row.extras[`${column}列`] = text
      if (this.#beyond.size < remembered) this.#beyond.set(row.row, [...(this.#beyond.get(row.row) ?? []), column])
    }
  }

  /** What a cell should hold is not in the file: a figure cannot do without, a text is told. */
  #refuse(row: InterpretedRow, column: Column, field: Field | null, message: string): void {
    const needed = field !== null && (isFigure(field) || this.#target.required.includes(field.key))
    const severity = needed ? 'wrong' : 'told'
    row.problems.push({ row: row.row, column: column.column, field: field?.key ?? null, message, severity })
  }

  #readField(row: InterpretedRow, source: SheetRow, column: Column, field: Field, text: string): void {
    if (text === '') return
    if (source.rounded?.includes(column.column) && !isFigure(field)) {
      row.extras[column.header] = text
      const message = `「${text}」超过 15 位，末尾几位已被表格软件改成 0，请以文本重新填写。原文已作为附加栏目保留。`
      row.problems.push(this.#problem(row, field.key, message, 'told'))
      return
    }
    const answer = field.kind === 'choice' ? this.#words.answer(field, text) : undefined
    if (answer !== undefined) {
      this.#words.add(column, field, text, null, row.row)
      if (answer === null) {
        row.extras[column.header] = text
        return
      }
      row.values[field.key] = answer
      if (answer !== text) this.#keepWritten(row, column, field, text, answer)
      return
    }
    const parsed = parseValue(withMeasure(text, field, column), field, column.unit ?? undefined)
    if (parsed.value !== null) {
      row.values[field.key] = parsed.value
      if (parsed.value !== text) this.#keepWritten(row, column, field, text, parsed.value)
    }
    if (parsed.problem === undefined) return
    const problem = parsed.problem.replace(text, () => asked(text))
    if (field.kind === 'choice') this.#words.add(column, field, text, parsed.guess ?? null, row.row)
    const unread = parsed.value === null
    const wrong = unread && (isFigure(field) || this.#target.required.includes(field.key))
    if (wrong) row.written[field.key] = text
    if (unread && !wrong) row.extras[column.header] = text
    const message = unread && !wrong ? `${problem}原文已作为附加栏目保留。` : problem
    row.problems.push(this.#problem(row, field.key, message, wrong ? 'wrong' : 'told'))
  }

  #keepWritten(row: InterpretedRow, column: Column, field: Field, text: string, value: string): void {
    if (isFigure(field) && /^[\d.]+$/.test(text) && Number(text) === Number(value)) return
    if (field.kind === 'text' || field.kind === 'longText') return
    if (choiceLabel(field.choices, value) === text) return
    const bare = /[\d.,)]$/.test(text) && column.unit !== null && column.unit !== field.unit
    row.written[field.key] = bare && isFigure(field) ? `${text}${column.unit}` : text
  }

  #problem(row: InterpretedRow, field: string | null, message: string, severity: RowProblem['severity']): RowProblem {
    const found = this.#columns.find((known) => field !== null && known.field?.key === field)
    return { row: row.row, column: found?.column.column ?? null, field, message, severity }
  }

  notices(): string[] {
    const { area, unit } = this.#measured ?? {}
    const measured = this.#byMeasure ? [`${area} 列没有写单位，按同一行 ${unit} 列里的亩、平方米等读入。`] : []
    if (this.#beyond.size === 0) return measured
    const columns = [...new Set([...this.#beyond.values()].flat())].slice(0, 5).join('、')
    return [
      ...measured,
      `${rowList([...this.#beyond.keys()])}在表头右边（${columns} 列）还有内容，已作为附加栏目保留；是数字里的逗号把一格分成了两格的，请改正后重新上传。`,
    ]
  }
}
