import { limits } from './limits.ts'

/** What a number format means for the text of a number. */
export type NumberFormat =
  | { kind: 'plain' }
  /** `precision` is how much of a date the cell shows: 2015年3月 is a month. */
  | { kind: 'date'; precision: 'year' | 'month' | 'day' }
  | { kind: 'duration' }
  /** Digits padded with zeros, in groups between fixed texts: a number is a count of digits. */
  | { kind: 'padded'; pattern: readonly (string | number)[] }
  /** A unit of measure that the cell shows behind the figure: 30 shown as 30亩. */
  | { kind: 'measured'; unit: string }

const plain: NumberFormat = { kind: 'plain' }

/** mmm-yy, and yyyy"年"m"月" of the Chinese formats. */
const months = new Set([17, 27, 36, 50, 52, 57])

/** Date formats without a code of their own; 27–36 and 50–58 are the East Asian ones. */
export function builtInFormat(id: number): NumberFormat {
  if (id === 46) return { kind: 'duration' }
  const date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
  return date ? { kind: 'date', precision: months.has(id) ? 'month' : 'day' } : plain
}

const known = new Map<string, NumberFormat>()

export function readFormat(code: string): NumberFormat {
  let format = known.get(code)
  if (!format) {
    format = understand(code)
    if (known.size < 10_000) known.set(code, format)
  }
  return format
}

function understand(code: string): NumberFormat {
  if (code.length > limits.formatChars) return plain
  const section = firstSection(code)
  if (/\[(h+|m+|s+)\]/i.test(section)) return { kind: 'duration' }
  const bare = section
    .replace(/"[^"]*"/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/[\\_*!]./g, '')
    .replace(/general|g\/通用格式|standard|am\/pm|上午\/下午/gi, '')
  if (/[ymdhs]|aaa|e(?![+-])/i.test(bare) && !/[0#?@]/.test(bare.replace(/s[.,]0+/gi, ''))) {
    return { kind: 'date', precision: precisionOf(section, bare) }
  }
  return padded(section) ?? measured(section) ?? plain
}

function precisionOf(section: string, bare: string): 'year' | 'month' | 'day' {
  if (!/[ye]/i.test(bare) || /[dhs]|aaa/i.test(bare) || /[日号]/.test(section)) return 'day'
  return /m/i.test(bare) ? 'month' : 'year'
}

/** A section ends at a semicolon outside quotes; one for zero alone, as [=0]"" to show nothing, is not the first. */
function firstSection(code: string): string {
  const [, first, second] = /^((?:"[^"]*"|\\.|[^;"\\])*)(?:;((?:"[^"]*"|\\.|[^;"\\])*))?/.exec(code) ?? []
  return (first?.startsWith('[=0]') ? second : first) ?? code
}

/** Quoted, escaped, bracketed and filling parts of a section, zeros, and what stands for itself. */
const tokens = /"([^"]*)"|[\\!](.)|\[[^\]]*\]|[_*].|(0+)|([-() ]|[^\p{ASCII}])/uy

function padded(section: string): NumberFormat | null {
  const pattern: (string | number)[] = []
  tokens.lastIndex = 0
  let zeros = 0
  let at = 0
  while (at < section.length) {
    const found = tokens.exec(section)
    if (!found) return null
    at = tokens.lastIndex
    const [, quoted, escaped, digits, bare] = found
    const text = quoted ?? escaped ?? bare
    if (digits) pattern.push(digits.length)
    else if (text) pattern.push(text)
    zeros += digits?.length ?? 0
  }
  return zeros >= 2 ? { kind: 'padded', pattern } : null
}

/** 0"亩" and #,##0.00"万元" show their unit in the cell; behind a comma the figure is shown in thousands and stays as it is. */
function measured(section: string): NumberFormat | null {
  const found =
    /^(?:"[¥￥]"|[¥￥]|\\[¥￥]|\[[^\]]*\])*(?:general|g\/通用格式|[#0?,]*[#0?](?:\.[#0?]*)?)((?:"[^"]*"|\\.|_.|\[[^\]]*\]|[^\p{ASCII}]| )+)$/iu.exec(
      section,
    )
  const unit = found?.[1]
    ?.replace(/\[[^\]]*\]|_./g, '')
    .replace(/"([^"]*)"|\\(.)/g, (_whole, quoted, escaped) => quoted ?? escaped)
    .trim()
  return unit && measures.test(unit) ? { kind: 'measured', unit } : null
}

