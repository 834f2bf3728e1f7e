import { mended, reasonColumns } from '../mending.ts'
import { columnNumber } from '../reading/columns.ts'
import type { ReadEvent, SheetRow } from '../reading/events.ts'
import { limits } from '../reading/limits.ts'
import { readWorkbook } from '../reading/workbook.ts'
import { ImportRefused } from '../refused.ts'
import type { ImportTarget } from '../target.ts'
import type { Dictionary } from './dictionary.ts'
import { beginsTable, findHeaderRows, type HeaderRows } from './header-rows.ts'
import type { TableHead } from './questions.ts'
import { columnsOf, filledColumns, isFigureText, newSample, type Sample } from './sample.ts'

/** Rows of each worksheet that are looked at. */
const sampleRows = 200
/** Rows above a header that may hold its title, its unit or its groups. */
const above = 4

/** A worksheet's rows and those of them that name the columns of its table. */
export type Table = { sample: Sample; header: HeaderRows }

/** Everything that a worksheet holds, and what else its file does, by the worksheet's name. */
export type Whole = ReadonlyMap<string, readonly ReadEvent[]>

/**
 * Looks at the first rows of every worksheet. Where one has no more they are kept as they came: starting a process to read
 * a small file again would cost more than all the rest.
 */
export async function readSamples(path: string): Promise<{ samples: Sample[]; whole: Whole }> {
  const samples: Sample[] = []
  const whole = new Map<string, ReadEvent[]>()
  const beside: ReadEvent[] = []
  let rows: SheetRow[] = []
  for await (const event of readWorkbook(path, { rows: sampleRows, merges: true })) {
    if (event.kind === 'unread') beside.push(event)
    else if (event.kind === 'sheet') {
      samples.push(newSample(event))
      rows = []
    } else if (event.kind === 'row') {
      addRow(samples.at(-1), event)
      rows.push(event)
    }
    const sample = samples.at(-1)
    if (event.kind !== 'sheetEnd' || !sample) continue
    const { name } = sample.sheet
    const another = samples.some(({ sheet }) => sheet.name === name && sheet !== sample.sheet)
    if (another || rows.length === sampleRows) whole.delete(name)
    else if (!isWide(sample)) whole.set(name, [...rows, event])
  }
  for (const [name, events] of whole) whole.set(name, [...beside, ...events])
  for (const sample of samples) if (!isWide(sample)) mendSample(sample)
  return { samples, whole }
}

/** What a worksheet holds, from a process of its own unless it is known. The rows are their reader's to change. */
export function eventsOf(path: string, worksheet: string, whole: Whole): AsyncIterable<ReadEvent> {
  const known = whole.get(worksheet)
  return known ? anew(known) : readWorkbook(path, { worksheet })
}

async function* anew(events: readonly ReadEvent[]): AsyncGenerator<ReadEvent> {
  for (const event of events) yield event.kind === 'row' ? { ...event, cells: { ...event.cells } } : event
}

/** What a workbook of wrong rows says of them is no part of the table. */
function mendSample(sample: Sample, known: string[] | null = null): void {
  const reasons = known ?? reasonColumns(sample.rows)
  if (reasons === null) return
  const numbers = reasons.map((column) => columnNumber(column) ?? 0)
  sample.reasons = reasons
  sample.rows = sample.rows.map((row) => mended(row, reasons))
  sample.merges = sample.merges.filter(({ left, right }) => left < right || !numbers.includes(left))
  for (const number of numbers) sample.columns.delete(number)
}

/** A worksheet wider than any table is not held: every row would cost what its columns are. */
function addRow(sample: Sample | undefined, row: SheetRow): void {
  if (!sample || isWide(sample)) return
  for (const column of filledColumns(row)) sample.columns.add(column)
  sample.rows.push(row)
}

export const isWide = ({ columns }: Sample) => columns.size > limits.tableColumns

/** The worksheet of that name, or the one that looks most like a table of the target. */
export function chooseTable(
  samples: readonly Sample[],
  tables: ReadonlyMap<Sample, HeaderRows | null>,
  target: Pick<ImportTarget, 'label' | 'headers'>,
  name: string | undefined,
): Table {
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
  const headers = target.headers.map((header) => `「${header}」`).join('')
  throw new ImportRefused(`没有找到${target.label}的表头。请在数据上方写一行列名，如${headers}，再上传。`)
}

/** The table of a worksheet whose header begins in a row, with what stands right above it; null when none does. */
export async function tableAt(
  path: string,
  { sheet, rows, reasons }: Sample,
  dictionary: Dictionary,
  row: number,
): Promise<Table | null> {
  const sample = newSample(sheet)
  const end = rows.at(-1)?.row ?? 0
  const reached = end >= row + sampleRows / 2 || (rows.length < sampleRows && end >= row)
  for await (const next of reached ? rows : rowsOf(path, sheet.name)) {
    if (next.row < row - above) continue
    addRow(sample, next)
    if (sample.rows.length === sampleRows) break
  }
  if (!isWide(sample)) mendSample(sample, reasons)
  const before = sample.rows.findLastIndex((candidate) => candidate.row < row && hasFigures(candidate))
  sample.rows.splice(0, before + 1)
  const header = isWide(sample) ? null : findHeaderRows(sample, dictionary, row)
  return header && { sample, header }
}

async function* rowsOf(path: string, worksheet: string): AsyncGenerator<SheetRow> {
  for await (const event of readWorkbook(path, { worksheet })) if (event.kind === 'row') yield event
}

function hasFigures(row: SheetRow): boolean {
  return columnsOf(row).some((column) => isFigureText(row.cells[column] ?? ''))
}

/** What stands below a second header says nothing about the columns of the first. */
export function endedTable({ sample, header }: Table, dictionary: Dictionary): Table {
  const last = header.rows.at(-1)?.row ?? 0
  const next = sample.rows.findIndex((row) => row.row > last && beginsTable(row, dictionary))
  return next < 0 ? { sample, header } : { sample: { ...sample, rows: sample.rows.slice(0, next) }, header }
}

export function headOf({ header }: Table): TableHead {
  const [first] = header.rows
  return { row: first?.row ?? 0, headers: headersOf(Object.values(header.rows.at(-1)?.cells ?? {})) }
}

/** The first headers of a row, to know a table by. */
export function headersOf(texts: readonly string[]): string {
  const filled = texts.filter((text) => text.trim() !== '')
  return filled
    .slice(0, 4)
    .map((text) => text.replace(/\s+/g, ' ').slice(0, 20))
    .join('、')
}

/**
 * The worksheets that hold a table too: two columns of it are known, as those of covers, notes and lists of choices are
 * not; and beside a list of things by name, sums that name none are no other list.
 */
export function otherTables(
  samples: readonly Sample[],
  headers: ReadonlyMap<Sample, HeaderRows | null>,
  chosen: Table,
  dictionary: Dictionary,
  { name }: Pick<ImportTarget, 'name'>,
): Sample[] {
  const hasName = ({ rows }: HeaderRows) =>
    rows.some(({ cells }) =>
      Object.values(cells).some((text) => dictionary.look(text).some(({ field }) => field.key === name)),
    )
  const named = hasName(chosen.header)
  return samples.filter((sample) => {
    const header = headers.get(sample)
    return header && header.score >= 4 && (sample === chosen.sample || !named || hasName(header))
  })
}
