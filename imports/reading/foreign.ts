import { ImportRefused } from '../refused.ts'

/** Sentences for what is no table that we read: what it is, and what to do. */
const saved = '请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。'
const copied = '请把其中的表格复制到 WPS 表格或 Excel，另存为 .xlsx 再上传。'
const original = '请上传原来的表格文件，或录入后另存为 .xlsx 再上传。'
export const sentences = {
  ods: `暂不支持 .ods 表格。${saved}`,
  xlsb: `暂不支持 .xlsb 二进制工作簿。${saved}`,
  lotus: `暂不支持 Lotus 1-2-3 表格。${saved}`,
  dbf: `暂不支持 .dbf 数据库表。${saved}`,
  access: '这是 Access 数据库，不是表格。请在 Access 中把要导入的表导出为 .xlsx 再上传。',
  database: '这是数据库文件，不是表格。请在原来的软件中把要导入的表导出为 .xlsx 再上传。',
  numbers: '暂不支持苹果 Numbers 表格。请在 Numbers 中导出为 .xlsx 再上传。',
  document: `这是文字文档（Word 或 WPS 文字），不是表格。${copied}`,
  slides: `这是演示文稿，不是表格。${copied}`,
  rtf: `这是 RTF 文档，不是表格。${copied}`,
  pdf: `这是 PDF，不是表格。${original}`,
  ofd: `这是 OFD 版式文件，不是表格。${original}`,
  picture: `这是图片，不是表格，照片或截图里的表格无法读取。${original}`,
  sound: '这是音频或视频，不是表格。请重新选择表格文件。',
  archive: '这是压缩包，不是表格。请先解压，再上传其中的表格。',
  mht: `暂不支持 .mht 单个文件网页。${saved}`,
  mail: '这是邮件，不是表格。请把邮件附件中的表格保存下来再上传。',
  xml: `这是 XML 数据，不是表格。${saved}`,
  json: '这是 JSON 数据，不是表格。请在原来的软件中导出为 .xlsx 再上传。',
  program: '这是程序文件，不是表格。请重新选择表格文件。',
  other: `这是其他软件的文件，不是表格。${saved}`,
  zeros: '文件内容全是空字节，没有保存完整。请重新保存或复制原来的表格再上传。',
  lock: '这是表格打开时的临时文件（文件名以 ~$ 或 .~ 开头），不是表格本身。请上传名称前没有 ~$ 的文件。',
  macros: '文件里只有宏或图表，没有工作表。请上传有数据的表格，另存为 .xlsx 再上传。',
  addIn: '这是加载宏，不是表格。请上传有数据的表格，另存为 .xlsx 再上传。',
} as const
export type Foreign = keyof typeof sentences

export function refused(what: Foreign): ImportRefused {
  return new ImportRefused(sentences[what])
}

/** Files that office programs keep beside one that is open. */
export function isLockName(name: string): boolean {
  return name.startsWith('~$') || name.startsWith('.~')
}

/** Signatures at the start, in hexadecimal; dots stand for any byte. */
const signatures: readonly (readonly [Foreign, string])[] = [
  ['picture', '89504e470d0a1a0a'],
  ['picture', 'ffd8ff'],
  ['picture', '47494638'],
  ['picture', '49492a00'],
  ['picture', '4d4d002a'],
  ['picture', '38425053'],
  ['picture', '52494646........57454250'],
  // HEIC and AVIF photos of telephones; other brands of this container are films.
  ['picture', '........6674797068656963'],
  ['picture', '........6674797068656978'],
  ['picture', '........667479706d696631'],
  ['picture', '........667479706d736631'],
  ['picture', '........6674797061766966'],
  ['sound', '........66747970'],
  ['sound', '52494646'],
  ['sound', '494433'],
  ['sound', '4f676753'],
  ['sound', '1a45dfa3'],
  ['archive', '526172211a07'],
  ['archive', '377abcaf271c'],
  ['archive', '1f8b08'],
  ['archive', '425a683.314159265359'],
  ['archive', 'fd377a585a00'],
  ['archive', '28b52ffd'],
  ['archive', '4d534346'],
  ['access', '000100005374616e64617264'],
  ['database', '53514c69746520666f726d61742033'],
  ['lotus', '00000200'],
  ['lotus', '00001a00'],
  ['program', '7f454c46'],
  ['program', 'cafebabe'],
  ['program', 'cffaedfe'],
]

