import { columnName } from '../reading/columns.ts'
import { shifted } from '../recognising/blocks.ts'
import { normalised } from '../recognising/header.ts'
import { tableQuestions } from '../recognising/questions.ts'
import { type RecogniseOptions, type Recognition, recognise } from '../recognising/recognise.ts'
import { ImportRefused } from '../refused.ts'
import type { ImportTarget, InterpretedRow, Question } from '../target.ts'
import { Notices } from './notices.ts'
import { type Counts, type Gathered, Table } from './table.ts'
import { type DeclaredTotal, Totals } from './totals.ts'
import { Words } from './words.ts'

export type InterpretOptions = RecogniseOptions & {
  /** Values that fill blank cells: the chosen unit and track. */
  defaults?: Readonly<Record<string, string>>
  /** Told how much of the file has been read, from 0 to 1. */
  onShare?: (share: number) => void
}

/** What a file says for a target, before the database is asked. Complete once `rows` has been read to its end. */
export type Interpretation = {
  recognition: Recognition
  /** Data rows in file order; may be read again. */
  rows(): AsyncGenerator<InterpretedRow>
  summary: Summary
}

/** Totals, headings and notes are not among the rows read; they are left out. */
export type Summary = Counts & {
  totals: DeclaredTotal[]
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
  refuseSums(target, recognition)
  const summary: Summary = { read: 0, wrong: 0, totals: [], leftOut: [], questions: [], notices: [] }
  return { recognition, summary, rows: () => readRows(path, target, recognition, options, summary) }
}

/** Whatever is made of the lines of such a sheet is no entry: it is told at once rather than asked about. */
function refuseSums({ sheetsWithout = [], label }: ImportTarget, { titles }: Recognition): void {
  const given = new Set(titles.map(normalised))
  const title = sheetsWithout.find((sheet) => given.has(normalised(sheet)))
  if (title === undefined) return
  throw new ImportRefused(
    `这是《${title}》，只有合计或变动，没有逐项的${label}，不能导入。请改传资产台账或单位自己的明细表。`,
  )
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
    totals: new Totals(target.fields, columns),
    notices: new Notices(recognition.titles),
    onShare: options.onShare ?? (() => undefined),
    words: new Words(recognition.answers),
  }
  const questions: Question[] = [...recognition.questions]
  const notices: string[] = [...recognition.notices]
  Object.assign(summary, { read: 0, wrong: 0, leftOut: [] })
  for (const [at, block] of blocks.entries()) {
    const own = columns.map((column) => ({ ...column, column: shifted(column.column, block.shift) }))
    if (at > 0) gathered.totals.startBlock((column) => shifted(column, block.shift - (blocks[at - 1]?.shift ?? 0)))
    const table = new Table(target, recognition, own, options.defaults ?? {}, gathered)
    for await (const row of table.read(path, block, summary)) yield at === 0 ? row : { ...row, block: at }
    for (const question of table.questions()) addQuestion(questions, question, -block.shift)
    notices.push(...table.notices())
  }
  questions.push(...gathered.words.questions(), ...tablesAsked(recognition, gathered.notices))
  if (blocks.length > 1) {
    const starts = blocks.map(({ from, shift }) => (shift === 0 ? columns[0]?.column : columnName(from))).join('、')
    notices.unshift(`表格左右并排了 ${blocks.length} 段（从 ${starts} 列起），已从左到右逐段读入。`)
  }
  summary.totals = gathered.totals.result()
  summary.questions = questions
  summary.notices = [...new Set([...notices, ...gathered.notices.result()])]
}

/** Tables side by side are the same columns: what one asks, the first has asked, and what is decided of it holds for all. */
function addQuestion(questions: Question[], question: Question, shift: number): void {
  const { column, kind } = question
  if (shift === 0 || column === undefined) {
    questions.push(question)
    return
  }
  const own = shifted(column, shift)
  const key = `${kind}:${own}`
  if (!questions.some((known) => known.key === key)) questions.push({ ...question, key, column: own })
}

function tablesAsked({ head, before, answers }: Recognition, notices: Notices): Question[] {
  return tableQuestions(head, [...before, ...notices.tables()], answers.headerRow !== undefined)
}
