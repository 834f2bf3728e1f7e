/** A file that is not read. Its message is one Chinese sentence: what is wrong, and what to do. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
}

/** The sentence for a file whose inner structure cannot be followed. */
export function damaged(part: string): ImportRefused {
  return new ImportRefused(`文件已损坏，无法读取（${part}）。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。`)
}
