import { briefly } from './briefly.ts'

/** What people decided of how a file is read. What is not decided is found or guessed. */
export type Answers = {
  worksheet?: string
  /** The worksheet's own number of the row that the table's header begins in, where a worksheet holds several tables. */
  headerRow?: number
  /** Field key by column letter; null keeps the column beside the fields. */
  columns: Readonly<Record<string, string | null>>
  /** Unit by column letter: 万元, 亩. */
  units: Readonly<Record<string, string>>
  /**
   * Stored value by field key and by text as written: the key of a choice, a unit's code, a division's code. Null leaves
   * the field blank and keeps the text beside it.
   */
  values: Readonly<Record<string, Readonly<Record<string, string | null>>>>
}

export const noAnswers: Answers = { columns: {}, units: {}, values: {} }

/** Answers to an earlier file of the same layout, and the headers of the columns they are about. */
export type Recalled = { answers: Answers; headers: readonly { column: string; header: string }[] }

/** Answers as they are stored: `{}` where nobody decided anything. */
export function answersOf(stored: Readonly<Record<string, unknown>>): Answers {
  return { ...noAnswers, ...stored }
}

/** Both together; where they say different things, the later ones hold. */
export function withAnswers(earlier: Answers, later: Answers): Answers {
  const values = Object.fromEntries(
    [...new Set([...Object.keys(earlier.values), ...Object.keys(later.values)])].map((field) => [
      field,
      { ...earlier.values[field], ...later.values[field] },
    ]),
  )
  return {
    ...earlier,
    ...later,
    columns: { ...earlier.columns, ...later.columns },
    units: { ...earlier.units, ...later.units },
    values,
  }
}

/** Characters of a text that a question shows; an answer is known by them. */
const shown = 60

/** A text as questions and answers know it. */
export function asked(text: string): string {
  const plain = text.trim()
  return plain.length > shown ? `${briefly(plain, shown)}…` : plain
}

/** Text that stands for all texts of a field that were too many to be asked about one by one. */
export const allOthers = '*'

/** What was decided of a text; undefined when nothing was. */
export function decided({ values }: Answers, field: string, text: string): string | null | undefined {
  const known = values[field]
  if (known === undefined) return undefined
  const key = asked(text)
  return Object.hasOwn(known, key) ? known[key] : undefined
}
