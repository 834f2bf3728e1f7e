import { ImportRefused } from '../refused.ts'

/** Bounds of what is read from one file; every one is told in the message that refuses the file. */
export const limits = {
  fileBytes: 100 * 2 ** 20,
  /** Sum over all parts, counted while they are inflated; what the archive declares is not trusted. */
  inflatedBytes: 2 ** 30,
  /** Largest inflated ÷ packed size of a part above `ratioFrom`; small parts compress far better honestly. */
  ratio: 200,
  ratioFrom: 2 ** 20,
  /** Parts of the archive: registers with a photo or two of every asset hold thousands; a directory built to stall, more. */
  entries: 5_000,
  sheets: 200,
  rows: 1_000_000,
  /** The highest number that a row is stored with; a csv file counts its empty lines too. */
  lastRow: 2 ** 31 - 1,
  /** The last row and column that a worksheet can have. */
  rowNumber: 1_048_576,
  columnNumber: 16_384,
  cellChars: 32_767,
  /** XML of one row, or one record of a csv file; 16,384 filled cells of ordinary length stay far below. */
  rowBytes: 4 * 2 ** 20,
  /** Text of one row's cells: a long text that many cells point to is small in the file and large outside of it. */
  rowText: 2 ** 20,
  /** Cells of a file, empty ones as well: a million rows of forty. */
  cells: 40_000_000,
  /** Cells of a file beyond the 256 columns that a worksheet once had; a table has few, and each costs many times more. */
  wideColumn: 256,
  wideCells: 1_000_000,
  /** Filled columns of one table, and tables beside each other: each row costs what its columns are, each table a reading. */
  tableColumns: 256,
  blocks: 12,
  /** The longest message of the reading process: a row, each of whose characters may take six. */
  frameChars: 8 * 2 ** 20,
  /** What the reader writes for all rows together. */
  output: 2 ** 29,
  /** The same where only the first rows of each worksheet are asked for, which are then held. */
  sampleOutput: 2 ** 25,
  sharedStrings: 2_000_000,
  sharedChars: 48 * 2 ** 20,
  /** Small parts that are held whole: workbook, relationships, styles. */
  partBytes: 16 * 2 ** 20,
  merges: 20_000,
  /** Characters of a number format; no program writes a longer one. */
  formatChars: 255,
  /** Memory of the reading process. */
  heapMegabytes: 256,
  /** What it may reserve, 530 MB of which Node reserves at its start and hardly touches: it never holds 400 MB. */
  dataKilobytes: 800_000,
  /** How long it may be waited for without a sign that it goes on. */
  silentSeconds: 8,
  /** How long it may be waited for in all; a large honest file takes minutes on a slow machine. */
  seconds: 600,
  /** What it may reckon, should nobody be left to wait for it. */
  cpuSeconds: 600,
  /** Files worked on at once in a county, one of each person, and how many one person may have in the queue. */
  turns: 2,
  waiting: 20,
} as const

export function tooLarge(what: string): ImportRefused {
  return new ImportRefused(`文件过大：${what}。请拆成几个文件，或删去图片和空白区域后另存为 .xlsx 再上传。`)
}

export function checkCell(text: string, column: string, row: number): string {
  if (text.length <= limits.cellChars) return text
  throw new ImportRefused(
    `第 ${row} 行 ${column} 列的文字超出 ${limits.cellChars} 个字，无法读取。请缩短这个单元格后再上传。`,
  )
}
