import { type Answers, noAnswers, type Recalled, withAnswers } from '../answers.ts'
import { columnName } from '../reading/columns.ts'
import type { Cells } from '../reading/events.ts'
import { limits } from '../reading/limits.ts'
import { ImportRefused } from '../refused.ts'
import type { ImportTarget, Question } from '../target.ts'
import { type Block, findBeside, findBlocks, firstBlock, lastColumn, withinBlock } from './blocks.ts'
import { type Column, readColumns, type Span } from './columns.ts'
import { buildDictionary, type Dictionary } from './dictionary.ts'
import { fingerprintOf } from './fingerprint.ts'
import { normalised } from './header.ts'
import { findHeaderRows, type HeaderRows } from './header-rows.ts'
import { columnQuestions, hiddenParts, otherSheets, type TableHead, worksheetQuestions } from './questions.ts'
import { isNumbered } from './rows.ts'
import { isFigureText, type Sample } from './sample.ts'
import {
  chooseTable,
  endedTable,
  headOf,
  isWide,
  otherTables,
  readSamples,
  type Table,
  tableAt,
  type Whole,
} from './tables.ts'
import { applyUnitLine, applyUnitRow, applyUnits, unitRow } from './unit-line.ts'

export type RecogniseOptions = {
  /** What people decided; the rest is found: the worksheet that looks most like a table of the target, its columns. */
  answers?: Answers
  /** What was decided for an earlier file with the same headers; `answers` go before it. */
  recall?: (fingerprint: string) => Promise<Recalled | null>
}

/** Where the table is in a file, and what its columns mean. */
export type Recognition = {
  worksheet: string
  headerRows: number[]
  columns: Column[]
  questions: Question[]
  /** What was taken of the answers, and of those recalled. */
  answers: Answers
  recalled: boolean
  /** The table that was read, and those above it in the worksheet that were not. */
  head: TableHead
  before: TableHead[]
  /** Merges over several rows of one column below the header. */
  spans: Span[]
  /** Rows below the header whose one cell reaches over the table: headings, whatever column they start in. */
  headings: number[]
  /** Tables side by side under the same headers, from the left; one for an ordinary table. */
  blocks: Block[]
  /** Whether lines numbered 一, 二 head others: then they are no assets themselves. */
  outlined: boolean
  /** Cells of the header rows, for finding them again below a page break. */
  headerCells: Cells[]
  /** Texts above the header, which page breaks repeat. */
  titles: string[]
  /** Columns that only tell what was wrong with the rows; null for a file that is no workbook of wrong rows. */
  reasons: string[] | null
  whole: Whole
  /** What a person should know and need not answer. */
  notices: string[]
  /**
   * Same for every file with the same headers in the same places, whichever table people chose: what they decided is
   * remembered by it.
   */
  fingerprint: string
}

