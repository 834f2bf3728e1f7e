import type { Answers } from '../answers.ts'
import { briefly } from '../briefly.ts'
import { columnNumber } from '../reading/columns.ts'
import type { SheetRow } from '../reading/events.ts'
import type { Field } from '../sheets/fields.ts'
import { areaUnit } from '../values/area.ts'
import { moneyUnit } from '../values/money.ts'
import { isErrorText } from '../values/parsed.ts'
import type { Candidate, Dictionary } from './dictionary.ts'
import { fitOf } from './fit.ts'
import { printedHeader, readHeader } from './header.ts'
import { leftLabel } from './header-rows.ts'
import { columnsOf, type Sample } from './sample.ts'

export type Column = {
  /** Column letter in the worksheet. */
  column: string
  /** One line, groups before leaves: 四至边界>东. Distinct within a table. */
  header: string
  /** Key of the field it is read as; null is kept beside the row under its header. */
  field: string | null
  /** Unit of measure that the figures are written in, when the file names one. */
  unit: string | null
  /** Where the unit was taken from; null without one. */
  unitFrom: UnitFrom | null
  sure: boolean
  /** How sure it is that the column is the field. */
  how: Confidence
  /** Some of what stands below the header. */
  samples: string[]
  /** 序号: counts lines and identifies nothing. */
  serial: boolean
  /** Field that another column was taken for. */
  rival?: { field: string; column: string }
}

export type UnitFrom = 'header' | 'row' | 'line' | 'answer'
/** Its name says it or a person did; its name ends so; guessed. */
export type Confidence = 'certain' | 'likely' | 'guessed'

/** A cell merged over several rows of one column. */
export type Span = { column: string; top: number; bottom: number }

type Draft = Column & { candidates: Candidate[]; texts: string[] }
type Decided = Answers['columns']

/** From this weight on a header names a field as a whole. */
const named = 80
/** Texts kept of each column, and characters of each. */
const kept = { texts: 3, chars: 30 }

/** Names the columns of a table and gives each field to the column that fits it best. */
export function readColumns(
  sample: Sample,
  headerRows: readonly SheetRow[],
  dictionary: Dictionary,
  fields: readonly Field[],
  decided: Decided = {},
): Column[] {
  const last = headerRows.at(-1)?.row ?? 0
  const data = sample.rows.filter((row) => row.row > last)
  const drafts = allColumns(headerRows, data).map((column) => draft(sample, headerRows, dictionary, data, column))
  distinct(drafts)
  assign(drafts, fields, decided)
  return drafts.map(({ candidates: _candidates, texts: _texts, ...column }) => column)
}

function allColumns(headerRows: readonly SheetRow[], data: readonly SheetRow[]): string[] {
  const columns = new Set<string>()
  for (const row of [...headerRows, ...data]) for (const column of columnsOf(row)) columns.add(column)
  return [...columns].sort((a, b) => (columnNumber(a) ?? 0) - (columnNumber(b) ?? 0))
}

function draft(
  sample: Sample,
  headerRows: readonly SheetRow[],
  dictionary: Dictionary,
  data: readonly SheetRow[],
  column: string,
): Draft {
  const path = pathOf(sample, headerRows, column)
  const leaf = path.at(-1) ?? ''
  const groups = path.slice(0, -1)
  const serial = dictionary.isSerial(leaf)
  const measure = readHeader(leaf).unit ?? (groups.length > 0 ? readHeader(groups.at(-1) ?? '').unit : null)
  const unit = measure === null ? null : (areaUnit(measure) ?? measure)
  const texts = data
    .map((row) => row.cells[column]?.trim() ?? '')
    .filter((text) => text !== '' && !isErrorText(text) && !isLabel(text))
  return {
    column,
    header: printedHeader(path) || `${column}列`,
    field: null,
    unit: periodic(leaf, unit),
    unitFrom: periodic(leaf, unit) === null ? null : 'header',
    sure: true,
    how: 'certain',
    samples: [...new Set(texts)].slice(0, kept.texts).map((text) => briefly(text, kept.chars)),
    serial,
    candidates: serial || leaf === '' ? [] : dictionary.look(leaf, groups),
    texts,
  }
}

