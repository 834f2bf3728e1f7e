/** A day known to the year, the month or the day: `2018`, `2018-03`, `2018-03-31`. */
export type PartialDate = string
export type Precision = 'year' | 'month' | 'day'

/** Reads `2018`, `2018.3`, `2018年3月`, `20180331`, `2018-3-31`, `2018/3/31`; null when it is none of them. */
export function readPartialDate(text: string): PartialDate | null {
  const plain = text.normalize('NFKC').trim()
  const match =
    /^(\d{4})(?:\s*[年.\-/]\s*(\d{1,2})(?:\s*[月.\-/]\s*(\d{1,2})\s*日?)?\s*月?)?\s*年?$/.exec(plain) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(plain)
  if (!match) return null
  const [, year = '', month, day] = match
  if (Number(year) < 1900 || Number(year) > 2100) return null
  if (month === undefined) return year
  if (Number(month) < 1 || Number(month) > 12) return null
  const start = `${year}-${month.padStart(2, '0')}`
  if (day === undefined) return start
  const whole = `${start}-${day.padStart(2, '0')}`
  return isDay(whole) ? whole : null
}

/** The stored pair: the first day it can mean, and how precisely it is known. */
export function toStored(partial: PartialDate): { day: string; precision: Precision } {
  if (partial.length === 4) return { day: `${partial}-01-01`, precision: 'year' }
  if (partial.length === 7) return { day: `${partial}-01`, precision: 'month' }
  return { day: partial, precision: 'day' }
}

export function fromStored(day: string | null, precision: string | null): PartialDate | null {
  if (day === null) return null
  return day.slice(0, precision === 'year' ? 4 : precision === 'month' ? 7 : 10)
}

/** There is no year 0, and the database knows none. */
export function isDay(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
}
