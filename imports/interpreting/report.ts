import type { Question, RowProblem } from '../target.ts'
import type { Interpretation } from './interpret.ts'

/** The part of an import's report that a file gives before the database is asked; figures in 元 and ㎡. */
export type FileReport = {
  worksheet: string
  headerRows: number[]
  columns: { header: string; field: string | null; unit: string | null }[]
  rows: { read: number; wrong: number }
  sums: Record<string, string>
  /** Both as the file counts them. */
  totals: { field: string; declared: string; computed: string; agrees: boolean }[]
  problems: Omit<RowProblem, 'severity'>[]
  questions: Pick<Question, 'about' | 'guess'>[]
}

/** Reports an interpretation whose rows have been read, with the problems that were met on the way. */
export function fileReport({ recognition, summary }: Interpretation, problems: readonly RowProblem[]): FileReport {
  return {
    worksheet: recognition.worksheet,
    headerRows: recognition.headerRows,
    columns: recognition.columns.map(({ header, field, unit }) => ({ header, field, unit })),
    rows: { read: summary.read, wrong: summary.wrong },
    sums: summary.sums,
    totals: summary.totals.map(({ field, declared, computed, agrees }) => ({ field, declared, computed, agrees })),
    problems: problems.map(({ row, column, field, message }) => ({ row, column, field, message })),
    questions: summary.questions.map(({ about, guess }) => ({ about, guess })),
  }
}
