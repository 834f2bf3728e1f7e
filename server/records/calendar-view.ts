import { addDays, addMonths, type Calendar, dayKinds, isWorkingDay, weekday, weekdays } from './calendar.ts'

/** A year as twelve small months, weeks beginning on Monday; the blanks before the first are null. */
export function yearView(calendar: Calendar, year: string, today: string) {
  return Array.from({ length: 12 }, (_, index) => {
    const first = addMonths(`${year}-01-01`, index)
    const next = addMonths(first, 1)
    const days: (null | ReturnType<typeof dayView>)[] = Array.from({ length: (weekday(first) + 6) % 7 }, () => null)
    for (let day = first; day < next; day = addDays(day, 1)) days.push(dayView(calendar, day, today))
    while (days.length % 7 > 0) days.push(null)
    const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7))
    return { label: `${index + 1} 月`, weeks }
  })
}

function dayView(calendar: Calendar, day: string, today: string) {
  const known = calendar.get(day)
  const off = known ? known.kind === 'holiday' : !isWorkingDay(calendar, day)
  return {
    day,
    number: Number(day.slice(8)),
    mark: known ? (known.kind === 'holiday' ? '休' : '班') : '',
    kind: known?.kind ?? (off ? 'weekend' : 'plain'),
    title: known ? `${dayKinds[known.kind]} ${known.name}` : '',
    today: day === today,
  }
}

/** The year's entries with days in a row put together: 春节 02-15 至 02-23, 9 天. */
export function entriesOf(calendar: Calendar, year: string) {
  const entries: { from: string; to: string; kind: keyof typeof dayKinds; name: string; days: number }[] = []
  for (const [day, { kind, name }] of [...calendar].sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (!day.startsWith(year)) continue
    const last = entries.at(-1)
    if (last && last.kind === kind && last.name === name && addDays(last.to, 1) === day) {
      last.to = day
      last.days += 1
    } else entries.push({ from: day, to: day, kind, name, days: 1 })
  }
  return entries.map((entry) => ({
    ...entry,
    label: dayKinds[entry.kind],
    on: entry.days === 1 ? `${entry.from} ${weekdays[weekday(entry.from)]}` : `${entry.from} 至 ${entry.to}`,
  }))
}
