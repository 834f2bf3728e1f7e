import { type NumberFormat, numberText, readFormat } from '../number-format.ts'

const plain: NumberFormat = { kind: 'plain' }

/** Formats by the names that this XML has for some of them. */
export function namedFormat(code: string): NumberFormat {
  if (/^(?:general|short|medium|long) (?:date|time)$/i.test(code)) return { kind: 'date', precision: 'day' }
  if (
    /^(?:general number|fixed|standard|percent|scientific|currency|euro currency|yes\/no|true\/false|on\/off)$/i.test(
      code,
    )
  ) {
    return plain
  }
  return readFormat(code)
}

/** Text of a cell by the type that its data have. */
export function valueText(raw: string, type: string, format: NumberFormat, date1904: boolean): string {
  if (type === 'Boolean') return raw.trim() === '0' ? 'FALSE' : 'TRUE'
  if (type === 'DateTime') return dateText(raw.trim(), format, date1904)
  const value = Number(raw)
  if (type !== 'Number' || raw.trim() === '' || !Number.isFinite(value)) return raw
  return numberText(value, format, date1904)
}

/** 2015-03-01T00:00:00.000 in the form of every other date; times and durations count from the last day of 1899. */
function dateText(text: string, format: NumberFormat, date1904: boolean): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?Z?)?$/.exec(text)
  if (!found) return text
  const [, year, month, day, hours = '00', minutes = '00', seconds = '00'] = found
  const clock = `${hours}:${minutes}:${seconds}`
  if (format.kind === 'duration') {
    const days = Math.round(
      (Date.UTC(Number(year), Number(month) - 1, Number(day)) - Date.UTC(1899, 11, 31)) / 86_400_000,
    )
    return `${String(Number(hours) + Math.max(0, days) * 24).padStart(2, '0')}:${minutes}:${seconds}`
  }
  const date = `${year}-${month}-${day}`
  if (date === '1899-12-31' || date === '1899-12-30' || (date1904 && date === '1904-01-01')) return clock
  return clock === '00:00:00' ? date : `${date} ${clock}`
}
