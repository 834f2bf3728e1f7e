import type { Readable } from 'node:stream'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { damaged, ImportRefused } from '../refused.ts'
import { limits, tooLarge } from './limits.ts'

export type Archive = {
  names: readonly string[]
  has(name: string): boolean
  /** Inflates one part as text, chunk by chunk. */
  read(name: string): AsyncGenerator<string>
  /** A small part as a whole; null when it is missing. */
  text(name: string): Promise<string | null>
  close(): void
}

/** Opens an archive and checks its directory before anything is inflated. Names are compared without case. */
export async function openArchive(path: string): Promise<Archive> {
  const zip = await openPromise(path, { autoClose: false }).catch(() => {
    throw damaged('压缩包不完整')
  })
  const entries = await directory(zip)
  const spent = { bytes: 0 }
  const read = (name: string) => inflate(zip, entries, name, spent)
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name.toLowerCase()),
    read,
    text: async (name) => (entries.has(name.toLowerCase()) ? whole(read(name), name) : null),
    close: () => zip.close(),
  }
}

async function directory(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > limits.entries) {
    throw tooLarge(`压缩包内有 ${zip.entryCount} 个部件，上限 ${limits.entries} 个`)
  }
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.toLowerCase()
      if (entries.has(name)) throw damaged(`压缩包内有两个 ${entry.fileName}`)
      if (entry.isEncrypted()) throw passworded()
      if (!name.endsWith('/')) entries.set(name, entry)
    }
  } catch (error) {
    throw error instanceof ImportRefused ? error : damaged('压缩包目录有误')
  }
  return entries
}

export function passworded(): ImportRefused {
  return new ImportRefused('文件设有密码，请在 WPS 或 Excel 中取消密码（加密）后另存为 .xlsx 再上传。')
}

async function* inflate(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  name: string,
  spent: { bytes: number },
): AsyncGenerator<string> {
  const entry = entries.get(name.toLowerCase())
  if (!entry) throw damaged(`缺少 ${name}`)
  let stream: Readable | undefined
  let decoder: TextDecoder | undefined
  let size = 0
  try {
    stream = await zip.openReadStreamPromise(entry)
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      spent.bytes += chunk.length
      if (spent.bytes > limits.inflatedBytes) throw tooLarge('解压后超出 1 GB')
      if (size > limits.ratioFrom && size > limits.ratio * entry.compressedSize) {
        throw tooLarge(`${name} 解压后是原来的 ${limits.ratio} 倍以上`)
      }
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
      yield decoder.decode(chunk, { stream: true })
    }
    const rest = decoder?.decode()
    if (rest) yield rest
  } catch (error) {
    throw error instanceof ImportRefused ? error : damaged(name)
  } finally {
    stream?.destroy()
  }
}

/** Encoding of an XML part by its first bytes and its declaration. */
function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  if (start[0] === 0x3c && start[1] === 0) return 'utf-16le'
  if (start[0] === 0 && start[1] === 0x3c) return 'utf-16be'
  const declared = /^[^>]*encoding=["']([\w-]+)["']/.exec(start.toString('latin1', 0, 200))?.[1]
  return declared ?? 'utf-8'
}

async function whole(chunks: AsyncIterable<string>, name: string): Promise<string> {
  let text = ''
  for await (const chunk of chunks) {
    text += chunk
    if (text.length > limits.partChars) throw tooLarge(`${name} 过大`)
  }
  if (text.includes('<!DOCTYPE')) throw documentType()
  return text
}

/** A document type could declare entities that grow without bound, or point outside the file. */
export function documentType(): ImportRefused {
  return new ImportRefused('文件含有 DTD 实体声明，已拒绝读取。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。')
}
