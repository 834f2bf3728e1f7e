import type { Filter } from '../kernel/filter.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { ReviewFilter, Spot } from './review-queries.ts'

/** A row's place in addresses and forms: 7, or 7-1 in the second of the tables side by side. */
export function placeText({ row, block }: Spot): string {
  return block === 0 ? String(row) : `${row}-${block}`
}

export function readPlace(text: string): Spot | undefined {
  const [, row, block] = /^(\d{1,7})(?:-(\d{1,2}))?$/.exec(text) ?? []
  return row === undefined ? undefined : { row: Number(row), block: Number(block ?? 0) }
}

/** As people know it: 第 7 行, 第 7 行右边第 2 段. */
export function nameOfRow({ row, block }: Spot): string {
  return block === 0 ? `第 ${row} 行` : `第 ${row} 行（第 ${block + 1} 段）`
}

/** 第 5、8、9 行; of many the first ones and how many there are. */
export function listed(rows: readonly Spot[], most = 12): string {
  return listedNumbers(
    rows.map(({ row }) => row),
    rows.length,
    most,
  )
}

export function listedNumbers(rows: readonly number[], count: number, most = 12): string {
  const shown = [...new Set(rows)].slice(0, most)
  return count > shown.length ? `第 ${shown.join('、')} … 共 ${count} 行` : `第 ${shown.join('、')} 行`
}

const keys = ['status', 'q', 'field', 'about', 'unit'] as const

/** The list as it was left: only what belongs to it is taken from an address somebody sends. */
export function readBack(text: string | undefined): ReviewFilter {
  const sent = new URLSearchParams((text ?? '').slice(0, 2000))
  const filter: Record<string, string> = {}
  for (const key of [...keys, 'after', 'before']) {
    const value = sent.get(key)
    if (value && value.length <= 300 && !value.includes('\u0000')) filter[key] = value
  }
  return filter
}

export function backText(filter: ReviewFilter): string {
  return listUrl('', filter).replace(/^\?/, '')
}

/** The list with its filter and page. */
export function listUrl(path: string, filter: ReviewFilter): string {
  const { after, before, ...rest } = filter
  return filterUrl(path, rest as Filter, { after, before })
}
