import type { Cell } from './cells.ts'
import { styleIndex } from './styles.ts'

/** 0 → A, 26 → AA. */
export function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last
}

/** Text of an element or attribute; what XML or the _xHHHH_ notation would change is written so that it reads back the same. */
export function escapeXml(text: string): string {
  if (!special.test(text)) return text
  return text
    .toWellFormed()
    .replace(/_(?=x[0-9a-f]{4}(?:_|(?![\t\n\r])[\p{Cc}\ufffe\uffff]))/giu, '_x005F_')
    .replace(unwritable, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r/g, '&#13;')
}

/** `letters` as columnLetters gives them. */
export function cellXml(letters: string, row: number, cell: Cell): string {
  if ('text' in cell) {
    if (ordinary.test(cell.text)) {
      return `<c r="${letters}${row}" s="${styleIndex(cell.style)}" t="inlineStr"><is><t>${cell.text}</t></is></c>`
    }
    const style = styleIndex(cell.style, looksLikeFormula.test(cell.text))
    const kept = outerBlank.test(cell.text) ? ' xml:space="preserve"' : ''
    return `<c r="${letters}${row}" s="${style}" t="inlineStr"><is><t${kept}>${escapeXml(cell.text)}</t></is></c>`
  }
  const start = `<c r="${letters}${row}" s="${styleIndex(cell.style)}"`
  if ('shown' in cell) return `${start} t="str"><f>${escapeXml(cell.formula)}</f><v>${escapeXml(cell.shown)}</v></c>`
  if ('number' in cell) return `${start}><v>${cell.number}</v></c>`
  if ('formula' in cell) return `${start}><f>${escapeXml(cell.formula)}</f><v>${cell.result}</v></c>`
  return `${start}/>`
}

/** Control characters and non-characters, which XML has no way to write. */
const unwritable = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu
const special = /[&<>"]|(?![\t\n])\p{Cc}|\p{Cs}|[\ufffe\uffff]|_x[0-9a-f]{4}_/iu

/** Most texts of a ledger: nothing to escape, no blank to keep, no formula; told by one look instead of three. */
const ordinary = /^[\u4e00-\u9fffA-Za-z0-9（][\u4e00-\u9fffA-Za-z0-9（）()、，。.:：/·-]*$/

/** Blanks that are kept only where it is said, and lines. */
const outerBlank = /^\s|\s$|[\t\n\r]| {2}/

/** A text that a spreadsheet would take for a formula if somebody typed it, also behind characters that cannot be seen. */
const looksLikeFormula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^\p{Cc}/u
