import { createHash } from 'node:crypto'
import { mended, reasonColumns } from '../mending.ts'
import { columnName, columnNumber } from '../reading/columns.ts'
import type { Cells, SheetRow } from '../reading/events.ts'
import { limits } from '../reading/limits.ts'
import { readWorkbook } from '../reading/workbook.ts'
import { ImportRefused } from '../refused.ts'
import type { ImportTarget, Question } from '../target.ts'
import { type Block, findBeside, findBlocks, firstBlock, lastColumn, withinBlock } from './blocks.ts'
import { type Column, type ColumnOverrides, readColumns, type Span } from './columns.ts'
import { buildDictionary, type Dictionary } from './dictionary.ts'
import { normalised } from './header.ts'
import { beginsTable, findHeaderRows, type HeaderRows } from './header-rows.ts'
import { columnQuestions, otherSheets, worksheetQuestions } from './questions.ts'
import { isNumbered } from './rows.ts'
import { filledColumns, isFigureText, newSample, type Sample } from './sample.ts'
import { applyUnitLine, unitRow } from './unit-line.ts'

export type RecogniseOptions = {
  /** Worksheet by name; otherwise the one that looks most like a table of the target. */
  worksheet?: string
  /** Field key, or null for none, by column letter; what is not named is found. */
  columns?: ColumnOverrides
}

/** Where the table is in a file, and what its columns mean. */
export type Recognition = {
  worksheet: string
  /** The worksheet's own row numbers. */
  headerRows: number[]
  columns: Column[]
  questions: Question[]
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
  /** What a person should know and need not answer. */
  notices: string[]
  /** Same for every file with the same headers in the same places: remembers what a person decided. */
  fingerprint: string
}

/** Rows of each worksheet that are looked at. */
const sampleRows = 200

