import type { ScannedRow } from './rows.ts'

/** What a file was found to be, by its content. */
export type Container = 'xlsx' | 'xls' | 'xml' | 'html' | 'csv'

export type SheetStart = {
  kind: 'sheet'
  /** Place among the worksheets, from 0. */
  index: number
  name: string
  hidden: boolean
  /** Merged ranges such as A1:C2; only when they were asked for. */
  merges: string[]
  /** Letters of the columns that the file hides. */
  hiddenColumns?: string[]
}

/** Text of the filled cells of a row by column letter. */
export type Cells = Record<string, string>

export type SheetRow = {
  kind: 'row'
  /** The worksheet's own row number; the record number in a csv file. */
  row: number
  cells: Cells
  /** The same by column from 0, blanks among them, for who goes through all of a plain row: it costs half as much. */
  readonly texts?: readonly string[]
  hidden?: true
  /** Columns whose cell holds an error such as #N/A. */
  errors?: string[]
  /** Columns whose cell holds a number of more digits than cells keep: the last ones have become zeros. */
  rounded?: string[]
  /** Columns whose formula was saved without a result: nobody can tell what it comes to. */
  uncomputed?: string[]
  /** Columns whose cell shows only the month or only the year of the date that stands in `cells`. */
  months?: string[]
  years?: string[]
}

/** Comes behind the last row that is read of a worksheet. */
export type SheetEnd = {
  kind: 'sheetEnd'
  /** Cells among those read whose text is the stored result of a formula. */
  formulas: number
}

/** What a file holds besides cells; it is passed over, and told. */
export type UnreadKind =
  | 'drawings'
  | 'charts'
  | 'macros'
  | 'externalLinks'
  | 'embeddings'
  | 'validations'
  | 'comments'
  | 'pivotTables'
export type Unread = { kind: 'unread'; what: UnreadKind; count: number }

/** Share of the file that has been worked through, from 0 to 1, now and then while it is read. */
export type Progress = { kind: 'progress'; share: number }

/** Comes last, when everything was read. */
export type End = {
  kind: 'end'
  /** Most memory that the reading process held. */
  peakMegabytes: number
}

export type ReadEvent =
  | { kind: 'container'; container: Container }
  | Unread
  | SheetStart
  | SheetRow
  | SheetEnd
  | Progress
  | End

/** Takes the share of the file that has been worked through, from 0 to 1, as often as it is known. */
export type Report = (share: number) => void

/**
 * Plain rows, one line each, from row `first` on: as they stand in a csv file none of whose cells is quoted, or as they
 * were put together. `rows` is how many of them are filled, where that is known.
 */
export type Lines = { kind: 'lines'; first: number; delimiter: string; text: string | Buffer; rows?: number }

/** What the readers hand on within the reading process; rows come in the form that costs least. */
export type Found = ReadEvent | ScannedRow[] | Lines

export type ReadOptions = {
  /** Stop each worksheet after this many filled rows. */
  rows?: number
  /** Tell merged ranges; costs one more pass over each worksheet. */
  merges?: boolean
  /** Read this worksheet only. */
  worksheet?: string
  /** How long the file may be waited for; a minute unless told. */
  seconds?: number
}
