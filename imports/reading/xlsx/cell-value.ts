import { damaged } from '../../refused.ts'
import { isRounded, type NumberFormat, numberText, shownPrecision } from '../number-format.ts'
import type { CellNote } from '../rows.ts'
import type { SharedTexts } from './shared-texts.ts'
import { storedText } from './xml.ts'

/** How a cell stores its value: the meaning of its attribute t. */
export type Kind = 'number' | 'shared' | 'text' | 'inline' | 'boolean' | 'error' | 'date'

/** What the cells of a workbook refer to, and how much text has come out of it. */
export type CellContext = {
  strings: SharedTexts
  formats: readonly NumberFormat[]
  date1904: boolean
  /** Styles that show a date without its day. */
  coarse: ReadonlySet<number>
  /** Texts of whole day numbers by style: ledgers repeat few of them. */
  days: Map<number, string>
  spent: { cells: number; wide: number; bytes: number }
}

export function cellContext(strings: SharedTexts, formats: readonly NumberFormat[], date1904: boolean): CellContext {
  const coarse = new Set<number>()
  for (const [style, format] of formats.entries()) {
    if (format.kind === 'date' && format.precision !== 'day') coarse.add(style)
  }
  return { strings, formats, date1904, coarse, days: new Map(), spent: { cells: 0, wide: 0, bytes: 0 } }
}

const plain: NumberFormat = { kind: 'plain' }
const mostDays = 100_000

/** Text of a whole number of at most fifteen digits. */
export function wholeText(whole: number, style: number, context: CellContext): string {
  const format = context.formats[style] ?? plain
  if (format.kind === 'plain') return String(whole)
  if (format.kind !== 'date' || whole > 2_958_466) return numberText(whole, format, context.date1904)
  const known = context.days.get(whole)
  if (known !== undefined) return known
  const text = numberText(whole, format, context.date1904)
  if (context.days.size < mostDays) context.days.set(whole, text)
  return text
}

export function isPlainFormat(style: number, { formats }: CellContext): boolean {
  return (formats[style] ?? plain).kind === 'plain'
}

export function isDay(style: number, { formats }: CellContext): boolean {
  return formats[style]?.kind === 'date'
}

const ZERO = 48
const POINT = 46

/** Whether digits, perhaps with a point among them, are the text of their number: no idle zeros, no bare point. */
export function isTidy(bytes: Uint8Array, from: number, to: number, pointed: boolean): boolean {
  const first = bytes[from]
  if (!pointed) return first !== ZERO || to - from === 1
  const last = bytes[to - 1]
  return first !== POINT && last !== ZERO && last !== POINT && (first !== ZERO || bytes[from + 1] === POINT)
}

/** Text that a cell of the shared kind points to. */
export function sharedText(place: number, context: CellContext): string {
  const text = context.strings.text(place)
  if (text === undefined) throw damaged('单元格指向不存在的文字')
  return text
}

const plainDecimal = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/

/** Text of a stored value, whatever kind it is of; inline texts stand elsewhere. */
export function valueText(value: string, kind: Kind, style: number, context: CellContext): string {
  switch (kind) {
    case 'shared': {
      return sharedText(/^\s*\d{1,9}\s*$/.test(value) ? Number(value) : -1, context)
    }
    case 'text':
    case 'error':
      return storedText(value)
    case 'boolean':
      return value.trim() === '0' || value.trim() === 'false' ? 'FALSE' : 'TRUE'
    case 'date':
      return isoText(value.trim())
    case 'inline':
      return ''
    case 'number': {
      const format = context.formats[style] ?? plain
      // As it stands where nothing has to be made of it: fifteen digits are what a cell holds.
      if (format.kind === 'plain' && value.length < 16 && plainDecimal.test(value)) return value
      const number = Number(value)
      if (value.trim() === '' || !Number.isFinite(number)) return storedText(value)
      return numberText(number, format, context.date1904)
    }
  }
}

/** ISO dates, times and durations of date cells in the form of every other date. */
function isoText(text: string): string {
  const duration = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?$/.exec(text)
  if (duration) return [1, 2, 3].map((part) => (duration[part] ?? '0').padStart(2, '0')).join(':')
  return text
    .replace(/(?:\.\d+)?Z?$/, '')
    .replace(/T00:00(?::00)?$/, '')
    .replace('T', ' ')
}

/** What is told of a cell besides its text: an error, digits that were cut off, a date that shows no day. */
export function noteOf(text: string, kind: Kind, style: number, context: CellContext): CellNote | null {
  if (kind === 'error') return 'errors'
  if (text.length > 15 && isRounded(text)) return 'rounded'
  const format = context.coarse.size > 0 && context.coarse.has(style) ? context.formats[style] : undefined
  return format === undefined ? null : shownPrecision(text, format)
}