/** Finds the table of a file for a target. A file without one is refused with an ImportRefused. */
export async function recognise(
  path: string,
  target: Pick<ImportTarget, 'fields' | 'label' | 'name'>,
  options: RecogniseOptions = {},
): Promise<Recognition> {
  const samples = await readSamples(path)
  const reasons = new Map(samples.map((sample) => [sample, mendSample(sample)]))
  const dictionary = buildDictionary(target.fields)
  const tables = new Map(samples.map((sample) => [sample, isWide(sample) ? null : findHeaderRows(sample, dictionary)]))
  const chosen = choose(samples, tables, target, options.worksheet)
  // A table has two columns that are known; covers, notes and lists of choices do not.
  const others = samples.filter((sample) => (tables.get(sample)?.score ?? 0) >= 4)
  endSample(chosen.sample, chosen.header, dictionary)
  const alike = findBlocks(chosen.header, dictionary, target.name)
  const beside = alike ? null : findBeside(chosen.sample, chosen.header, dictionary, target.name)
  const blocks = alike ?? [beside ? { ...whole, to: beside.from - 1 } : whole]
  if (blocks.length > limits.blocks) {
    throw new ImportRefused(
      `工作表「${chosen.sample.sheet.name}」左右并排了 ${blocks.length} 段表格，最多 ${limits.blocks} 段。请把各段上下接成一张表再上传。`,
    )
  }
  const { sample, header } = firstBlock(chosen.sample, chosen.header, blocks[0] ?? whole)
  const units = takeUnitRow(sample, header)
  const columns = readColumns(sample, header.rows, dictionary, target.fields, options.columns)
  for (const column of columns) if (column.field !== null) column.unit ??= units?.units.get(column.column) ?? null
  applyUnitLine(sample, header, columns, target)
  return {
    worksheet: sample.sheet.name,
    headerRows: [...header.rows.map((row) => row.row), ...(units ? [units.row] : [])],
    columns,
    questions: [
      ...worksheetQuestions(chosen.sample, others, options.worksheet),
      ...columnQuestions(columns, sample, header, target.fields),
    ],
    spans: spansBelow(sample, header),
    headings: headingsBelow(sample, header, columns.length),
    blocks,
    outlined: isOutlined(sample, header),
    headerCells: chosen.header.rows.map(({ cells }) => cells),
    titles: titlesOf(chosen.sample, chosen.header),
    reasons: reasons.get(chosen.sample) ?? null,
    notices: [
      ...(options.worksheet === undefined ? otherSheets(chosen.sample, samples, others) : []),
      ...(beside ? [besideNotice(chosen.header, beside)] : []),
      ...hiddenParts(chosen.sample),
      ...(reasons.get(chosen.sample) ?? []).map((column) => `第 ${column} 列「错误说明」不读入。`),
    ],
    fingerprint: fingerprintOf(columns),
  }
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

function hiddenParts({ sheet, rows }: Sample): string[] {
  const filled = (sheet.hiddenColumns ?? []).filter((column) => rows.some(({ cells }) => cells[column]?.trim()))
  return [
    ...(sheet.hidden ? [`工作表「${sheet.name}」在文件中是隐藏的。`] : []),
    ...(filled.length > 0 ? [`第 ${filled.join('、')} 列在表格中被隐藏，已照常读入。`] : []),
  ]
}

function titlesOf(sample: Sample, header: HeaderRows): string[] {
  const first = header.rows[0]?.row ?? 0
  return sample.rows.filter(({ row }) => row < first).flatMap(({ cells }) => Object.values(cells))
}

async function readSamples(path: string): Promise<Sample[]> {
  const samples: Sample[] = []
  for await (const event of readWorkbook(path, { rows: sampleRows, merges: true })) {
    if (event.kind === 'sheet') samples.push(newSample(event))
    else if (event.kind === 'row') addRow(samples.at(-1), event)
  }
  return samples
}

/** A worksheet wider than any table is not held: every row would cost what its columns are. */
function addRow(sample: Sample | undefined, row: SheetRow): void {
  if (!sample || sample.columns.size > limits.tableColumns) return
  for (const column of filledColumns(row)) sample.columns.add(column)
  sample.rows.push(row)
}

/** What a workbook of wrong rows says of them is no part of the table. */
function mendSample(sample: Sample): string[] | null {
  const reasons = isWide(sample) ? null : reasonColumns(sample.rows)
  if (reasons === null) return null
  const numbers = reasons.map((column) => columnNumber(column) ?? 0)
  sample.rows = sample.rows.map((row) => mended(row, reasons))
  sample.merges = sample.merges.filter(({ left, right }) => left < right || !numbers.includes(left))
  for (const number of numbers) sample.columns.delete(number)
  return reasons
}

const isWide = ({ columns }: Sample) => columns.size > limits.tableColumns

function choose(
  samples: readonly Sample[],
  tables: ReadonlyMap<Sample, HeaderRows | null>,
  target: Pick<ImportTarget, 'label'>,
  name: string | undefined,
): { sample: Sample; header: HeaderRows } {
  const named = name === undefined ? samples : samples.filter((sample) => sample.sheet.name === name)
  if (named.length === 0) {
    const names = samples.map((sample) => `「${sample.sheet.name}」`).join('、')
    throw new ImportRefused(`文件里没有工作表「${name}」，请从${names}中选一张。`)
  }
  if (named.every((sample) => sample.rows.length === 0)) {
    throw new ImportRefused('表格是空的，没有任何内容。请检查是否选对了文件或工作表。')
  }
  let best: { sample: Sample; header: HeaderRows; score: number } | null = null
  for (const sample of named) {
    const header = tables.get(sample)
    if (!header) continue
    const last = header.rows.at(-1)?.row ?? 0
    const data = sample.rows.filter((row) => row.row > last).length
    const score = header.score + Math.min(10, Math.log2(data + 1)) - (sample.sheet.hidden ? 1000 : 0)
    if (!best || score > best.score) best = { sample, header, score }
  }
  if (best) return best
  const wide = named.find(isWide)
  if (wide) {
    throw new ImportRefused(
      `工作表「${wide.sheet.name}」有超过 ${limits.tableColumns} 列写了内容，无法当作资产表读取。请只留资产表的列，另存后再上传。`,
    )
  }
  throw new ImportRefused(`没有找到${target.label}的表头。请在数据上方写一行列名，如「资产名称」「账面原值」，再上传。`)
}

/** What stands below a second header says nothing about the columns of the first. */
function endSample(sample: Sample, header: HeaderRows, dictionary: Dictionary): void {
  const last = header.rows.at(-1)?.row ?? 0
  const next = sample.rows.findIndex((row) => row.row > last && beginsTable(row, dictionary))
  if (next >= 0) sample.rows.splice(next)
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

function fingerprintOf(columns: readonly Column[]): string {
  // What stands below no header is not part of the layout: another file of the same form need not have it.
  const named = columns.filter(({ column, header }) => header !== `${column}列`)
  const text = named.map(({ column, header }) => `${column}:${normalised(header)}`).join('\n')
  return createHash('sha256').update(text).digest('hex')
}
