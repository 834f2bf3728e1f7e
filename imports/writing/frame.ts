import type { Column, Sheet } from '../sheets/sheet.ts'
import { headerRowCount } from '../sheets/sheet.ts'
import type { Cell } from './cells.ts'
import type { Lines, Span } from './lines.ts'
import { cutSpans, wrappedHeight } from './lines.ts'
import type { Tally } from './tally.ts'
import { sumCell } from './tally.ts'
import type { Worksheet } from './worksheet.ts'

/** Title, the line with 填报单位 and 单位, and the header. */
export function headLines(worksheet: Worksheet, lines: Lines): string {
  const { sheet } = worksheet
  const whole: Span = [0, sheet.columns.length - 1]
  const meta = (worksheet.meta ?? []).join('    ')
  const unitLine = worksheet.unitLine ?? sheet.unitLine
  const [left, right] = cutSpans(sheet.columns, 2)
  const line =
    left === undefined || right === undefined
      ? [{ span: whole, text: [meta, unitLine].filter(Boolean).join('    '), style: 'metaLeft' as const }]
      : [
          { span: left, text: meta, style: 'metaLeft' as const },
          { span: right, text: unitLine, style: 'metaRight' as const },
        ]
  return (
    lines.spanned([{ span: whole, text: worksheet.heading ?? sheet.title, style: 'title' }], 32) +
    lines.spanned(line, 18) +
    headerLines(sheet, lines)
  )
}

export function sectionLine(heading: string, sheet: Sheet, lines: Lines): string {
  return lines.spanned([{ span: [0, sheet.columns.length - 1], text: heading, style: 'section' }], 20)
}

/** A line of sums: its label in the first cells, a SUM under every summed column. */
export function totalLine(label: string, tallies: readonly Tally[], sheet: Sheet, lines: Lines): string {
  const cells = sheet.columns.map((column, index) =>
    column.sum === true ? sumCell(tallies, column, index) : { style: 'totalLabel' as const, blank: true as const },
  )
  return labelledLine(label, cells, sheet, lines)
}

/** Puts a label over the columns before the first summed one, three at most. */
export function labelledLine(label: string, cells: Cell[], sheet: Sheet, lines: Lines): string {
  const firstSum = sheet.columns.findIndex((column, index) => column.sum === true && index > 0)
  const span: Span = [0, Math.max(0, Math.min(2, firstSum - 1))]
  for (let index = 0; index <= span[1]; index += 1) cells[index] = { style: 'totalLabel', blank: true }
  cells[0] = { style: 'totalLabel', text: label }
  lines.merge(lines.next(), lines.next(), span)
  return lines.line(cells, 20)
}

/** Notes, then the signature block with what is already known filled in. */
export function footLines(worksheet: Worksheet, lines: Lines): string {
  const { columns, signatures } = worksheet.sheet
  const whole: Span = [0, columns.length - 1]
  const width = columns.reduce((sum, column) => sum + column.width, 0)
  const notes = (worksheet.notes ?? []).map((text) =>
    lines.spanned([{ span: whole, text, style: 'metaLeft' }], wrappedHeight(text, width)),
  )
  if (signatures.length === 0) return notes.join('')
  const texts = signatures.map(({ key, label }) => `${label}：${worksheet.signatures?.[key] ?? ''}`)
  const spans = cutSpans(columns, texts.length)
  const perSpan = Math.ceil(texts.length / spans.length)
  const block = spans.map((span, index) => ({
    span,
    text: texts.slice(index * perSpan, (index + 1) * perSpan).join('    '),
    style: 'metaLeft' as const,
  }))
  return notes.join('') + lines.spanned(block, 30 * perSpan)
}

function headerLines(sheet: Sheet, lines: Lines): string {
  const { columns } = sheet
  const leaves = columns.map((column): Cell => ({ style: 'header', text: column.header }))
  const needed = (wanted: (column: Column) => boolean) =>
    Math.max(20, ...columns.filter(wanted).map((column) => wrappedHeight(column.header, column.width)))
  if (headerRowCount(sheet) === 1)
    return lines.line(
      leaves,
      needed(() => true),
    )

  const top = lines.next()
  const groups = columns.map((column): Cell => ({ style: 'header', text: column.group ?? column.header }))
  for (const [from, to] of groupSpans(columns)) {
    const grouped = columns[from]?.group !== undefined
    lines.merge(top, grouped ? top : top + 1, [from, to])
    for (let index = from; index <= to; index += 1) {
      if (index > from) groups[index] = { style: 'header', blank: true }
      if (!grouped) leaves[index] = { style: 'header', blank: true }
    }
  }
  const upper = Math.max(20, ...groupSpans(columns).map(([from, to]) => groupHeight(columns.slice(from, to + 1))))
  const lower = Math.max(
    needed((column) => column.group !== undefined),
    needed((column) => column.group === undefined) - upper,
  )
  return lines.line(groups, upper) + lines.line(leaves, lower)
}

function groupHeight(columns: readonly Column[]): number {
  const group = columns[0]?.group
  if (group === undefined) return 0
  return wrappedHeight(
    group,
    columns.reduce((sum, column) => sum + column.width, 0),
  )
}

/** Neighbours of the same group together, every other column alone. */
function groupSpans(columns: readonly Column[]): Span[] {
  const spans: Span[] = []
  for (const [index, column] of columns.entries()) {
    const last = spans.at(-1)
    if (last !== undefined && column.group !== undefined && columns[last[0]]?.group === column.group) {
      spans[spans.length - 1] = [last[0], index]
    } else {
      spans.push([index, index])
    }
  }
  return spans
}
