import { columnName } from './columns.ts'
import type { Cells, Lines, ReadEvent, SheetRow } from './events.ts'
import { limits, tooLarge } from './limits.ts'
import { handedOn, type ScannedRow, separator } from './rows.ts'

/*
 * How the reading process speaks to the one that asked: frames of text. Nearly all rows are plain, and a text that is
 * split at separators costs a tenth of JSON: such a frame begins with `packed`, the number of its first row and the
 * separator of its cells, and holds a line for each of the rows that follow one another. Anything else is JSON.
 */
export const frameEnd = '\u001e'
const packed = '\u001d'

/** A file that is not read ends so. */
export type Refusal = { kind: 'refused'; message: string; cause?: string }

/** Longest frame of packed rows; longer ones gain nothing. */
const frameChars = 48 * 1024

export function frameOf(event: ReadEvent | Refusal): string {
  return JSON.stringify(event) + frameEnd
}

/** Packs what is found into frames and hands them to `write`, which is done with bytes when it returns. */
export class Packer {
  readonly #write: (text: string | Buffer) => Promise<void>
  #lines = ''
  #first = 0
  #next = -1
  #ready = ''
  /** A frame is being written: nothing else may come between its parts. */
  midFrame = false

  constructor(write: (text: string | Buffer) => Promise<void>) {
    this.#write = write
  }

  async event(event: ReadEvent | Refusal): Promise<void> {
    await this.#close()
    await this.#put(frameOf(event))
    if (event.kind === 'end') await this.flush()
  }

  async lines({ first, delimiter, text }: Lines): Promise<void> {
    await this.#close()
    const head = `${packed}${first}${delimiter}\n`
    if (typeof text === 'string') return this.#put(`${head}${text}${frameEnd}`)
    this.midFrame = true
    await this.#put(head)
    await this.flush()
    await this.#write(text)
    await this.#write(frameEnd)
    this.midFrame = false
  }

  async rows(rows: readonly ScannedRow[]): Promise<void> {
    for (const found of rows) {
      const row = handedOn(found)
      if ('kind' in row) {
        await this.event(row)
        continue
      }
      if (row.row !== this.#next || this.#lines.length > frameChars) {
        await this.#close()
        this.#first = row.row
        this.#lines = row.line
      } else this.#lines += `\n${row.line}`
      this.#next = row.row + 1
    }
  }

  /** Writes whatever still waits. */
  async flush(): Promise<void> {
    await this.#close()
    const text = this.#ready
    this.#ready = ''
    if (text !== '') await this.#write(text)
  }

  async #close(): Promise<void> {
    if (this.#next < 0) return
    const text = `${packed}${this.#first}${separator}\n${this.#lines}${frameEnd}`
    this.#lines = ''
    this.#next = -1
    await this.#put(text)
  }

  /** Small frames are written together: a write for each row that is out of the ordinary costs more than reading it. */
  async #put(text: string): Promise<void> {
    this.#ready += text
    if (this.#ready.length > frameChars) await this.flush()
  }
}

/** Takes frames apart into events; rows of a worksheet are counted. */
export class Unpacker {
  #rows = 0

  events(sent: string): (ReadEvent | Refusal)[] {
    const frame = sent.includes('\0') ? storable(sent) : sent
    if (!frame.startsWith(packed)) {
      const event = eventOf(frame)
      if (event.kind === 'sheet') this.#rows = 0
      else if (event.kind === 'row') this.#count()
      return [event]
    }
    const start = frame.indexOf('\n')
    const cellEnd = frame.charAt(start - 1)
    let number = Number(frame.slice(1, start - 1))
    if (!isRowNumber(number)) throw new BadFrame()
    const events: ReadEvent[] = []
    for (const line of frame.slice(start + 1).split('\n')) {
      if (!isBlank(line, cellEnd)) {
        this.#count()
        events.push(new PlainRow(number, line, cellEnd))
      }
      number++
    }
    return events
  }

  #count(): void {
    if (++this.#rows > limits.rows) throw tooLarge(`一张工作表超出 ${limits.rows} 行`)
  }
}

/** What no reader of ours sends: the process that sent it is not to be believed any more. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame'
}

/** NUL and halves of characters: a spreadsheet's _x0000_ or a cut text brings them, and no database holds them. */
const oddEscape = /\\u(?:0000|d[89a-f])/i

function storable<Of>(value: Of): Of | string {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value
}

const kinds = new Set(['container', 'unread', 'sheet', 'row', 'sheetEnd', 'progress', 'end', 'refused'])

function eventOf(frame: string): ReadEvent | Refusal {
  let event: ReadEvent | Refusal
  try {
    event = oddEscape.test(frame) ? JSON.parse(frame, (_key, value) => storable(value)) : JSON.parse(frame)
  } catch {
    throw new BadFrame()
  }
  if (event === null || typeof event !== 'object' || !kinds.has(event.kind)) throw new BadFrame()
  if (event.kind === 'row' && !(isRowNumber(event.row) && isCells(event.cells))) throw new BadFrame()
  if (event.kind === 'sheet' && !(typeof event.name === 'string' && Array.isArray(event.merges))) throw new BadFrame()
  if (event.kind === 'refused' && typeof event.message !== 'string') throw new BadFrame()
  return event
}

/** A csv file has records without end; whatever counts further is no number. */
function isRowNumber(number: number): boolean {
  return Number.isSafeInteger(number) && number > 0
}

function isCells(cells: unknown): cells is Cells {
  return typeof cells === 'object' && cells !== null && Object.values(cells).every((text) => typeof text === 'string')
}

function isBlank(line: string, cellEnd: string): boolean {
  for (let at = 0; at < line.length; at++) if (line.charAt(at) !== cellEnd) return false
  return true
}

function cellsOf(texts: readonly string[]): Cells {
  const cells: Cells = {}
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at]
    if (text) cells[columnName(at + 1)] = text
  }
  return cells
}

/** A row that is taken apart when its cells are asked for. */
class PlainRow implements SheetRow {
  readonly kind = 'row'
  readonly row: number
  readonly #line: string
  readonly #cellEnd: string
  #cells: Cells | undefined

  constructor(row: number, line: string, cellEnd: string) {
    this.row = row
    this.#line = line
    this.#cellEnd = cellEnd
  }

  get texts(): readonly string[] {
    return this.#line.split(this.#cellEnd)
  }

  get cells(): Cells {
    this.#cells ??= cellsOf(this.texts)
    return this.#cells
  }
}
