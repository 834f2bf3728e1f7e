import { mended } from '../mending.ts'
import type { SheetRow } from '../reading/events.ts'
import { type Block, lastColumn, withinBlock } from '../recognising/blocks.ts'
import type { Column } from '../recognising/columns.ts'
import { buildDictionary, type Dictionary } from '../recognising/dictionary.ts'
import { beginsTable } from '../recognising/header-rows.ts'
import type { Recognition } from '../recognising/recognise.ts'
import { type RowRole, RowRoles } from '../recognising/rows.ts'
import { columnsOf } from '../recognising/sample.ts'
import { eventsOf } from '../recognising/tables.ts'
import type { ImportTarget, InterpretedRow, Question } from '../target.ts'
import { Contradictions } from './contradictions.ts'
import type { Notices } from './notices.ts'
import { RowReader } from './row-reader.ts'
import { SpanReader } from './spans.ts'
import type { Totals } from './totals.ts'
import type { Words } from './words.ts'

/** Rows that became something, and the first thousand that did not. */
export type Counts = { read: number; wrong: number; leftOut: { row: number; role: RowRole }[] }

/** What the tables of a worksheet come to together. */
export type Gathered = {
  totals: Totals
  notices: Notices
  words: Words
  onShare: (share: number) => void
}

/** One table of a worksheet, of which several may stand side by side. */
export class Table {
  readonly #target: ImportTarget
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
    defaults: Readonly<Record<string, string>>,
    gathered: Gathered,
  ) {
    const nameOf = (list: readonly Column[]) => list.find((column) => column.field === target.name)?.column ?? null
    this.#target = target
    this.#recognition = recognition
    this.#gathered = gathered
    this.#name = nameOf(columns)
    this.#dictionary = buildDictionary(target.fields)
    this.#reader = new RowReader(target, columns, defaults, gathered.words)
    this.#roles = new RowRoles(columns, this.#name, recognition, target.fields)
    this.#firstRoles = new RowRoles(recognition.columns, nameOf(recognition.columns), recognition, target.fields)
    this.#spans = new SpanReader(target, columns, recognition.spans)
    this.#contradictions = new Contradictions(target, columns)
  }

  async *read(path: string, block: Block, counts: Counts): AsyncGenerator<InterpretedRow> {
    const { notices, totals, onShare } = this.#gathered
    const last = this.#recognition.headerRows.at(-1) ?? 0
    const first = block.shift === 0
    let foreign = false
    for await (const found of eventsOf(path, this.#recognition.worksheet, this.#recognition.whole)) {
      if (found.kind === 'progress') onShare(found.share)
      else if (found.kind === 'unread') notices.unread(found)
      else if (found.kind === 'sheetEnd') notices.formulas(found.formulas)
      if (found.kind !== 'row') continue
      if (found.row <= last) {
        if (first && this.#isEarlierTable(found)) notices.otherTable(found.row, Object.values(found.cells))
        continue
      }
      const event = this.#recognition.reasons === null ? found : mended(found, this.#recognition.reasons)
      const row = block.from > 1 || block.to < lastColumn ? withinBlock(event, block) : event
      const filled = columnsOf(row)
      let role = this.#roleOf(event, row, filled, first)
      if (foreign && !this.#roles.repeatsHeader(row, filled)) {
        if (first && beginsTable(row, this.#dictionary, filled)) notices.otherTable(event.row, Object.values(row.cells))
        continue
      }
      foreign = role === 'data' && beginsTable(row, this.#dictionary, filled)
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
        if (role !== 'empty' && first && counts.leftOut.length < 1000) counts.leftOut.push({ row: event.row, role })
        continue
      }
      const read = this.#reader.read(row)
      this.#explainMerged(read)
      this.#contradictions.add(row, read)
      if (first) notices.data()
      if (event.hidden && first) notices.hidden(event.row)
      counts.read++
      if (read.problems.some((problem) => problem.severity === 'wrong')) counts.wrong++
      totals.add(row)
      yield read
    }
  }

  /** Where a lower table was chosen, those between it and the first one. */
  #isEarlierTable(row: SheetRow): boolean {
    const { before, headerRows } = this.#recognition
    const [top] = before
    return (
      top !== undefined && top.row + 2 < row.row && row.row < (headerRows[0] ?? 0) && beginsTable(row, this.#dictionary)
    )
  }

  /** A name merged over several rows stays with the first: whether they are one asset or several only people know. */
  #explainMerged({ row, problems }: InterpretedRow): void {
    const missing = problems.find(({ field, column }) => field === this.#target.name && column === this.#name)
    const span =
      missing &&
      this.#recognition.spans.find(({ column, top, bottom }) => column === this.#name && top < row && row <= bottom)
    if (!missing || !span) return
    missing.message = `名称与第 ${span.top} 行合并在一格：一项资产的几部分请合成一行，几项资产请分别写名称。`
  }

  #roleOf(whole: SheetRow, row: SheetRow, filled: readonly string[], first: boolean): RowRole {
    const role = this.#roles.of(row, filled)
    if (first || role !== 'data' || !this.#isNameless(row)) return role
    const [block] = this.#recognition.blocks
    const beside = block ? this.#firstRoles.of(withinBlock(whole, block)) : 'data'
    return beside === 'empty' ? role : beside
  }

  #isNameless(row: SheetRow): boolean {
    return this.#name === null || !row.cells[this.#name]?.trim()
  }

  questions(): Question[] {
    return this.#contradictions.questions()
  }

  notices(): string[] {
    const asked = new Set(this.#recognition.questions.flatMap(({ column }) => column ?? []))
    return [...this.#reader.notices(), ...this.#spans.notices(), ...this.#contradictions.notices(asked)]
  }
}

/** 一、房屋 or, where number and text stand in cells of their own, 一 房屋. */
function headingOf(row: SheetRow): string {
  const texts = Object.values(row.cells).filter((text) => text.trim() !== '' && !/\d/.test(text))
  return texts.slice(0, 2).join(' ') || (Object.values(row.cells)[0] ?? '')
}
