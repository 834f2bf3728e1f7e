import { columnName } from '../reading/columns.ts'
import type { SheetRow } from '../reading/events.ts'
import { readWorkbook } from '../reading/workbook.ts'
import { type Block, shifted, withinBlock } from '../recognising/blocks.ts'
import type { Column } from '../recognising/columns.ts'
import { buildDictionary, type Dictionary } from '../recognising/dictionary.ts'
import { beginsTable } from '../recognising/header-rows.ts'
import { type RecogniseOptions, type Recognition, recognise } from '../recognising/recognise.ts'
import { type RowRole, RowRoles } from '../recognising/rows.ts'
import type { ImportTarget, InterpretedRow, Question } from '../target.ts'
import { Contradictions } from './contradictions.ts'
import { Notices } from './notices.ts'
import { RowReader } from './row-reader.ts'
import { SpanReader } from './spans.ts'
import { Sums } from './sums.ts'
import { type DeclaredTotal, Totals } from './totals.ts'

export type InterpretOptions = RecogniseOptions & {
  /** Values that fill blank cells: the chosen unit and track. */
  defaults?: Readonly<Record<string, string>>
}

/** What a file says for a target, before the database is asked. Complete once `rows` has been read to its end. */
export type Interpretation = {
  recognition: Recognition
  /** Data rows in file order; may be read again. */
  rows(): AsyncGenerator<InterpretedRow>
  summary: Summary
}

export type Summary = {
  /** Data rows; totals, headings and notes are left out. */
  read: number
  wrong: number
  /** By field key over the rows that are not wrong: 元, ㎡. */
  sums: Record<string, string>
  totals: DeclaredTotal[]
  /** Rows below the header that became nothing: totals, headings, notes; the first thousand. */
  leftOut: { row: number; role: RowRole }[]
  questions: Question[]
  /** Chinese sentences: what a person should know and need not answer. */
  notices: string[]
}

/** Reads a file for a target in two passes: the first rows to understand the table, then every row. */
export async function interpret(
  path: string,
  target: ImportTarget,
  options: InterpretOptions = {},
): Promise<Interpretation> {
  const recognition = await recognise(path, target, options)
  const summary: Summary = { read: 0, wrong: 0, sums: {}, totals: [], leftOut: [], questions: [], notices: [] }
  return { recognition, summary, rows: () => readRows(path, target, recognition, options, summary) }
}

/** Tables side by side are read one after the other, each to its end. */
async function* readRows(
  path: string,
  target: ImportTarget,
  recognition: Recognition,
  options: InterpretOptions,
  summary: Summary,
): AsyncGenerator<InterpretedRow> {
  const { columns, blocks } = recognition
  const gathered: Gathered = {
    sums: new Sums(target.fields, columns),
    totals: new Totals(target.fields, columns),
    notices: new Notices(recognition.titles),
  }
  const questions: Question[] = [...recognition.questions]
  const notices: string[] = [...recognition.notices]
  Object.assign(summary, { read: 0, wrong: 0, leftOut: [] })
  for (const [at, block] of blocks.entries()) {
    const own = columns.map((column) => ({ ...column, column: shifted(column.column, block.shift) }))
    if (at > 0) gathered.totals.startBlock((column) => shifted(column, block.shift - (blocks[at - 1]?.shift ?? 0)))
    const table = new Table(target, recognition, own, options, gathered)
    for await (const row of table.read(path, block, summary)) yield at === 0 ? row : { ...row, block: at }
    questions.push(...table.questions())
    notices.push(...table.notices())
  }
  if (blocks.length > 1) {
    const starts = blocks.map(({ from, shift }) => (shift === 0 ? columns[0]?.column : columnName(from))).join('、')
    notices.unshift(`表格左右并排了 ${blocks.length} 段（从 ${starts} 列起），已从左到右逐段读入。`)
  }
  summary.sums = gathered.sums.result()
  summary.totals = gathered.totals.result()
  summary.questions = questions
  summary.notices = [...new Set([...notices, ...gathered.notices.result()])]
}

type Gathered = { sums: Sums; totals: Totals; notices: Notices }

