import type { SheetRow } from '../reading/events.ts'
import type { Column, Span } from '../recognising/columns.ts'
import type { ImportTarget } from '../target.ts'
import { isFigure } from '../values/value.ts'

type Open = { spans: Span[]; next: number; text: string | undefined; shows: 'months' | 'years' | null; filled: number }

/**
 * Gives each row what a cell merged over several rows says of all of them: the village, the owner, the state. Figures
 * and what identifies a row are said once and stay with the first row.
 */
export class SpanReader {
  readonly #columns = new Map<string, Open>()
  readonly #headers: ReadonlyMap<string, string>
  readonly #figureSpans = new Map<string, Span>()
  readonly #figures: Span[] = []

  constructor(
    target: ImportTarget,
    columns: readonly Pick<Column, 'column' | 'header' | 'field'>[],
    spans: readonly Span[],
  ) {
    this.#headers = new Map(columns.map(({ column, header }) => [column, header]))
    const identifying = new Set([
      target.name,
      ...target.identities.flatMap(({ unique, fields }) => (unique ? fields : [])),
    ])
    for (const { column, field: key } of columns) {
      const field = target.fields.find((candidate) => candidate.key === key)
      if (field && isFigure(field)) {
        for (const span of spans) if (span.column === column) this.#figureSpans.set(`${column}${span.top}`, span)
      }
      if (!field || identifying.has(field.key)) continue
      if (!['text', 'date', 'choice', 'unit', 'division'].includes(field.kind)) continue
      const own = spans.filter((span) => span.column === column).sort((a, b) => a.top - b.top)
      if (own.length > 0) this.#columns.set(column, { spans: own, next: 0, text: undefined, shows: null, filled: 0 })
    }
  }

  /** Fills the row's blank cells within merges; rows come in order. */
  fill(row: SheetRow): void {
    if (this.#figureSpans.size > 0) {
      for (const column of Object.keys(row.cells)) {
        const span = this.#figureSpans.get(`${column}${row.row}`)
        if (span) this.#figures.push(span)
      }
    }
    for (const [column, open] of this.#columns) {
      let span = open.spans[open.next]
      while (span && span.bottom < row.row) {
        open.next++
        open.text = undefined
        span = open.spans[open.next]
      }
      if (!span || row.row < span.top) continue
      if (row.row === span.top) {
        open.text = row.cells[column]
        open.shows = row.months?.includes(column) ? 'months' : row.years?.includes(column) ? 'years' : null
      } else if (open.text !== undefined && !row.cells[column]?.trim()) {
        row.cells[column] = open.text
        if (open.shows !== null) row[open.shows] = [...(row[open.shows] ?? []), column]
        open.filled++
      }
    }
  }

  notices(): string[] {
    const filled = [...this.#columns].flatMap(([column, { filled: rows }]) =>
      rows === 0 ? [] : [`第 ${column} 列「${this.#headers.get(column) ?? ''}」跨行合并的内容已补入下面 ${rows} 行。`],
    )
    const [first] = this.#figures
    if (!first) return filled
    const { column, top, bottom } = first
    const more = this.#figures.length > 1 ? `等 ${this.#figures.length} 处` : ''
    const place = `${column}${top}:${column}${bottom}${more}`
    return [...filled, `${place}跨行合并的数字只记在第一行，没有重复计算；如果是几项资产的总数，请拆开后重新上传。`]
  }
}