/** Finds the table of a file for a target. A file without one is refused with an ImportRefused. */
export async function recognise(
  path: string,
  target: Pick<ImportTarget, 'fields' | 'label' | 'name' | 'headers' | 'printed'>,
  options: RecogniseOptions = {},
): Promise<Recognition> {
  const given = options.answers ?? noAnswers
  const { samples, whole } = await readSamples(path)
  const dictionary = buildDictionary(target.fields)
  const tables = new Map(samples.map((sample) => [sample, isWide(sample) ? null : findHeaderRows(sample, dictionary)]))
  const found = chooseTable(samples, tables, target, given.worksheet)
  const first = given.worksheet === undefined ? found : chooseTable(samples, tables, target, undefined)
  const untouched = layoutOf(first, dictionary, target)
  const plain = columnsOf(untouched, dictionary, target, noAnswers)
  const fingerprint = fingerprintOf(plain)
  const recalled = (await options.recall?.(fingerprint)) ?? null
  const names = samples.filter((sample) => tables.get(sample)).map(({ sheet }) => sheet.name)
  const answers = recalled ? withAnswers(stillMeant(recalled.answers, given, names), given) : given
  const sheet = answers.worksheet === found.sample.sheet.name || answers.worksheet === undefined ? found : null
  const top = sheet ?? chooseTable(samples, tables, target, answers.worksheet)
  const lower = answers.headerRow === undefined ? null : await tableAt(path, top.sample, dictionary, answers.headerRow)
  if (!lower && given.headerRow !== undefined) {
    throw new ImportRefused(`第 ${given.headerRow} 行没有表头，请另选一张表。`)
  }
  const chosen = lower ?? top
  const layout = chosen === first ? untouched : layoutOf(chosen, dictionary, target)
  refuseMany(layout)
  const kept = recalled
    ? sameHeaders(recalled, given, answers, columnsOf(layout, dictionary, target, noAnswers))
    : answers
  const { sample, header } = layout
  const columns =
    layout === untouched && Object.keys(kept.columns).length === 0 && Object.keys(kept.units).length === 0
      ? plain
      : columnsOf(layout, dictionary, target, kept)
  const others = otherTables(samples, tables, top, dictionary, target)
  const head = { ...headOf(chosen), ...(lower ? { row: answers.headerRow ?? 0 } : {}) }
  const { headerRow: _row, ...elsewhere } = kept
  return {
    worksheet: sample.sheet.name,
    headerRows: [...header.rows.map((row) => row.row), ...(layout.units ? [layout.units.row] : [])],
    columns,
    questions: [
      ...worksheetQuestions(top.sample, others, answers.worksheet !== undefined),
      ...columnQuestions(columns, sample, header, target, kept),
    ],
    answers: lower ? kept : elsewhere,
    recalled: recalled !== null,
    head,
    before: lower && headOf(top).row < head.row ? [headOf(top)] : [],
    spans: spansBelow(sample, header),
    headings: headingsBelow(sample, header, columns.length),
    blocks: layout.blocks,
    outlined: isOutlined(sample, header),
    headerCells: chosen.header.rows.map(({ cells }) => cells),
    titles: titlesOf(chosen.sample, chosen.header),
    reasons: chosen.sample.reasons,
    whole,
    notices: [
      ...(answers.worksheet === undefined ? otherSheets(top.sample, samples, others) : []),
      ...(layout.beside ? [besideNotice(chosen.header, layout.beside)] : []),
      ...hiddenParts(chosen.sample),
      ...(chosen.sample.reasons ?? []).map((column) => `第 ${column} 列「错误说明」不读入。`),
    ],
    fingerprint,
  }
}

/** A table taken apart: its first block, the blocks beside it, and the row of units below its header. */
type Layout = Table & {
  blocks: Block[]
  beside: Block | null
  units: { row: number; units: Map<string, string> } | null
}

function layoutOf(table: Table, dictionary: Dictionary, target: Pick<ImportTarget, 'name'>): Layout {
  const ended = endedTable(table, dictionary)
  const alike = findBlocks(ended.header, dictionary, target.name)
  const beside = alike ? null : findBeside(ended.sample, ended.header, dictionary, target.name)
  const blocks = alike ?? [beside ? { ...whole, to: beside.from - 1 } : whole]
  const { sample, header } = firstBlock(ended.sample, ended.header, blocks[0] ?? whole)
  return { sample, header, blocks, beside, units: takeUnitRow(sample, header) }
}

function refuseMany({ sample, blocks }: Layout): void {
  if (blocks.length <= limits.blocks) return
  throw new ImportRefused(
    `工作表「${sample.sheet.name}」左右并排了 ${blocks.length} 段表格，最多 ${limits.blocks} 段。请把各段上下接成一张表再上传。`,
  )
}

function columnsOf(
  { sample, header, units }: Layout,
  dictionary: Dictionary,
  target: Pick<ImportTarget, 'fields'>,
  answers: Answers,
): Column[] {
  const columns = readColumns(sample, header.rows, dictionary, target.fields, answers.columns)
  applyUnitRow(columns, units?.units)
  applyUnitLine(sample, header, columns, target)
  applyUnits(columns, target.fields, answers.units)
  return columns
}

