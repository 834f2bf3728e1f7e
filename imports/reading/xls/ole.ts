import { fstatSync, readSync } from 'node:fs'
import { damaged } from '../../refused.ts'

/** A compound file (OLE): a file system in a file, as .xls, .doc and encrypted .xlsx files are. */
export type Compound = {
  /** Streams at the top by their lower-case names; those of embedded documents lie deeper and do not count. */
  streams: ReadonlyMap<string, Stream>
  /** Lower-case names of the storages at the top. */
  storages: ReadonlySet<string>
}

export type Stream = {
  size: number
  /** Its bytes from a place on, piece by piece. */
  from(place: number): Generator<Buffer>
}

type Entry = { name: string; type: number; left: number; right: number; child: number; start: number; size: number }
type Table = { size: number; next: Int32Array; at(sector: number, count: number): Buffer }

const pieceBytes = 1 << 17
const mostEntries = 100_000

/** Reads the directory; nothing is allocated by a size that the file only claims. */
export function openCompound(file: number): Compound {
  const fileSize = fstatSync(file).size
  const header = bytesAt(file, 0, 512)
  if (header.length < 512) throw broken()
  const shift = header.readUInt16LE(30)
  if (shift !== 9 && shift !== 12) throw broken()
  const sectorSize = 1 << shift
  const sectors = Math.ceil(fileSize / sectorSize)
  const sector = (number: number, count = 1): Buffer => {
    if (number < 0 || number >= sectors) throw broken()
    return bytesAt(file, (number + 1) * sectorSize, count * sectorSize)
  }
  const big: Table = { size: sectorSize, next: allocationTable(header, sectors, sector), at: sector }
  const entries = directory(joined(big, header.readInt32LE(48), null))
  const root = entries[0]
  if (root?.type !== 5) throw broken()
  const small = miniTable(header, big, root)
  const cutoff = header.readUInt32LE(56)

  const streams = new Map<string, Stream>()
  const storages = new Set<string>()
  for (const entry of childrenOf(root, entries)) {
    const name = entry.name.toLowerCase()
    if (entry.type === 1) storages.add(name)
    if (entry.type !== 2) continue
    const { size, start } = entry
    if (size > fileSize) throw broken()
    streams.set(name, { size, from: (place) => pieces(size < cutoff ? small() : big, start, size, place) })
  }
  return { streams, storages }
}

function broken() {
  return damaged('复合文档的目录有误')
}

function bytesAt(file: number, place: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(file, bytes, 0, length, place))
}

/** Which sector follows which: 109 sectors of the table stand in the header, the rest in a chain of their own. */
function allocationTable(header: Buffer, sectors: number, sector: (number: number) => Buffer): Int32Array {
  const parts: Buffer[] = []
  const seen = new Set<number>()
  const add = (numbers: Buffer) => {
    for (let at = 0; at + 4 <= numbers.length; at += 4) {
      const number = numbers.readInt32LE(at)
      if (number < 0) continue
      if (seen.has(number)) throw broken()
      seen.add(number)
      parts.push(sector(number))
    }
  }
  add(header.subarray(76, 512))
  let next = header.readInt32LE(68)
  for (let count = 0; next >= 0; count++) {
    if (count > sectors) throw broken()
    const more = sector(next)
    if (more.length < 8) throw broken()
    add(more.subarray(0, -4))
    next = more.readInt32LE(more.length - 4)
  }
  return numbersOf(Buffer.concat(parts))
}

function numbersOf(bytes: Buffer): Int32Array {
  const numbers = new Int32Array(bytes.length >> 2)
  for (let at = 0; at < numbers.length; at++) numbers[at] = bytes.readInt32LE(at * 4)
  return numbers
}

/** Streams below the cutoff share the root's stream in sectors of 64 bytes. */
function miniTable(header: Buffer, big: Table, root: Entry): () => Table {
  let table: Table | null = null
  return () => {
    if (table) return table
    const next = numbersOf(joined(big, header.readInt32LE(60), null))
    const all = joined(big, root.start, root.size)
    table = { size: 64, next, at: (number, count) => all.subarray(number * 64, (number + count) * 64) }
    return table
  }
}

function joined(table: Table, start: number, size: number | null): Buffer {
  return Buffer.concat([...pieces(table, start, size, 0)])
}

/** The bytes of a chain; sectors that lie side by side are read at once. A chain without end is damage. */
function* pieces(table: Table, start: number, size: number | null, place: number): Generator<Buffer> {
  const most = Math.max(1, Math.floor(pieceBytes / table.size))
  let left = size ?? Number.POSITIVE_INFINITY
  let skip = place
  let at = start
  let steps = 0
  while (at >= 0 && left > 0) {
    const first = at
    let count = 0
    do {
      if (at >= table.next.length || ++steps > table.next.length) throw broken()
      at = table.next[at] ?? -2
      count++
    } while (at === first + count && count < most)
    const length = count * table.size
    if (skip >= length && left > length) {
      skip -= length
      left -= length
      continue
    }
    const bytes = table.at(first, count)
    const wanted = bytes.subarray(0, left)
    // The last sector of a file may be cut short, but not before the stream ends.
    if (size !== null && wanted.length < Math.min(length, left)) throw broken()
    left -= length
    if (wanted.length > skip) yield wanted.subarray(skip)
    skip = 0
  }
  if (size !== null && left > 0) throw broken()
}

function directory(bytes: Buffer): Entry[] {
  const entries: Entry[] = []
  for (let at = 0; at + 128 <= bytes.length && entries.length < mostEntries; at += 128) {
    const length = Math.min(64, bytes.readUInt16LE(at + 64))
    entries.push({
      name: bytes.toString('utf16le', at, at + Math.max(0, length - 2)),
      type: bytes[at + 66] ?? 0,
      left: bytes.readInt32LE(at + 68),
      right: bytes.readInt32LE(at + 72),
      child: bytes.readInt32LE(at + 76),
      start: bytes.readInt32LE(at + 116),
      size: bytes.readUInt32LE(at + 120),
    })
  }
  return entries
}

/** Entries of one folder, which hang together as a tree. */
function childrenOf(folder: Entry, entries: readonly Entry[]): Entry[] {
  const found: Entry[] = []
  const seen = new Set<number>()
  const waiting = [folder.child]
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (number < 0) continue
    const entry = entries[number]
    if (!entry || seen.has(number)) throw broken()
    seen.add(number)
    found.push(entry)
    waiting.push(entry.left, entry.right)
  }
  return found
}