/** A file of another kind by its first bytes; null for texts and what may be a table. */
export function foreignBytes(start: Buffer, size: number): Foreign | null {
  const hex = start.toString('hex', 0, 32)
  const found = signatures.find(([, signature]) => hex.match(`^${signature}`))
  if (found) return found[0]
  if (isLockFile(start, size)) return 'lock'
  if (isBitmap(start, size)) return 'picture'
  if (isDbf(start)) return 'dbf'
  if (start.toString('latin1', 257, 262) === 'ustar') return 'archive'
  const head = start.toString('latin1', 0, 1024)
  if (/^\s*(?:\xef\xbb\xbf)?%PDF-/.test(head)) return 'pdf'
  if (head.startsWith('{\\rtf')) return 'rtf'
  if (head.startsWith('MZ') && start.includes(0)) return 'program'
  if (size > 0 && start.every((byte) => byte === 0)) return 'zeros'
  return null
}

/** Owner file of Excel (165 bytes) or Word (162): length and name of the user, in one byte and in two per letter. */
function isLockFile(start: Buffer, size: number): boolean {
  if (size !== 165 && size !== 162) return false
  const names = size === 165 ? 55 : 54
  const length = start[0] ?? 0
  const letters = start.readUInt16LE(names)
  if (length === 0 || length >= names || letters === 0 || letters > names) return false
  return !start.toString('utf16le', names + 2, names + 2 + letters * 2).includes('\0')
}

function isBitmap(start: Buffer, size: number): boolean {
  if (start.length < 30 || start.toString('latin1', 0, 2) !== 'BM') return false
  return start.readUInt32LE(2) === size || (start.readUInt32LE(6) === 0 && start.readUInt32LE(14) < 256)
}

/** A table of dBASE or FoxPro: a day, the length of a header of 32 bytes per field, and its end mark. */
function isDbf(start: Buffer): boolean {
  if (start.length < 65 || ![0x02, 0x03, 0x30, 0x31, 0x32, 0x83, 0x8b, 0xf5].includes(start[0] ?? 0)) return false
  const [month = 0, day = 0] = start.subarray(2, 4)
  const length = start.readUInt16LE(8)
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && length >= 65 && start.readUInt16LE(10) > 0
}

/** A text of another kind by how it begins; null where it may be a table. */
export function foreignText(text: string): Foreign | null {
  if (/^,[^,\n]*,[^,\n]*,\d\d\.\d\d\.\d{4} \d\d:\d\d,file:\/\//.test(text)) return 'lock'
  if (/^[[{]\s*(?:["{[]|$)/.test(text)) return 'json'
  if (/^\s*%!PS/.test(text)) return 'other'
  const headers = /^(?:[A-Za-z][A-Za-z-]*:[^\n]*\n(?:[ \t]+[^\n]*\n)*)+/.exec(text.replaceAll('\r\n', '\n'))?.[0] ?? ''
  if (/^MIME-Version:|^Content-Type:/im.test(headers)) {
    return /^Content-Type:\s*multipart\/related/im.test(headers) && !/^Received:|^To:/im.test(headers) ? 'mht' : 'mail'
  }
  if (/^(?:Received|Return-Path|Message-ID|Delivered-To):/im.test(headers)) return 'mail'
  return null
}

/** A zip by the names of its parts in small letters, once it is known not to be a workbook. */
export function foreignArchive(names: readonly string[]): Foreign {
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name))
  if (has(/^ofd\.xml$/)) return 'ofd'
  if (has(/^index\/.*\.iwa$|^index\.(?:zip|numbers)$/)) return 'numbers'
  if (has(/^xl\/workbook\.bin$/)) return 'xlsb'
  if (has(/^word\//)) return 'document'
  if (has(/^ppt\//)) return 'slides'
  if (has(/^content\.xml$/) && has(/^(?:mimetype|meta-inf\/manifest\.xml)$/)) return 'ods'
  return 'archive'
}

/** A compound file by its streams at the top, once it is known to hold no workbook. */
export function foreignCompound(names: Iterable<string>): Foreign {
  const has = new Set(names)
  if (has.has('worddocument')) return 'document'
  if (has.has('powerpoint document')) return 'slides'
  if (has.has('__properties_version1.0')) return 'mail'
  return 'other'
}
