import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { ImportRefused } from '../../refused.ts'
import { unfinished } from '../utf8.ts'

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'

/** Enough to tell one encoding from another; whether all of it is well-formed is seen on the way. */
const sampleBytes = 1 << 18

/**
 * How a text file is encoded: a byte order mark decides, then UTF-16 by its line breaks and delimiters, then strict
 * UTF-8, then GB18030, the superset of GBK and GB 2312. What could be read as something else is refused: a wrong guess
 * fills a register with characters that nobody wrote.
 */
export async function encodingOf(path: string): Promise<Encoding> {
  const sample = await startOf(path)
  const marked = byMark(sample)
  if (marked !== null && marked !== 'utf-8') return marked
  if (sample.includes(0)) {
    const wide = wideEncoding(sample)
    if (await holds(path, (chunk) => zeroUnit(chunk))) throw notText()
    return wide
  }
  if (sample.some(isControl)) throw notText()
  let utf8 = true
  let tail: Buffer = Buffer.alloc(0)
  await holds(path, (chunk) => {
    if (chunk.includes(0)) throw notText()
    if (!utf8) return false
    const bytes = tail.length === 0 ? chunk : Buffer.concat([tail, chunk])
    const whole = bytes.length - unfinished(bytes)
    tail = bytes.subarray(whole)
    utf8 = isUtf8(bytes.subarray(0, whole))
    return false
  })
  if (utf8 && tail.length === 0) return 'utf-8'
  if (marked === 'utf-8') throw undecodable()
  if (isMostlyUtf8(sample)) {
    throw new ImportRefused(
      '文件的文字不完整：编码是 UTF-8，但有损坏的字节。请用 WPS 或 Excel 打开原文件，另存为 .xlsx 再上传。',
    )
  }
  if (isBig5(sample)) throw undecodable()
  return 'gb18030'
}

/** The sentence for a file that is no table and no text. */
export function notText(): ImportRefused {
  return new ImportRefused('无法读取：这不是表格文件。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。')
}

/** The sentence for text whose bytes do not follow their encoding. */
export function undecodable(): ImportRefused {
  return new ImportRefused(
    '文字编码不是 UTF-8，也不是 GB18030，无法读取。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。',
  )
}

async function startOf(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const sample = Buffer.alloc(sampleBytes)
    let filled = 0
    while (filled < sample.length) {
      const { bytesRead } = await file.read(sample, filled, sample.length - filled, filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return sample.subarray(0, filled)
  } finally {
    await file.close()
  }
}

async function holds(path: string, test: (chunk: Buffer) => boolean): Promise<boolean> {
  for await (const chunk of createReadStream(path, { highWaterMark: sampleBytes }) as AsyncIterable<Buffer>) {
    if (test(chunk)) return true
  }
  return false
}

function byMark(start: Buffer): Encoding | null {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8'
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  if (start.length > 3 && start.readUInt32BE(0) === 0x84319533) return 'gb18030'
  return null
}

/**
 * UTF-16 without a mark. Zero bytes do not tell which half comes first, since 一, 开 and 最 have one too; line breaks,
 * delimiters and digits do, because what they are the other way round are characters of no living script here.
 */
function wideEncoding(sample: Buffer): Encoding {
  let little = 0
  let big = 0
  for (let at = 0; at + 1 < sample.length; at += 2) {
    const first = sample[at] ?? 0
    const second = sample[at + 1] ?? 0
    if (second === 0 && isOrdinary(first)) little++
    else if (first === 0 && isOrdinary(second)) big++
    else if ((second === 0 && isControl(first)) || (first === 0 && isControl(second))) throw notText()
  }
  if (little > 0 && little > big * 20) return 'utf-16le'
  if (big > 0 && big > little * 20) return 'utf-16be'
  throw notText()
}

/** Tab, line breaks, quotes, delimiters, digits: at least one of them is in every table. */
function isOrdinary(byte: number): boolean {
  return byte === 9 || byte === 10 || byte === 13 || (byte >= 0x20 && byte <= 0x3b) || byte === 0x7c
}

function zeroUnit(chunk: Buffer): boolean {
  const even = chunk.byteOffset % 2 === 0 ? chunk : Buffer.from(new Uint8Array(chunk))
  return new Uint16Array(even.buffer, even.byteOffset, even.length >> 1).includes(0)
}

/** Control characters that no text holds; tab, line breaks, also those of Word, and the end mark of old programs are no such. */
function isControl(byte: number): boolean {
  return byte < 32 && (byte < 9 || byte > 13) && byte !== 26
}

/** Text that was UTF-8 until something broke it: GB18030 would read it as 锟斤拷. */
function isMostlyUtf8(sample: Buffer): boolean {
  let wide = 0
  let inSequence = 0
  for (let at = 0; at < sample.length; at++) {
    const byte = sample[at] ?? 0
    if (byte < 0x80) continue
    wide++
    if (byte < 0xe0 || byte >= 0xf0 || !isTrail(sample[at + 1]) || !isTrail(sample[at + 2])) continue
    wide += 2
    inSequence += 3
    at += 2
  }
  return wide > 0 && inSequence >= wide * 0.8
}

function isTrail(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xc0
}

/**
 * Big5, as files from elsewhere have it. Its bytes fit GB18030 too; but its common characters all begin with A4 to C6,
 * which half of ours do not, and many of them go on with a byte that ours hardly have.
 */
function isBig5(sample: Buffer): boolean {
  const characters = new Set<number>()
  let at = 0
  for (; at + 1 < sample.length; at++) {
    const lead = sample[at] ?? 0
    if (lead < 0x81) continue
    // Punctuation and signs stand in the same place in both.
    if (lead < 0xa1 || (lead > 0xa3 && lead !== 0xa8 && lead !== 0xa9)) characters.add(sample.readUInt16BE(at))
    at++
  }
  const all = [...characters]
  const common = all.filter((pair) => pair >= 0xa440 && pair < 0xc6a1)
  const odd = common.filter((pair) => pair < 0xb000 || (pair & 0xff) < 0xa1)
  if (all.length < 8 || common.length < all.length * 0.97 || odd.length < all.length * 0.15) return false
  try {
    new TextDecoder('big5', { fatal: true }).decode(sample.subarray(0, at), { stream: true })
    return true
  } catch {
    return false
  }
}
