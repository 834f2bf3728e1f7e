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