/** What is to be signed below a table says nothing of its columns: 盘点人：, 单位负责人(签字)：. */
function isLabel(text: string): boolean {
  return /[:：][\s_]*$/.test(text)
}

/** Labels above a column from the top: a group's label reaches over its merge, or over the blanks to its right. */
function pathOf(sample: Sample, headerRows: readonly SheetRow[], column: string): string[] {
  const number = columnNumber(column) ?? 0
  const path: string[] = []
  for (const [at, row] of headerRows.entries()) {
    const own = row.cells[column]?.trim()
    if (own) {
      path.push(own)
      continue
    }
    const merge = sample.merges.find(
      (range) => range.top <= row.row && row.row <= range.bottom && range.left <= number && number <= range.right,
    )
    if (merge && merge.top < row.row) continue
    const below = headerRows.slice(at + 1).some((lower) => lower.cells[column]?.trim())
    if (merge || (below && sample.merges.length === 0)) {
      const label = leftLabel(row, column)
      if (label !== null && below) path.push(label.trim())
    }
  }
  return path
}

/** A leaf that says enough and stands once is shown alone, others with their groups. */
function distinct(drafts: readonly Draft[]): void {
  const leaves = new Map<string, number>()
  for (const { header } of drafts) leaves.set(leafOf(header), (leaves.get(leafOf(header)) ?? 0) + 1)
  for (const column of drafts) {
    const leaf = leafOf(column.header)
    if (leaf.length >= 2 && leaves.get(leaf) === 1) column.header = leaf
  }
  const seen = new Map<string, number>()
  for (const { header } of drafts) seen.set(header, (seen.get(header) ?? 0) + 1)
  for (const column of drafts) {
    if ((seen.get(column.header) ?? 0) > 1) column.header = `${column.header}(${column.column}列)`
  }
}

/** The last part of a column's header, without the groups above it. */
export function leafOf(header: string): string {
  return header.slice(header.lastIndexOf('>') + 1)
}

/** Unit of a rent whose name says its period: 月租金 in 元 is 元/月. */
function periodic(leaf: string, unit: string | null): string | null {
  const period = /月租|每月/.test(leaf) ? '月' : /季租|每季/.test(leaf) ? '季' : null
  if (period === null || (unit !== null && moneyUnit(unit)?.times !== null)) return unit
  return `${unit ?? '元'}/${period}`
}

/** What a person decided comes first; then the best fitting pair of column and field, one field to one column. */
function assign(drafts: readonly Draft[], fields: readonly Field[], decided: Decided): void {
  const taken = new Map<string, string>()
  const settled = new Set<Draft>()
  for (const column of drafts) {
    const field = decided[column.column]
    // A field that there is no more was decided for another edition of the program.
    if (field === undefined || (field !== null && !fields.some(({ key }) => key === field))) continue
    settled.add(column)
    if (field === null || taken.has(field)) continue
    column.field = field
    taken.set(field, column.column)
  }
  const pairs = drafts
    .filter((column) => !settled.has(column))
    .flatMap((column) => fitOf(column, fields).map((candidate) => ({ column, candidate })))
    .sort((a, b) => b.candidate.weight - a.candidate.weight)
  for (const { column, candidate } of pairs) {
    if (column.field !== null) continue
    const winner = taken.get(candidate.field.key)
    if (winner !== undefined) {
      column.rival ??= { field: candidate.field.key, column: winner }
      continue
    }
    column.field = candidate.field.key
    column.sure = candidate.sure
    column.how = !candidate.sure ? 'guessed' : candidate.rank >= named ? 'certain' : 'likely'
    delete column.rival
    taken.set(candidate.field.key, column.column)
  }
  for (const column of drafts) if (column.field === null && !settled.has(column)) column.how = 'guessed'
}
