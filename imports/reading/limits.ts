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
  /** The last row and column that a worksheet can have. */
  rowNumber: 1_048_576,
  columnNumber: 16_384,
  cellChars: 32_767,
  /** XML of one row, or one record of a csv file; 16,384 filled cells of ordinary length stay far below. */
  rowBytes: 4 * 2 ** 20,
  sharedStrings: 2_000_000,
  sharedChars: 48 * 2 ** 20,
  /** Small parts that are held whole: workbook, relationships, styles. */
  partBytes: 16 * 2 ** 20,
  merges: 20_000,
  /** Memory of the reading process. */
  heapMegabytes: 256,
  dataKilobytes: 700_000,
  /** Longest wait for a sign that the file is being worked through, and for the whole of it. */
  silentSeconds: 10,
  seconds: 300,
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
