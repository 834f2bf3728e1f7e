import type { Extent } from './extent.ts'
import { type OtherSheets, sheetsFor } from './workbook.ts'

export type SheetLink = { title: string; href: string; form: boolean }

const folders = { count: 'counts', compilation: 'compilations', call: 'calls' } as const

/** What can be taken out of a document, as `inventory/_sheets.njk` lists it; the form to fill in stands first. */
export function sheetLinks(document: Pick<Extent, 'kind' | 'no' | 'track'>, others: OtherSheets): SheetLink[] {
  return sheetsFor(document, others).map(({ name, title, bare }) => ({
    title,
    href: `/inventory/${folders[document.kind]}/${document.no}/${name}.xlsx`,
    form: bare === true,
  }))
}
