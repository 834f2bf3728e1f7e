import type { Column } from '../sheets/sheet.ts'
import type { Cell } from './cells.ts'
import type { Style } from './styles.ts'
import { cellXml, columnLetters } from './xml.ts'

/** Consecutive columns by index, both ends included. */
export type Span = readonly [from: number, to: number]

/** The rows of one worksheet as they are written, top to bottom. */
export type Lines = {
  letters: readonly string[]
  /** Number of the row that comes next, as the spreadsheet shows it. */
  next: () => number
  /** A row of cells; `height` in points, enough for the wrapped texts where it is missing. */
  line: (cells: readonly (Cell | undefined)[], height?: number) => string
  /** A row of merged texts. */
  spanned: (texts: readonly { span: Span; text: string; style: Style }[], height?: number) => string
  merge: (top: number, bottom: number, span: Span) => void
  merges: readonly string[]
}

export function openLines(columns: readonly Column[]): Lines {
  const letters = columns.map((_, index) => columnLetters(index))
  const merges: string[] = []
  let row = 0

  const line: Lines['line'] = (cells, height) => {
    row += 1
    if (row > mostRows) throw new RangeError(`一张工作表最多 ${mostRows} 行，请缩小范围(如按单位)分开导出。`)
    const tall = height ?? wrappedCells(cells, columns)
    let xml = `<row r="${row}"${tall === undefined ? '' : ` ht="${tall}" customHeight="1"`}>`
    for (const [index, cell] of cells.entries()) {
      if (cell !== undefined) xml += cellXml(letters[index] ?? columnLetters(index), row, cell)
    }
    return `${xml}</row>`
  }

  const merge: Lines['merge'] = (top, bottom, [from, to]) => {
    if (top === bottom && from === to) return
    merges.push(`${columnLetters(from)}${top}:${columnLetters(to)}${bottom}`)
  }

  const spanned: Lines['spanned'] = (texts, height) => {
    const cells: (Cell | undefined)[] = columns.map(() => undefined)
    for (const { span, text, style } of texts) {
      for (let index = span[0]; index <= span[1]; index += 1) cells[index] = { style, blank: true }
      cells[span[0]] = { style, text }
      merge(row + 1, row + 1, span)
    }
    return line(cells, height)
  }

  return { letters, next: () => row + 1, line, spanned, merge, merges }
}

/** Cuts the columns into at most `parts` neighbouring spans of about the same width. */
export function cutSpans(columns: readonly Column[], parts: number): Span[] {
  const whole = columns.reduce((sum, column) => sum + column.width, 0)
  const spans: Span[] = []
  let from = 0
  let passed = 0
  for (const [index, column] of columns.entries()) {
    passed += column.width
    const remaining = columns.length - 1 - index
    const wanted = parts - 1 - spans.length
    if (wanted > 0 && (passed >= (whole * (spans.length + 1)) / parts || remaining <= wanted - 1) && remaining > 0) {
      spans.push([from, index])
      from = index + 1
    }
  }
  spans.push([from, columns.length - 1])
  return spans
}

/** Height in points of a text wrapped into a width of so many half-width characters. */
export function wrappedHeight(text: string, width: number): number {
  const lines = text.split('\n').reduce((sum, part) => sum + Math.max(1, Math.ceil(textWidth(part) / (width - 1))), 0)
  return lines * 13.5 + 6
}

/** Spreadsheets do not agree on growing rows by themselves, so a row with a wrapped text is given its height. */
function wrappedCells(cells: readonly (Cell | undefined)[], columns: readonly Column[]): number | undefined {
  let height: number | undefined
  for (const [index, cell] of cells.entries()) {
    const width = columns[index]?.width
    if (cell === undefined || width === undefined || !('text' in cell)) continue
    if (cell.text.length * 2 < width && !cell.text.includes('\n')) continue
    const needed = Math.min(tallestRow, wrappedHeight(cell.text, width))
    if (needed > (height ?? oneLine)) height = needed
  }
  return height
}

function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += (character.codePointAt(0) ?? 0) > 0xff ? 2 : 1
  return width
}

const mostRows = 1_048_576
/** In points; 409 is the most a spreadsheet takes. */
const oneLine = 19.5
const tallestRow = 405
