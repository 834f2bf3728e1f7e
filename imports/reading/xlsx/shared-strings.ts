import { damaged } from '../../refused.ts'
import { limits, tooLarge } from '../limits.ts'
import { Joined } from './joined.ts'
import { plainRun, run, runText } from './runs.ts'
import { incomplete, isNamed, LT, nextTag, pastElement, pastMarked, SLASH, tagEnd } from './scan.ts'
import { SharedTexts } from './shared-texts.ts'
import { itemText, rootPrefix } from './xml.ts'
import { documentType } from './zip.ts'

/** Reads the string table of a workbook item by item; what is held are the characters alone. */
export async function readSharedStrings(pieces: AsyncIterable<Buffer>): Promise<SharedTexts> {
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
  return table.texts
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
  readonly texts = new SharedTexts()
  ended = false
  readonly #item: Buffer
  readonly #plain: boolean
  #bytes: Buffer = Buffer.alloc(0)
  readonly #joined = new Joined()
  #chars = 0

  constructor(prefix: string) {
    this.#item = Buffer.from(`${prefix}si`)
    this.#plain = prefix === ''
  }

  push(piece: Buffer): void {
    if (this.#bytes.length > limits.rowBytes) throw tooLarge('文字表中有过长的内容')
    this.#bytes = this.#joined.join(this.#bytes, piece)
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
    const plain = this.#plain && isPlainItem(bytes, open)
    if (plain && !run.marked) {
      this.#count(run.chars)
      this.texts.addBytes(bytes, run.from, run.to)
      return end
    }
    const text = plain ? runText(bytes) : itemText(bytes.toString('utf8', open, end))
    this.#count(text.length)
    this.texts.add(text)
    return end
  }

  #count(chars: number): void {
    this.#chars += chars
    if (this.texts.length >= limits.sharedStrings || this.#chars > limits.sharedChars) throw tooLarge('文字内容过多')
  }
}

/** Whether an item is one run, as nearly all are; behind it only how it is pronounced. */
function isPlainItem(bytes: Buffer, open: number): boolean {
  const behind = plainRun(bytes, open + '<si>'.length)
  if (behind < 0) return false
  const next = bytes[behind + 1]
  return bytes[behind] === LT && (next === SLASH || next === P)
}
