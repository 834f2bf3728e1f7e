import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { ImportRefused } from '../refused.ts'
import type { Container } from './events.ts'
import { foreignBytes, foreignCompound, foreignText, isLockName, refused } from './foreign.ts'
import { limits, tooLarge } from './limits.ts'
import { openCompound } from './xls/ole.ts'
import { documentType, passworded } from './xlsx/zip.ts'

/** Tells what a file is by its content; its name says nothing certain. */
export async function detectContainer(path: string): Promise<Container> {
  if (isLockName(basename(path))) throw refused('lock')
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size === 0) throw empty()
    if (size > limits.fileBytes) throw tooLarge(`文件有 ${Math.ceil(size / 2 ** 20)} MB，上限 100 MB`)
    const start = await startOf(file)
    const magic = start.toString('hex', 0, 4)
    if (magic === '504b0304' || magic === '504b0506') return 'xlsx'
    if (magic === 'd0cf11e0') return compoundContainer(file)
    if (isBareWorkbook(start)) return 'xls'
    const foreign = foreignBytes(start, size)
    if (foreign) throw refused(foreign)
    return textContainer(start)
  } finally {
    await file.close()
  }
}

export function empty(): ImportRefused {
  return new ImportRefused('文件是空的，没有任何内容。请检查是否选对了文件，重新上传。')
}

async function startOf(file: FileHandle): Promise<Buffer> {
  const start = Buffer.alloc(1 << 14)
  const { bytesRead } = await file.read(start, 0, start.length, 0)
  return start.subarray(0, bytesRead)
}

/** Excel 2 to 4 and exporters wrote the records of a workbook without a file system around them. */
function isBareWorkbook(start: Buffer): boolean {
  if (start[0] !== 9 || start.length < 8 || ![0, 2, 4, 8].includes(start[1] ?? 1)) return false
  const length = start.readUInt16LE(2)
  return length >= 4 && length <= 16
}

/** A compound file may hold a workbook, an encrypted package or another program's document. */
function compoundContainer(file: FileHandle): Container {
  const { streams } = openCompound(file.fd)
  if (streams.has('encryptedpackage')) throw passworded()
  if (streams.has('workbook') || streams.has('book')) return 'xls'
  throw refused(foreignCompound(streams.keys()))
}

function textContainer(start: Buffer): Container {
  const text = asciiOf(start).trimStart()
  if (text === '') throw empty()
  const foreign = foreignText(text)
  if (foreign) throw refused(foreign)
  if (!text.startsWith('<')) return isTitledPage(text) ? 'html' : 'csv'
  const markup = text.replace(/^(?:<\?[^>]*\?>\s*|<!--[\s\S]*?-->\s*)+/, '')
  if (/^<!doctype(?!\s+html)/i.test(markup)) throw documentType()
  if (markup.includes('urn:schemas-microsoft-com:office:spreadsheet') && /^<(?:[\w.-]+:)?Workbook[\s>]/.test(markup)) {
    return 'xml'
  }
  if (markup.includes('opendocument') && markup.includes('office:spreadsheet')) throw refused('ods')
  if (/^<(?:[\w.-]+:)?document[\s>]/.test(markup) && markup.includes('opendocument')) throw refused('ods')
  if (/^<(?:[\w.-]+:)?(?:wordDocument|package)[\s>]/.test(markup)) throw refused('document')
  if (/^<svg[\s>]/i.test(markup)) throw refused('picture')
  if (/<(?:!doctype\s+html|html|head|body|table|meta|style|div|center|font|form|tr)[\s>]/i.test(markup)) return 'html'
  if (/^<(?:\?xml|[A-Za-z_][\w.:-]*[\s/>])/.test(text)) throw refused('xml')
  return 'csv'
}

/** Programs write a title and then a table, without the page around them. */
function isTitledPage(text: string): boolean {
  return /^[^<>,;|\t"]{1,400}</.test(text) && /<table[\s>]/i.test(text) && /<t[dhr][\s>]/i.test(text)
}

/** The start as text of which only the ASCII part counts, whatever the encoding. */
function asciiOf(start: Buffer): string {
  const [first = 0, second = 0] = start
  const bytes = start.subarray(0, start.length & ~1)
  if ((first === 0xff && second === 0xfe) || (second === 0 && first !== 0))
    return bytes.toString('utf16le').replace('\ufeff', '')
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) {
    return Buffer.from(bytes).swap16().toString('utf16le').replace('\ufeff', '')
  }
  return start.toString('latin1').replace(/^\xef\xbb\xbf/, '')
}
