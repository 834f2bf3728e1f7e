import { filterUrl } from '../../kernel/filter.ts'
import type { Extent } from './extent.ts'
import { type OtherSheets, sheetsFor } from './workbook.ts'

export type SheetLink = { title: string; href: string; form: boolean }

/**
 * 基准日以后的变动: what happened to a unit's cards since, which no figure of its count has; null while there can be none.
 */
export function laterHref(
  { unitCode, track, baseOn }: { unitCode: string; track: string; baseOn: string },
  today: string,
): string | null {
  return baseOn < today ? filterUrl('/assets/changes', { unit: unitCode, track, from: baseOn, to: today }) : null
}

const folders = { count: 'counts', compilation: 'compilations', call: 'calls' } as const

/** What can be taken out of a document, as `inventory/_sheets.njk` lists it; the form to fill in stands first. */
export function sheetLinks(document: Pick<Extent, 'kind' | 'no' | 'track'>, others: OtherSheets): SheetLink[] {
  return sheetsFor(document, others).map(({ name, title, bare }) => ({
    title,
    href: `/inventory/${folders[document.kind]}/${document.no}/${name}.xlsx`,
    form: bare === true,
  }))
}
