import { damaged } from '../../refused.ts'
import type { Stream } from './ole.ts'

/** Record numbers of the workbook stream that matter for rows of values; the rest is passed over. */
export const record = {
  eof: 0x0a,
  bof: [0x009, 0x209, 0x409, 0x809],
  boundSheet: 0x85,
  sheetHeader: 0x8f,
  codePage: 0x42,
  date1904: 0x22,
  filePass: 0x2f,
  addIn: 0x87,
  externalBook: 0x1ae,
  format: [0x1e, 0x41e],
  style: [0x43, 0x243, 0x443, 0xe0],
  strings: 0xfc,
  continued: 0x3c,
  row: [0x08, 0x208],
  columns: 0x7d,
  merges: 0xe5,
  integer: 0x02,
  number: [0x03, 0x203],
  label: [0x04, 0x204],
  richLabel: 0xd6,
  sharedLabel: 0xfd,
  compact: 0x27e,
  compacts: 0xbd,
  truth: [0x05, 0x205],
  formula: [0x06, 0x206, 0x406],
  text: [0x07, 0x207],
  note: 0x1c,
  object: 0x5d,
  validation: 0x1be,
  pivot: 0xb0,
} as const

/** One record; its data stand in `parts` where continuation records follow. */
export type BiffRecord = { type: number; at: number; data: Buffer; parts: Buffer[] }

const none: Buffer[] = []
const continuing = new Set<number>([record.strings, ...record.text, ...record.label, record.richLabel])

/** The records of a workbook stream from a place on. One that the stream cuts short is damage. */
export function* biffRecords(stream: Stream, from: number): Generator<BiffRecord> {
  const source = stream.from(from)
  let bytes: Buffer = Buffer.alloc(0)
  let at = 0
  let before = from
  const need = (count: number): boolean => {
    while (bytes.length - at < count) {
      const next = source.next()
      if (next.done) return false
      before += at
      bytes = at === bytes.length ? next.value : Buffer.concat([bytes.subarray(at), next.value])
      at = 0
    }
    return true
  }
  const take = (): Buffer => {
    const length = bytes.readUInt16LE(at + 2)
    if (!need(4 + length)) throw damaged('工作簿的记录不完整')
    const data = bytes.subarray(at + 4, at + 4 + length)
    at += 4 + length
    return data
  }
  while (need(4)) {
    const place = before + at
    const type = bytes.readUInt16LE(at)
    const data = take()
    if (!continuing.has(type)) {
      yield { type, at: place, data, parts: none }
      continue
    }
    const parts = [data]
    while (need(4) && bytes.readUInt16LE(at) === record.continued) parts.push(take())
    yield { type, at: place, data, parts }
  }
}

/** Reads on over the borders of continuation records. */
export class BiffText {
  #parts: readonly Buffer[]
  #part = 0
  #at = 0

  constructor(parts: readonly Buffer[], at = 0) {
    this.#parts = parts
    this.#at = at
  }

  #left(): number {
    return (this.#parts[this.#part]?.length ?? 0) - this.#at
  }

  /** Whether anything is left to read. */
  more(): boolean {
    while (this.#left() <= 0 && this.#part < this.#parts.length) this.#next()
    return this.#part < this.#parts.length
  }

  #next(): void {
    this.#part++
    this.#at = 0
  }

  byte(): number {
    if (!this.more()) throw damaged('文字不完整')
    return this.#parts[this.#part]?.[this.#at++] ?? 0
  }

  short(): number {
    return this.byte() | (this.byte() << 8)
  }

  skip(count: number): void {
    let left = count
    while (left > 0) {
      if (!this.more()) throw damaged('文字不完整')
      const step = Math.min(left, this.#left())
      this.#at += step
      left -= step
    }
  }

  /** Characters of BIFF8; behind a border a byte says anew whether they take one byte or two. */
  characters(count: number, wide: boolean): string {
    let text = ''
    let left = count
    let two = wide
    while (left > 0) {
      if (this.#left() <= 0) {
        this.#next()
        two = (this.byte() & 1) === 1
      }
      const bytes = this.#parts[this.#part]
      if (!bytes) throw damaged('文字不完整')
      const fit = Math.min(left, two ? this.#left() >> 1 : this.#left())
      if (fit === 0) throw damaged('文字不完整')
      const end = this.#at + (two ? fit * 2 : fit)
      text += bytes.toString(two ? 'utf16le' : 'latin1', this.#at, end)
      this.#at = end
      left -= fit
    }
    return text
  }

  /** A text of BIFF8 with its length: formatting runs and phonetic guides behind it are passed over. */
  string(): string {
    const count = this.short()
    const flags = this.byte()
    const runs = flags & 8 ? this.short() : 0
    const guides = flags & 4 ? this.short() + this.short() * 65_536 : 0
    const text = this.characters(count, (flags & 1) === 1)
    this.skip(runs * 4 + guides)
    return text
  }
}
