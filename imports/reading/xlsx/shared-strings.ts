import { damaged } from '../../refused.ts'
import { limits, tooLarge } from '../limits.ts'
import { plainRun } from './runs.ts'
import { incomplete, isNamed, LT, nextTag, pastElement, pastMarked, SLASH, tagEnd } from './scan.ts'
import { itemText, rootPrefix } from './xml.ts'
import { documentType } from './zip.ts'

/** Reads the string table of a workbook item by item; each text is a copy of its own, so that nothing else is held. */
export async function readSharedStrings(pieces: AsyncIterable<Buffer>): Promise<string[]> {
  let table: Table | undefined
  let head: Buffer = Buffer.alloc(0)
  for await (const piece of pieces) {
    if (table) table.push(piece)
    else {
      head = head.length > 0 ? Buffer.concat([head, piece]) : piece
      table = begin(head)
    }
    table?.take()
  }
  if (!table?.ended) throw damaged('文字表不完整')
  return table.strings
}

const P = 112
const startOfTable = /<(?:[\w.-]+:)?sst(?=[\s>/])[^<>]*>/

function begin(head: Buffer): Table | undefined {
  const text = head.toString('latin1')
  if (text.includes('<!DOCTYPE')) throw documentType()
  const found = startOfTable.exec(text)
  if (!found) {
    if (head.length > limits.rowBytes) throw damaged('文字表')
    return undefined
  }
  const table = new Table(rootPrefix(text, 'sst', '文字表'))
  table.ended = found[0].endsWith('/>')
  table.push(head.subarray(found.index + found[0].length))
  return table
}

class Table {
  readonly strings: string[] = []
  ended = false
  readonly #item: Buffer
  readonly #plain: boolean
  #bytes: Buffer = Buffer.alloc(0)
  #chars = 0

  constructor(prefix: string) {
    this.#item = Buffer.from(`${prefix}si`)
    this.#plain = prefix === ''
  }

  push(piece: Buffer): void {
    if (this.#bytes.length > limits.rowBytes) throw tooLarge('文字表中有过长的内容')
    this.#bytes = this.#bytes.length > 0 ? Buffer.concat([this.#bytes, piece]) : piece
  }

  /** Takes the items that are there to their end. */
  take(): void {
    let at = 0
    try {
      while (!this.ended) at = this.#one(at)
    } catch (error) {
      if (error !== incomplete) throw error
    }
    this.#bytes = this.#bytes.subarray(at)
  }

  #one(from: number): number {
    const bytes = this.#bytes
    const open = nextTag(bytes, from)
    const behind = pastMarked(bytes, open)
    if (behind > open) return behind
    if (bytes[open + 1] === SLASH) {
      this.ended = true
      return tagEnd(bytes, open)
    }
    const end = pastElement(bytes, open)
    if (!isNamed(bytes, open + 1, this.#item)) return end
    const text = (this.#plain ? plainItem(bytes, open) : null) ?? itemText(bytes.toString('utf8', open, end))
    this.#chars += text.length
    if (this.strings.length >= limits.sharedStrings || this.#chars > limits.sharedChars) {
      throw tooLarge('文字内容过多')
    }
    this.strings.push(text)
    return end
  }
}

/** Text of an item of one run, as nearly all are; null when it needs a closer look. */
function plainItem(bytes: Buffer, open: number): string | null {
  const run = plainRun(bytes, open + '<si>'.length)
  if (run === null) return null
  // Nothing more but the end, or what tells how the text is pronounced.
  const next = bytes[run.behind + 1]
  return bytes[run.behind] === LT && (next === SLASH || next === P) ? run.text : null
}
