/** What a column, a form input and a card property have in common. */
export type FieldKind =
  | 'text'
  | 'longText'
  /** Exact decimal yuan, two places. */
  | 'money'
  /** Exact decimal square metres, two places. */
  | 'area'
  /** Exact decimal, three places. */
  | 'quantity'
  | 'integer'
  /** A calendar day that keeps its precision (year, month or day). */
  | 'date'
  | 'choice'
  /** A unit 单位 of the county, by code or by name. */
  | 'unit'
  /** An administrative division 行政区划, by 12-digit code or by name. */
  | 'division'

export type Choice = {
  /** Stored value. */
  value: string
  /** As printed. */
  label: string
  /** Other ways people write it. */
  synonyms?: readonly string[]
}

export type Field = {
  key: string
  /** The printed header, without its unit of measure. */
  label: string
  kind: FieldKind
  /** Unit of measure that stored values are in: 元, ㎡. */
  unit?: string
  choices?: readonly Choice[]
  /** Headers found in real tables that mean this field; compared after normalising width, brackets and blanks. */
  synonyms?: readonly string[]
  /** Headers that mean this field in some tables and something else in others: read as it, and asked about. */
  maybe?: readonly string[]
  /** Longest text accepted. */
  max?: number
  /** One short instruction for the form. */
  hint?: string
}

/** Reads a choice's label; the stored value itself where the list does not know it. */
export function choiceLabel(choices: readonly Choice[] | undefined, value: string | null | undefined): string {
  if (value === null || value === undefined) return ''
  return choices?.find((choice) => choice.value === value)?.label ?? value
}

/** Headers written in one line with blanks between them. */
export function words(text: string): readonly string[] {
  return text.split(' ')
}
