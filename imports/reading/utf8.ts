import { isUtf8 } from 'node:buffer'
import { damaged } from '../refused.ts'

/** The text of an XML part as UTF-8, whatever encoding it declares; pieces may end within a character. */
export async function* utf8Of(pieces: AsyncIterable<Buffer>, part: string): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined
  const check = new Utf8Check(part)
  let first = true
  for await (const piece of pieces) {
    if (first) {
      const encoding = xmlEncoding(piece)
      if (encoding !== 'utf-8') decoder = decoderOf(encoding, part)
      first = false
    }
    if (decoder) yield decoded(decoder, piece, part)
    else {
      check.add(piece)
      yield piece
    }
  }
  if (decoder) yield decoded(decoder, undefined, part)
  else check.end()
}

function decoderOf(encoding: string, part: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch {
    throw damaged(`${part} 的文字编码 ${encoding} 认不出`)
  }
}

function decoded(decoder: TextDecoder, piece: Buffer | undefined, part: string): Buffer {
  try {
    return Buffer.from(piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true }))
  } catch {
    throw damaged(`${part} 的文字编码有误`)
  }
}

/** Encoding of an XML part by its first bytes and its declaration. */
function xmlEncoding(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  if (start[0] === 0x3c && start[1] === 0) return 'utf-16le'
  if (start[0] === 0 && start[1] === 0x3c) return 'utf-16be'
  const declared = /^[^>]*encoding=["']([\w-]{1,40})["']/.exec(start.toString('latin1', 0, 200))?.[1]
  return declared?.toLowerCase() ?? 'utf-8'
}

/** Checks pieces of a text for being UTF-8, across their edges. */
export class Utf8Check {
  readonly #part: string
  #rest: Buffer = Buffer.alloc(0)

  constructor(part: string) {
    this.#part = part
  }

  add(piece: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : piece
    const whole = bytes.length - unfinished(bytes)
    if (!isUtf8(bytes.subarray(0, whole))) throw damaged(`${this.#part} 的文字编码有误`)
    this.#rest = Buffer.from(bytes.subarray(whole))
  }

  end(): void {
    if (this.#rest.length > 0) throw damaged(`${this.#part} 的文字编码有误`)
  }
}

/** How many bytes at the end begin a character that goes on. */
export function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? back : 0
  }
  return 0
}