/** One table of a worksheet, of which several may stand side by side. */
class Table {
  readonly #recognition: Recognition
  readonly #gathered: Gathered
  readonly #name: string | null
  readonly #dictionary: Dictionary
  readonly #reader: RowReader
  readonly #roles: RowRoles
  /** Roles of the first table's rows: a 合计 that stands only there speaks for those beside it. */
  readonly #firstRoles: RowRoles
  readonly #spans: SpanReader
  readonly #contradictions: Contradictions

  constructor(
    target: ImportTarget,
    recognition: Recognition,
    columns: readonly Column[],
    options: InterpretOptions,
    gathered: Gathered,
  ) {
    const nameOf = (list: readonly Column[]) => list.find((column) => column.field === target.name)?.column ?? null
    this.#recognition = recognition
    this.#gathered = gathered
    this.#name = nameOf(columns)
    this.#dictionary = buildDictionary(target.fields)
    this.#reader = new RowReader(target, columns, options.defaults ?? {})
    this.#roles = new RowRoles(columns, this.#name, recognition)
    this.#firstRoles = new RowRoles(recognition.columns, nameOf(recognition.columns), recognition)
    this.#spans = new SpanReader(target, columns, recognition.spans)
    this.#contradictions = new Contradictions(target, columns)
  }

  async *read(path: string, block: Block, summary: Summary): AsyncGenerator<InterpretedRow> {
    const { notices, totals, sums } = this.#gathered
    const last = this.#recognition.headerRows.at(-1) ?? 0
    const first = block.shift === 0
    let foreign = false
    for await (const event of readWorkbook(path, { worksheet: this.#recognition.worksheet })) {
      if (event.kind === 'unread') notices.unread(event)
      else if (event.kind === 'sheetEnd') notices.formulas(event.formulas)
      if (event.kind !== 'row' || event.row <= last) continue
      const row = this.#recognition.blocks.length > 1 ? withinBlock(event, block) : event
      let role = this.#roleOf(event, row, first)
      if (foreign && !this.#roles.repeatsHeader(row)) continue
      foreign = role === 'data' && beginsTable(row, this.#dictionary)
      if (foreign) {
        if (first) notices.otherTable(event.row, Object.values(row.cells))
        continue
      }
      if (role === 'data' && this.#isNameless(row) && totals.isUnlabelled(row)) {
        role = 'total'
        notices.sum(event.row)
      }
      if (role === 'total' || role === 'subtotal') totals.declare(row, role)
      else if (role === 'section') totals.startSection(row)
      if (role === 'section' && first) notices.section(event.row, headingOf(row))
      this.#spans.fill(row)
      if (role !== 'data') {
        if (role !== 'empty' && first && summary.leftOut.length < 1000) summary.leftOut.push({ row: event.row, role })
        continue
      }
      const read = this.#reader.read(row)
      read.problems.push(...this.#contradictions.add(row, read))
      if (first) notices.data()
      if (event.hidden && first) notices.hidden(event.row)
      summary.read++
      if (read.problems.some((problem) => problem.severity === 'wrong')) summary.wrong++
      else sums.add(read)
      totals.add(row)
      yield read
    }
  }

  #roleOf(whole: SheetRow, row: SheetRow, first: boolean): RowRole {
    const role = this.#roles.of(row)
    if (first || role !== 'data' || !this.#isNameless(row)) return role
    const [block] = this.#recognition.blocks
    const beside = block ? this.#firstRoles.of(withinBlock(whole, block)) : 'data'
    return beside === 'empty' ? role : beside
  }

  #isNameless(row: SheetRow): boolean {
    return this.#name === null || !row.cells[this.#name]?.trim()
  }

  questions(): Question[] {
    return [...this.#reader.questions(), ...this.#contradictions.questions()]
  }

  notices(): string[] {
    const asked = new Set(this.#recognition.questions.flatMap(({ column }) => column ?? []))
    return [...this.#spans.notices(), ...this.#contradictions.notices(asked)]
  }
}

/** 一、房屋 or, where number and text stand in cells of their own, 一 房屋. */
function headingOf(row: SheetRow): string {
  const texts = Object.values(row.cells).filter((text) => text.trim() !== '' && !/\d/.test(text))
  return texts.slice(0, 2).join(' ') || (Object.values(row.cells)[0] ?? '')
}
