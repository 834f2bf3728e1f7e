import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { damaged } from '../../refused.ts'
import { encodingOf, undecodable } from '../csv/encoding.ts'
import { documentType } from '../xlsx/zip.ts'

/** Takes what a page or an XML text consists of, in its order; names are in small letters and without prefix. */
export type MarkupReader = {
  /** `tag` is the whole start tag. An element that closes itself is told as opened and closed. */
  opened(name: string, tag: string): void
  closed(name: string): void
  /** Character data whose entities still stand; a text may come in several pieces. */
  text(raw: string): void
}

const mostTag = 1 << 22
const startTag = /<\/?([A-Za-z_][^\s>/]*)(?:"[^"]*"|'[^']*'|[^'">])*>/y

/** Takes text apart into tags and character data as far as it has come; nothing is held but an unfinished tag. */
export class MarkupScanner {
  readonly #reader: MarkupReader
  readonly #html: boolean
  #rest = ''
  /** A tag that has not ended is looked at again when the text has doubled: it may hold a picture, and come in many pieces. */
  #enough = 0
  /** What is passed over until this comes: a comment, a script. */
  #until: RegExp | null = null
  #literal = false

  constructor(reader: MarkupReader, html: boolean) {
    this.#reader = reader
    this.#html = html
  }

  write(chunk: string, last = false): void {
    const text = this.#rest + chunk
    if (!last && text.length < this.#enough) {
      this.#rest = text
      return
    }
    this.#enough = 0
    let at = 0
    while (at < text.length) {
      if (this.#until) {
        at = this.#pass(text, at)
        if (this.#until) break
        continue
      }
      const open = text.indexOf('<', at)
      const end = open < 0 ? text.length : open
      if (end > at) this.#reader.text(text.slice(at, end))
      at = end
      if (open < 0 || (!last && text.length - open < 12)) break
      const next = this.#markup(text, open)
      if (next < 0) {
        if (text.length - open > mostTag || last) throw damaged('标记没有结束')
        this.#enough = 2 * (text.length - open)
        break
      }
      at = next
    }
    this.#rest = text.slice(at)
  }

  /** Goes on behind what is passed over, or keeps a few characters where its end may have begun. */
  #pass(text: string, at: number): number {
    const until = this.#until ?? /$/g
    until.lastIndex = at
    const found = until.exec(text)
    const end = found ? found.index : Math.max(at, text.length - 10)
    if (this.#literal && end > at) this.#reader.text(text.slice(at, end).replaceAll('&', '&amp;'))
    if (!found) return end
    this.#until = null
    this.#literal = false
    return found.index + found[0].length
  }

  /** Place behind one tag, comment or declaration; -1 when it has not ended. */
  #markup(text: string, open: number): number {
    if (text.startsWith('<!--', open)) {
      this.#until = /-->/g
      return open + 4
    }
    if (text.startsWith('<![CDATA[', open)) {
      this.#until = /\]\]>/g
      this.#literal = true
      return open + 9
    }
    const second = text[open + 1] ?? ''
    if (second === '!' || second === '?') {
      const end = text.indexOf('>', open)
      const head = text.slice(open, end < 0 ? undefined : end)
      if (/^<!doctype/i.test(head) && (!this.#html || head.includes('['))) throw documentType()
      if (/^<!entity/i.test(head)) throw documentType()
      return end < 0 ? -1 : end + 1
    }
    if (!/[A-Za-z_/]/.test(second)) {
      this.#reader.text('<')
      return open + 1
    }
    startTag.lastIndex = open
    const found = startTag.exec(text)
    if (!found) {
      if (/^<\/?[A-Za-z_]/.test(text.slice(open, open + 3))) return -1
      this.#reader.text('<')
      return open + 1
    }
    const whole = found[1] ?? ''
    const name = whole.slice(whole.indexOf(':') + 1).toLowerCase()
    if (second === '/') this.#reader.closed(name)
    else {
      this.#reader.opened(name, found[0])
      if (found[0].endsWith('/>')) this.#reader.closed(name)
      else if (this.#html && (name === 'script' || name === 'style')) {
        this.#until = name === 'script' ? /<\/script[^>]*>/gi : /<\/style[^>]*>/gi
      }
    }
    return open + found[0].length
  }
}

/** Runs a text file through a reader; after each piece of the file what the reader has found so far can be taken. */
export async function* scanMarkup(path: string, reader: MarkupReader, html: boolean): AsyncGenerator<number> {
  const encoding = await declaredEncoding(path)
  const decoder = new TextDecoder(encoding, { fatal: true })
  const scanner = new MarkupScanner(reader, html)
  let done = 0
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 17 }) as AsyncIterable<Buffer>) {
      scanner.write(decoder.decode(chunk, { stream: true }))
      done += chunk.length
      yield done
    }
    scanner.write(decoder.decode(), true)
    yield done
  } catch (error) {
    throw error instanceof TypeError ? undecodable() : error
  }
}

/** Bytes decide between UTF-8 and GB18030, for what a page declares is often wrong; other encodings are believed. */
async function declaredEncoding(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
    const start = buffer.toString('latin1', 0, bytesRead)
    const declared = /<(?:meta|\?xml)[^>]*(?:charset|encoding)\s*=\s*["']?([\w-]+)/i.exec(start)?.[1] ?? ''
    if (/^(?:big5|shift[_-]jis|euc-|windows-125|iso-8859-)/i.test(declared)) return new TextDecoder(declared).encoding
  } catch {
    // A name that nobody knows says nothing.
  } finally {
    await file.close()
  }
  return await encodingOf(path)
}

/** Value of an attribute, whatever the case of its name and however it is quoted; '' when it is there without one. */
export function attributeOf(tag: string, name: RegExp): string | undefined {
  // Most tags have none: <tr>, <td>.
  const found = tag.length < 8 ? null : name.exec(tag)
  return found ? decodeEntities(found[1] ?? found[2] ?? found[3] ?? '') : undefined
}

/** The pattern that `attributeOf` wants for one name. */
export function named(name: string): RegExp {
  return new RegExp(`\\s(?:${name})(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+)))?(?=[\\s/>])`, 'i')
}

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  middot: '·',
  times: '×',
  divide: '÷',
  plusmn: '±',
  sup2: '²',
  sup3: '³',
  frac12: '½',
  deg: '°',
  yen: '¥',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  ldquo: '“',
  rdquo: '”',
  lsquo: '‘',
  rsquo: '’',
  permil: '‰',
  copy: '©',
  reg: '®',
}

/** Entities of pages; what is none stays as it stands. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(nbsp|[a-z]\w{1,8}));?/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    const known = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)
    return known ? String.fromCodePoint(code) : whole
  })
}
