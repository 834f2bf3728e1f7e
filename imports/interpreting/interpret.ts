import { readWorkbook } from '../reading/workbook.ts'
import { buildDictionary } from '../recognising/dictionary.ts'
import { beginsTable } from '../recognising/header-rows.ts'
import { type RecogniseOptions, type Recognition, recognise } from '../recognising/recognise.ts'
import { type RowRole, RowRoles } from '../recognising/rows.ts'
import type { ImportTarget, InterpretedRow, Question } from '../target.ts'
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
}

/** Reads a file for a target in two passes: the first rows to understand the table, then every row. */
export async function interpret(
  path: string,
  target: ImportTarget,
  options: InterpretOptions = {},
): Promise<Interpretation> {
  const recognition = await recognise(path, target, options)
  const summary: Summary = { read: 0, wrong: 0, sums: {}, totals: [], leftOut: [], questions: [] }
  return { recognition, summary, rows: () => readRows(path, target, recognition, options, summary) }
}

async function* readRows(
  path: string,
  target: ImportTarget,
  recognition: Recognition,
  options: InterpretOptions,
  summary: Summary,
): AsyncGenerator<InterpretedRow> {
  const reader = new RowReader(target, recognition.columns, options.defaults ?? {})
  const sums = new Sums(target.fields, recognition.columns)
  const totals = new Totals(target.fields, recognition.columns)
  const dictionary = buildDictionary(target.fields)
  const name = recognition.columns.find((column) => column.field === target.name)?.column ?? null
  const roles = new RowRoles(recognition.columns, name, recognition.headings)
  const last = recognition.headerRows.at(-1) ?? 0
  const spans = new SpanReader(target, recognition.columns, recognition.spans)
  const left: Question[] = []
  let hidden = 0
  Object.assign(summary, { read: 0, wrong: 0, leftOut: [] })
  for await (const event of readWorkbook(path, { worksheet: recognition.worksheet })) {
    if (event.kind !== 'row' || event.row <= last) continue
    const role = roles.of(event)
    if (role === 'total' || role === 'subtotal') totals.declare(event, role)
    else if (role === 'section') totals.startSection()
    spans.fill(event)
    if (role !== 'data') {
      if (role !== 'empty' && summary.leftOut.length < 1000) summary.leftOut.push({ row: event.row, role })
      continue
    }
    if (beginsTable(event, dictionary)) {
      left.push({ about: `第 ${event.row} 行起是另一张表，怎么处理？`, guess: '不读入，请分成两张工作表另行导入' })
      break
    }
    const row = reader.read(event)
    const wrong = row.problems.some((problem) => problem.severity === 'wrong')
    if (event.hidden) hidden++
    summary.read++
    if (wrong) summary.wrong++
    else sums.add(row)
    totals.add(event)
    yield row
  }
  if (hidden > 0) left.push({ about: `有 ${hidden} 行在表格中被隐藏，要读入吗？`, guess: '一并读入' })
  summary.sums = sums.result()
  summary.totals = totals.result()
  summary.questions = [...recognition.questions, ...reader.questions(), ...spans.questions(), ...left]
}
