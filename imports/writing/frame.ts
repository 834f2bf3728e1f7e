import type { Column, Sheet } from '../sheets/sheet.ts'
import { headerRowCount, headingsOf } from '../sheets/sheet.ts'
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

/**
 * The rows of the header. A column's own header stands in the last of them, its groups above; what is left above those
 * belongs to the outermost.
 */
function headerLines(sheet: Sheet, lines: Lines): string {
  const { columns } = sheet
  const depth = headerRowCount(sheet)
  const top = lines.next()
  const rows = Array.from({ length: depth }, () =>
    columns.map((): Cell => ({ style: 'header' as const, blank: true as const })),
  )
  const heights = rows.map(() => 20)
  const tall: { bottom: number; above: number; needed: number }[] = []
  for (const { span, level, levels, text } of headingSpans(columns)) {
    const bottom = depth - levels + level
    const first = level === 0 ? 0 : bottom
    const row = rows[first]
    if (row !== undefined) row[span[0]] = { style: 'header', text }
    lines.merge(top + first, top + bottom, span)
    const width = columns.slice(span[0], span[1] + 1).reduce((sum, column) => sum + column.width, 0)
    const needed = wrappedHeight(text, width)
    if (first === bottom) heights[bottom] = Math.max(heights[bottom] ?? 0, needed)
    else tall.push({ bottom, above: first, needed })
  }
  for (const { bottom, above, needed } of tall) {
    const before = heights.slice(above, bottom).reduce((sum, height) => sum + height, 0)
    heights[bottom] = Math.max(heights[bottom] ?? 0, needed - before)
  }
  return rows.map((cells, index) => lines.line(cells, heights[index])).join('')
}

type Heading = { span: Span; level: number; levels: number; text: string }

/** Every heading with the columns it stands over: neighbours under the same groups together, a column's own header alone. */
function headingSpans(columns: readonly Column[]): Heading[] {
  const headings: Heading[] = []
  const open = new Map<string, Heading>()
  for (const [index, column] of columns.entries()) {
    const texts = headingsOf(column)
    const going = new Map(open)
    open.clear()
    for (const [level, text] of texts.entries()) {
      const path = JSON.stringify([texts.length, ...texts.slice(0, level + 1)])
      const grouped = level < texts.length - 1
      const known = grouped ? going.get(path) : undefined
      const heading = known ?? { span: [index, index], level, levels: texts.length, text }
      heading.span = [heading.span[0], index]
      if (known === undefined) headings.push(heading)
      if (grouped) open.set(path, heading)
    }
  }
  return headings
}
