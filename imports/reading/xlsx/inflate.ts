import { pipeline, type Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import { damaged, ImportRefused } from '../../refused.ts'
import { limits, tooLarge } from '../limits.ts'

/** What one archive has cost so far, over all of its parts. */
export type Spent = { inflated: number; onInflated: (bytes: number) => void }

/** The next pieces are inflated while one is read. */
const inflating = { chunkSize: 256 * 1024, highWaterMark: 512 * 1024 }

/**
 * Inflates one part piece by piece. What comes out is counted, never what the archive says of it; in the end both must
 * agree, and so must the checksum: a flipped digit would be a wrong amount.
 */
export async function* inflated(zip: ZipFile, entry: Entry, spent: Spent): AsyncGenerator<Buffer> {
  let size = 0
  let checksum = 0
  let stream: Readable | undefined
  try {
    const packed: Readable = await zip.openReadStreamPromise(entry, { decodeFileData: false })
    stream = unpacked(packed, entry)
    for await (const piece of stream as AsyncIterable<Buffer>) {
      size += piece.length
      spent.inflated += piece.length
      if (spent.inflated > limits.inflatedBytes) throw tooLarge('解压后超出 1 GB')
      if (size > limits.ratioFrom && size > limits.ratio * entry.compressedSize) {
        throw tooLarge(`${entry.fileName} 解压后是原来的 ${limits.ratio} 倍以上`)
      }
      if (size > entry.uncompressedSize) break
      checksum = crc32(piece, checksum)
      spent.onInflated(spent.inflated)
      yield piece
    }
    if (size !== entry.uncompressedSize || checksum !== entry.crc32) throw damaged(entry.fileName)
  } catch (error) {
    throw error instanceof ImportRefused ? error : damaged(entry.fileName)
  } finally {
    stream?.destroy()
  }
}

function unpacked(packed: Readable, entry: Entry): Readable {
  if (entry.compressionMethod === 0) return packed
  if (entry.compressionMethod !== 8) throw damaged(`${entry.fileName} 的压缩方式不常见`)
  // Its error is met by whoever reads the stream.
  return pipeline(packed, createInflateRaw(inflating), () => {})
}
