import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { damaged, ImportRefused } from '../refused.ts'
import type { Container } from './events.ts'
import { limits, tooLarge } from './limits.ts'
import { passworded } from './zip.ts'

/** Tells what a file is by its first bytes; its name says nothing certain. */
export async function detectContainer(path: string): Promise<Container> {
  if (basename(path).startsWith('~$')) {
    throw new ImportRefused('这是表格打开时的临时文件（~$ 开头），不是表格本身。请上传不带 ~$ 的文件。')
  }
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size === 0) throw empty()
    if (size > limits.fileBytes) throw tooLarge(`文件有 ${Math.ceil(size / 2 ** 20)} MB，上限 100 MB`)
    const start = Buffer.alloc(4096)
    const { bytesRead } = await file.read(start, 0, start.length, 0)
    const magic = start.readUInt32BE(0)
    if (magic === 0x504b0304 || magic === 0x504b0506) return 'xlsx'
    if (magic === 0xd0cf11e0) return await oleContainer(file, size)
    if (start[0] === 0x09 && [0, 2, 4, 8].includes(start[1] ?? 1)) return 'xls'
    return textContainer(start.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

export function empty(): ImportRefused {
  return new ImportRefused('文件是空的，没有任何内容。请检查是否选对了文件，重新上传。')
}

/** A compound file may hold a workbook, an encrypted package or another program's document: told by its stream names. */
async function oleContainer(file: Awaited<ReturnType<typeof open>>, size: number): Promise<Container> {
  const has = (name: string) => bytes.includes(Buffer.from(name, 'utf16le'))
  const bytes = Buffer.alloc(size)
  await file.read(bytes, 0, size, 0)
  if (has('EncryptedPackage')) throw passworded()
  if (has('Workbook') || has('Book')) return 'xls'
  if (has('WordDocument') || has('PowerPoint Document')) {
    throw new ImportRefused(
      '这是文档或演示文稿，不是表格。请把其中的表格复制到 WPS 表格或 Excel，另存为 .xlsx 再上传。',
    )
  }
  throw damaged('不是完整的 .xls 表格')
}

function textContainer(start: Buffer): Container {
  const text = start
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  if (text === '') throw empty()
  if (text.startsWith('%PDF')) {
    throw new ImportRefused('这是 PDF，不是表格。请上传原来的表格文件，或录入后另存为 .xlsx 再上传。')
  }
  const wide = start.toString('utf16le')
  for (const sample of [text, wide]) {
    if (sample.includes('urn:schemas-microsoft-com:office:spreadsheet')) return 'xml'
    if (/<(?:!doctype\s+html|html|table)[\s>]/i.test(sample)) return 'html'
  }
  return 'csv'
}