const measures = /^(?:[千万亿]?元(?:\/[年月季])?|[千万亿]|亩|㎡|平方米|m²|m2|公顷)$/

/** Text of a stored number: dates as 2021-01-01, no exponent, no more digits than the fifteen a cell holds. */
export function numberText(value: number, format: NumberFormat, date1904: boolean): string {
  if (format.kind === 'date' && value >= 0 && value < lastDay - (date1904 ? 1462 : 0)) return dateText(value, date1904)
  if (format.kind === 'duration' && value >= 0 && value < 1e9) return clock(Math.round(value * 86_400))
  if (format.kind === 'padded' && Number.isInteger(value) && value >= 0 && value < 1e15) {
    return spread(String(value), format.pattern)
  }
  return format.kind === 'measured' ? `${decimalText(value)}${format.unit}` : decimalText(value)
}

/** The last groups take their digits from the right; what is left goes to the first. */
function spread(digits: string, pattern: readonly (string | number)[]): string {
  const first = pattern.findIndex((part) => typeof part === 'number')
  let rest = digits
  let text = ''
  for (const [at, part] of [...pattern.entries()].reverse()) {
    if (typeof part === 'string') text = part + text
    else if (at === first) text = rest.padStart(part, '0') + text
    else {
      text = rest.slice(-part).padStart(part, '0') + text
      rest = rest.slice(0, -part)
    }
  }
  return text
}

/** A number as a plain decimal without float noise. */
export function decimalText(value: number): string {
  if (Number.isSafeInteger(value) && Math.abs(value) < 1e15) return String(value)
  const [digits = '', power = '0'] = value.toExponential(14).split('e')
  const negative = digits.startsWith('-')
  const figures = digits.replace(/[-.]/g, '').replace(/0+$/, '')
  if (figures === '') return '0'
  const point = Number(power) + 1
  const text =
    point <= 0
      ? `0.${'0'.repeat(-point)}${figures}`
      : point >= figures.length
        ? figures + '0'.repeat(point - figures.length)
        : `${figures.slice(0, point)}.${figures.slice(point)}`
  return negative ? `-${text}` : text
}

/**
 * What the text of a date says beyond what its cell shows. A first day behind a format of year and month is how 2015年3月
 * is stored; any other day was written on purpose.
 */
export function shownPrecision(text: string, format: NumberFormat): 'months' | 'years' | null {
  if (format.kind !== 'date' || format.precision === 'day' || !/^\d{4}-\d\d-01$/.test(text)) return null
  if (format.precision === 'month') return 'months'
  return text.endsWith('-01-01') ? 'years' : null
}

/** Whether a number's text has more digits than a cell keeps; 18-digit codes entered as numbers end like this. */
export function isRounded(text: string): boolean {
  return text.length > 15 && /^[1-9]\d{14}0+$/.test(text)
}

const day = 86_400_000
/** Serial number behind 9999-12-31. */
const lastDay = 2_958_466

/** Serial day numbers count from 1900-01-01 and include a 29 February 1900 that never was, or from 1904-01-01. */
function dateText(serial: number, date1904: boolean): string {
  const seconds = Math.round(serial * 86_400)
  const days = Math.floor(seconds / 86_400)
  const time = seconds % 86_400
  if (days === 0 && !date1904) return time === 0 && serial === 0 ? '0' : clock(time)
  if (days === 60 && !date1904) return '1900-02-29'
  const start = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30)
  const date = new Date(start + days * day).toISOString().slice(0, 10)
  return time === 0 ? date : `${date} ${clock(time)}`
}

function clock(seconds: number): string {
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0')
  return `${two(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`
}
