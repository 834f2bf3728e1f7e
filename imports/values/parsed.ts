/** What a cell's text came to. `problem` is one Chinese sentence; without one the value is what was written. */
export type Parsed = {
  /** Stored form: decimal text, 2015-03, a choice's value; null when nothing was written or it cannot be read. */
  value: string | null
  problem?: string
}

export const nothing: Parsed = { value: null }

/** Figures, letters and Chinese characters, of which nothing is to be folded. */
export const plainText = /^[!-~\u4e00-\u9fff]*$/

/** Full-width figures, letters and signs as their plain forms, outer blanks gone. */
export function folded(text: string): string {
  return plainText.test(text) ? text : text.normalize('NFKC').trim()
}

/** Strokes and words that people write where they have nothing to write. */
export function isBlank(text: string): boolean {
  // Most texts are told by how they begin.
  if (!/^[-—–―－_/\\.。*×无空暂没n不未\s]/i.test(text)) return text === ''
  return /^(?:[-—–―－_/\\.。*×]*|无|空|暂无|没有|n\/?a|null|不详|未知)$/i.test(text.replace(/\s/g, ''))
}

/** 1.23E+17: what a spreadsheet makes of a long number; the digits behind are lost. */
export function isScientific(text: string): boolean {
  return /^[-+]?\d+(?:\.\d+)?e[+-]?\d+$/i.test(text)
}

export function scientific(text: string): string {
  return `「${text}」是被表格软件改写成科学计数法的数字，请把该列设为文本后写明完整数字。`
}

const errorText =
  /^#(?:N\/A|REF!|DIV\/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|EXTERNAL!|PYTHON!|GETTING_DATA)$/i

/** Error values of spreadsheets, old and new; csv files hold them as text. */
export function isErrorText(text: string): boolean {
  return errorText.test(text)
}
