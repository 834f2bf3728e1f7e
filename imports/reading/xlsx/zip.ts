import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { damaged, ImportRefused } from '../../refused.ts'
import { limits, tooLarge } from '../limits.ts'
import { utf8Of } from '../utf8.ts'
import { inflated, type Spent } from './inflate.ts'

export type Archive = {
  names: readonly string[]
  has(name: string): boolean
  /** Inflates one part as UTF-8, piece by piece; a piece may end anywhere. */
  read(name: string): AsyncGenerator<Buffer>
  /** A small part as a whole; null when it is missing. */
  text(name: string): Promise<string | null>
  /** Bytes that a part says it inflates to, which reading it checks; 0 when it is missing. */
  sizeOf(name: string): number
  close(): void
}

/**
 * Opens an archive and checks its directory before anything is inflated. Names are compared without case. `onInflated`
 * is told how many bytes have been inflated so far, over all parts.
 */
export async function openArchive(path: string, onInflated: (bytes: number) => void): Promise<Archive> {
  const zip = await openPromise(path, { autoClose: false }).catch(() => {
    throw damaged('压缩包不完整')
  })
  const entries = await directory(zip)
  const spent: Spent = { inflated: 0, onInflated }
  const entryOf = (name: string) => entries.get(name.toLowerCase())
  const read = (name: string) => {
    const entry = entryOf(name)
    if (!entry) throw damaged(`缺少 ${name}`)
    return utf8Of(inflated(zip, entry, spent), name)
  }
  return {
    names: [...entries.keys()],
    has: (name) => entryOf(name) !== undefined,
    read,
    text: async (name) => (entryOf(name) ? whole(read(name), name) : null),
    sizeOf: (name) => entryOf(name)?.uncompressedSize ?? 0,
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
  if (overlap([...entries.values()])) throw damaged('压缩包内的部件重叠')
  return entries
}

/** Parts that share their bytes let a small archive inflate to anything. */
function overlap(entries: readonly Entry[]): boolean {
  const placed = entries.toSorted((one, other) => one.relativeOffsetOfLocalHeader - other.relativeOffsetOfLocalHeader)
  return placed.some(({ relativeOffsetOfLocalHeader }, at) => {
    const before = placed[at - 1]
    if (before === undefined) return false
    return relativeOffsetOfLocalHeader < before.relativeOffsetOfLocalHeader + localHeader + before.compressedSize
  })
}

/** Bytes of a local header without its name. */
const localHeader = 30

export function passworded(): ImportRefused {
  return new ImportRefused('文件设有密码，请在 WPS 或 Excel 中取消密码（加密）后另存为 .xlsx 再上传。')
}

async function whole(pieces: AsyncIterable<Buffer>, name: string): Promise<string> {
  const all: Buffer[] = []
  let size = 0
  for await (const piece of pieces) {
    all.push(piece)
    size += piece.length
    if (size > limits.partBytes) throw tooLarge(`${name} 过大`)
  }
  const text = Buffer.concat(all).toString('utf8')
  if (text.includes('<!DOCTYPE')) throw documentType()
  return text
}

/** A document type could declare entities that grow without bound, or point outside the file. */
export function documentType(): ImportRefused {
  return new ImportRefused('文件含有 DTD 实体声明，已拒绝读取。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。')
}
