import { folded, isBlank, isScientific, nothing, type Parsed, scientific } from './parsed.ts'

export type Precision = 'year' | 'month' | 'day'

/** `date` is the first day of what was written: 2015年3月 is 2015-03-01 with precision month. */
export type WrittenDate = { date: string; precision: Precision; written: string }

const forms = [
  /^(\d{4})年?$/,
  /^(\d{4})(0[1-9]|1[0-2])$/,
  /^(\d{4})(?:年|[-./])(\d{1,2})(?:月份?)?$/,
  /^(\d{4})(\d{2})(\d{2})$/,
  /^(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?$/,
]

/** Reads a date as it is written in ledgers; null for a blank, a Chinese sentence when it is none. */
export function readDate(text: string): WrittenDate | null | { problem: string } {
  const written = folded(text)
  if (isBlank(written)) return null
  const spelled = written
    .replace(/[T\s]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?Z?$/, '')
    .replace(/\s|[.。]$/g, '')
    .replace(/^(\d{4})[—–－](\d{1,2})[—–－](\d{1,2})$/, '$1-$2-$3')
  const plain = /^[〇零○一二三四五六七八九]{4}年/.test(spelled) ? inFigures(spelled) : spelled
  for (const form of forms) {
    const found = form.exec(plain)
    if (found) return calendar(text, found.slice(1).map(Number))
  }
  return { problem: refusal(text, plain) }
}

/** 二〇一五年十一月 is 2015年11月. */
function inFigures(text: string): string {
  const digit = (character: string) => String('〇一二三四五六七八九'.indexOf(character.replace(/[零○]/, '〇')))
  return text
    .replace(/^[〇零○一二三四五六七八九]{4}/, (year) => [...year].map(digit).join(''))
    .replace(
      /([一二三])?十([一二三四五六七八九])?/g,
      (_whole, tens, ones) => `${tens ? digit(tens) : 1}${ones ? digit(ones) : 0}`,
    )
    .replace(/[一二三四五六七八九]/g, digit)
}

/** Why a text is no date, and what to write instead. */
function refusal(text: string, plain: string): string {
  const forms = '2015、2015-03 或 2015-03-01'
  if (isScientific(plain)) return scientific(text)
  if (/^\d{4}(?:[年./-]\d{1,2}(?:[月./-]\d{1,2}[日号]?|月)?|年)?(?:-{1,2}|[~—–至到])\d{2,4}/.test(plain)) {
    return `「${text}」是一段时间，这一栏只放一个日期，请写明是哪一个，如 2015-03。`
  }
  if (/^\d{5}$/.test(plain) && Number(plain) >= 20_000 && Number(plain) < 60_000) {
    const day = new Date(Date.UTC(1899, 11, 30) + Number(plain) * 86_400_000).toISOString().slice(0, 10)
    return `「${text}」像是没有设成日期格式的日期（${day}），请把该列设为日期格式。`
  }
  if (/^\d{1,2}[./-]\d{1,2}[./-]\d{4}$/.test(plain)) {
    return `「${text}」看不出哪个是月、哪个是日，请按年、月、日写，如 2015-03-01。`
  }
  if (/^\d{2}年$|^\d{1,2}[-./年]\d{1,2}(?:[-./月]\d{1,2}[日号]?|月)?$/.test(plain)) {
    return `「${text}」看不出是哪一年，请写四位年份，如 2015-03-01。`
  }
  if (
    /\d{2,4}年?(?:\d{1,2}月)?(?:代|前后|左右|以?前|以?后|初|中|底|末|起|[上下]旬|[上下]半年|春|夏|秋|冬)|约/.test(plain)
  ) {
    return `「${text}」不是确切的日期，能查到的请写成 2015 或 2015-03，查不到的请留空。`
  }
  return `「${text}」不是日期，请写成 ${forms}。`
}

function calendar(written: string, parts: readonly number[]): WrittenDate | { problem: string } {
  const [year = 0, month, day] = parts
  if (year < 1900 || year > 2100) return { problem: `「${written}」的年份不在 1900 至 2100 之间，请核对。` }
  if (month !== undefined && (month < 1 || month > 12)) return { problem: `「${written}」没有这个月份，请核对。` }
  if (
    day !== undefined &&
    (day < 1 || day > 28) &&
    (day < 1 || day > new Date(Date.UTC(year, month ?? 1, 0)).getUTCDate())
  ) {
    return { problem: `「${written}」没有这一天，请核对。` }
  }
  const two = (part: number | undefined) => String(part ?? 1).padStart(2, '0')
  const precision = day !== undefined ? 'day' : month !== undefined ? 'month' : 'year'
  return { date: `${year}-${two(month)}-${two(day)}`, precision, written }
}

/** 2015-03-01, as nearly all days of a workbook come: large files have them by the hundred thousand. */
function isPlainDay(text: string): boolean {
  return /^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/.test(text)
}

/** A date's stored text says no more than was written: 2015, 2015-03 or 2015-03-01. */
export function parseDate(text: string): Parsed {
  if (isPlainDay(text)) return { value: text }
  const read = readDate(text)
  if (read === null) return nothing
  if ('problem' in read) return { value: null, problem: read.problem }
  const value = read.date.slice(0, { year: 4, month: 7, day: 10 }[read.precision])
  // A number cell drops the last zero of 2015.10.
  if (text.length < 10 && /^\d{4}\.1$/.test(folded(text))) {
    return { value, problem: `「${text}」按 1 月读入；如果是 10 月，请写成 ${value.slice(0, 4)}-10。` }
  }
  return { value }
}