/** A worksheet that the new file has not, or another one than was asked for now, leaves no table to choose either. */
function stillMeant(recalled: Answers, given: Answers, names: readonly string[]): Answers {
  const { worksheet, headerRow, ...rest } = recalled
  const asked = given.worksheet ?? worksheet
  if (asked !== undefined && !names.includes(asked)) return rest
  return {
    ...rest,
    ...(worksheet === undefined ? {} : { worksheet }),
    ...(headerRow === undefined || asked !== worksheet ? {} : { headerRow }),
  }
}

/** What was decided of a column holds for a column with the same header in the same place. */
function sameHeaders({ headers }: Recalled, given: Answers, answers: Answers, columns: readonly Column[]): Answers {
  const known = new Map(headers.map(({ column, header }) => [column, normalised(header)]))
  const same = new Set(
    columns.filter(({ column, header }) => known.get(column) === normalised(header)).map(({ column }) => column),
  )
  const of = <Decided>(all: Readonly<Record<string, Decided>>, now: Readonly<Record<string, Decided>>) =>
    Object.fromEntries(Object.entries(all).filter(([column]) => same.has(column) || now[column] !== undefined))
  return { ...answers, columns: of(answers.columns, given.columns), units: of(answers.units, given.units) }
}

/** A row of units below the header is no data: 原值 above 万元. */
function takeUnitRow(sample: Sample, header: HeaderRows): { row: number; units: Map<string, string> } | null {
  const last = header.rows.at(-1)?.row ?? 0
  const at = sample.rows.findIndex(({ row }) => row > last)
  const next = sample.rows[at]
  const units = next ? unitRow(next.cells) : null
  if (!next || !units) return null
  sample.rows.splice(at, 1)
  return { row: next.row, units }
}

const whole: Block = { from: 1, to: lastColumn, shift: 0 }

/** Where every line is 一、 or 二、 these are the assets; in an outline others stand between them. */
function isOutlined(sample: Sample, header: HeaderRows): boolean {
  const last = header.rows.at(-1)?.row ?? 0
  const labels = sample.rows
    .filter(({ row }) => row > last)
    .flatMap(({ cells }) => Object.values(cells).find((text) => text.trim() !== '' && !isFigureText(text)) ?? [])
  const numbered = labels.filter(isNumbered).length
  const others = labels.filter((text) => !isNumbered(text) && !/计|其中/.test(text)).length
  return numbered > 0 && others * 2 >= numbered
}

function besideNotice({ rows }: HeaderRows, beside: Block): string {
  const headers = rows
    .flatMap((row) => Object.values(withinBlock(row, beside).cells))
    .filter((text) => text.trim() !== '')
  const start = columnName(beside.from)
  return `${start} 列起右边是另一张表（${headers.slice(0, 4).join('、')}），没有读入；要导入，请把它移到单独的工作表再上传。`
}

function titlesOf(sample: Sample, header: HeaderRows): string[] {
  const first = header.rows[0]?.row ?? 0
  return sample.rows.filter(({ row }) => row < first).flatMap(({ cells }) => Object.values(cells))
}

function spansBelow(sample: Sample, header: HeaderRows): Span[] {
  const last = header.rows.at(-1)?.row ?? 0
  return sample.merges
    .filter(({ top, left, bottom, right }) => top > last && left === right && bottom > top)
    .map(({ top, left, bottom }) => ({ column: columnName(left), top, bottom }))
}

function headingsBelow(sample: Sample, header: HeaderRows, width: number): number[] {
  const last = header.rows.at(-1)?.row ?? 0
  return sample.merges
    .filter(
      ({ top, left, bottom, right }) => top > last && top === bottom && right - left + 1 >= Math.max(3, width / 2),
    )
    .map(({ top }) => top)
}
