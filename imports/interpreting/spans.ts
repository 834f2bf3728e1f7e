import type { SheetRow } from '../reading/events.ts'
import type { Column, Span } from '../recognising/columns.ts'
import type { ImportTarget, Question } from '../target.ts'

type Open = { spans: Span[]; next: number; text: string | undefined; filled: number }

/**
 * Gives each row what a cell merged over several rows says of all of them: the village, the owner, the state. Figures
 * and what identifies a row are said once and stay with the first row.
 */
export class SpanReader {
  readonly #columns = new Map<string, Open>()
  readonly #headers: ReadonlyMap<string, string>

  constructor(target: ImportTarget, columns: readonly Column[], spans: readonly Span[]) {
    this.#headers = new Map(columns.map(({ column, header }) => [column, header]))
    const identifying = new Set([
      target.name,
      ...target.identities.flatMap(({ unique, fields }) => (unique ? fields : [])),
    ])
    for (const { column, field: key } of columns) {
      const field = target.fields.find((candidate) => candidate.key === key)
      if (!field || identifying.has(field.key)) continue
      if (!['text', 'date', 'choice', 'unit', 'division'].includes(field.kind)) continue
      const own = spans.filter((span) => span.column === column).sort((a, b) => a.top - b.top)
      if (own.length > 0) this.#columns.set(column, { spans: own, next: 0, text: undefined, filled: 0 })
    }
  }

  /** Fills the row's blank cells within merges; rows come in order. */
  fill(row: SheetRow): void {
    for (const [column, open] of this.#columns) {
      let span = open.spans[open.next]
      while (span && span.bottom < row.row) {
        open.next++
        open.text = undefined
        span = open.spans[open.next]
      }
      if (!span || row.row < span.top) continue
      if (row.row === span.top) open.text = row.cells[column]
      else if (open.text !== undefined && !row.cells[column]?.trim()) {
        row.cells[column] = open.text
        open.filled++
      }
    }
  }

  questions(): Question[] {
    return [...this.#columns].flatMap(([column, { filled }]) =>
      filled === 0
        ? []
        : [
            {
              about: `第 ${column} 列「${this.#headers.get(column) ?? ''}」有跨行合并的单元格，各行都按合并的内容读入吗？`,
              guess: `是，补入 ${filled} 行`,
              column,
            },
          ],
    )
  }
}
