import Big from 'big.js'
import nunjucks from 'nunjucks'

/** Stands for a value that is not known. */
export const unknown = '—'

/** The templates below `viewsDir`, with filters that only format. A variable nobody passed throws instead of printing nothing. */
export function createTemplates(viewsDir: string): nunjucks.Environment {
  const loader = new nunjucks.FileSystemLoader(viewsDir, { watch: false, noCache: false })
  const env = new nunjucks.Environment(loader, {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  })
  for (const [name, filter] of Object.entries(filters)) env.addFilter(name, filter)
  return env
}

type Problem = { field: string | null; text: string }
type PreciseDate = { date: string | null; precision?: 'year' | 'month' | 'day' | null }

const filters = { money, area, quantity, count, date, dateTime, label, fileSize, safeUrl, problemFor }

/** '1234.5' → '1,234.50' */
export function money(value: unknown): string {
  return decimal(value, 'money', (exact) => exact.toFixed(2, Big.roundHalfUp))
}

/** Square metres, '1234.5' → '1,234.50' */
function area(value: unknown): string {
  return decimal(value, 'area', (exact) => exact.toFixed(2, Big.roundHalfUp))
}

/** '3.000' → '3' */
function quantity(value: unknown): string {
  return decimal(value, 'quantity', (exact) => exact.toFixed())
}

/** Whole numbers of things: 12345 → '12,345' */
function count(value: unknown): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new TypeError('count: not a whole number')
  return decimal(typeof value === 'number' || typeof value === 'bigint' ? String(value) : value, 'count', (exact) =>
    exact.toFixed(),
  )
}

/** A calendar day, as exact as it is known: '2018年', '2018年3月', '2018-03-15'. */
function date(value: unknown): string {
  if (value === null || value === '') return unknown
  if (value instanceof Date) return shanghai(value).slice(0, 10)
  if (isPreciseDate(value)) {
    if (value.date === null) return unknown
    return day(value.date.slice(0, lengths[value.precision ?? 'day']))
  }
  if (typeof value !== 'string') throw new TypeError('date: expects an ISO text, a Date or { date, precision }')
  return value.includes('T') ? shanghai(new Date(value)).slice(0, 10) : day(value)
}

/** A moment in the county's time, '2026-11-22 09:30'. */
function dateTime(value: unknown): string {
  if (value === null || value === '') return unknown
  if (value instanceof Date) return shanghai(value)
  if (typeof value !== 'string') throw new TypeError('dateTime: expects a Date or an ISO text')
  return shanghai(new Date(value))
}

/** The label of a stored choice; the stored value itself where the list does not know it. */
function label(value: unknown, choices: readonly { value: string; label: string }[]): string {
  if (value === null || value === '') return unknown
  if (typeof value !== 'string') throw new TypeError('label: expects a stored choice')
  return choices.find((choice) => choice.value === value)?.label ?? value
}

/** Bytes → '812 字节', '1.5 MB' */
function fileSize(value: unknown): string {
  if (value === null) return unknown
  const bytes = Number(value)
  if (!Number.isFinite(bytes)) throw new TypeError('fileSize: expects a number of bytes')
  if (bytes < 1024) return `${bytes} 字节`
  const steps = ['KB', 'MB', 'GB'] as const
  const step = Math.min(steps.length, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** step).toFixed(1).replace(/\.0$/, '')} ${steps[step - 1] ?? 'KB'}`
}

/** An address that may stand in `href`: a place of ours, or http(s). Anything else becomes '#'. */
function safeUrl(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('safeUrl: expects a text')
  // Browsers drop control characters and read a backslash as a slash, so neither may hide in an address.
  if (/[\p{Cc}\s\\]/u.test(value)) return '#'
  if (/^(?:\/(?!\/)|[?#])/.test(value) || /^https?:\/\/[^/]/i.test(value)) return value
  return '#'
}

/** The sentence for a field out of the problems of a form, '' when there is none. */
function problemFor(problems: readonly Problem[] | null | undefined, field: string): string {
  return problems?.find((problem) => problem.field === field)?.text ?? ''
}

const lengths = { year: 4, month: 7, day: 10 }

function decimal(value: unknown, filter: string, format: (exact: Big) => string): string {
  if (value === null || value === '') return unknown
  if (typeof value !== 'string') throw new TypeError(`${filter}: expects a decimal text, not ${typeof value}`)
  if (!/^-?\d+(\.\d+)?$/.test(value)) return value
  return grouped(format(new Big(value)))
}

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.')
  const separated = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return fraction === undefined ? separated : `${separated}.${fraction}`
}

function isPreciseDate(value: unknown): value is PreciseDate {
  return typeof value === 'object' && value !== null && 'date' in value
}

function day(text: string): string {
  const [year, month] = text.split('-')
  if (/^\d{4}$/.test(text)) return `${year}年`
  if (/^\d{4}-\d{2}$/.test(text)) return `${year}年${Number(month)}月`
  return text
}

const clock = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

function shanghai(moment: Date): string {
  const part = Object.fromEntries(clock.formatToParts(moment).map(({ type, value }) => [type, value]))
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`
}
