import { AMPERSAND, follows, GT, incomplete, isNamed, LT, nextTag, pastMarked, SLASH, tagEnd } from './scan.ts'
import { storedText, textOf } from './xml.ts'

const T = 116
const UNDERSCORE = 95
const RETURN = 13

const endOfRun = Buffer.from('</t>')

/** Text of the t element that opens at `at`, and the place behind it; null when it needs a closer look. */
export function plainRun(bytes: Buffer, at: number): { text: string; behind: number } | null {
  if (bytes[at] !== LT || bytes[at + 1] !== T) return null
  const from = bytes[at + 2] === GT ? at + 3 : tagEnd(bytes, at)
  if (bytes[from - 2] === SLASH) return null
  let to = from
  let marked = false
  for (let byte = bytes[to]; byte !== LT; byte = bytes[++to]) {
    if (byte === undefined) throw incomplete
    if (byte === AMPERSAND || byte === UNDERSCORE || byte === RETURN) marked = true
  }
  if (!follows(bytes, to, endOfRun)) return null
  const text = bytes.toString('utf8', from, to)
  return { text: marked ? storedText(textOf(text)) : text, behind: to + endOfRun.length }
}

/** Text, markup and all, of the element `name` that opens at `open`, and the place behind it. */
export function elementText(bytes: Buffer, open: number, name: Uint8Array): { text: string; behind: number } {
  const from = tagEnd(bytes, open)
  if (bytes[from - 2] === SLASH) return { text: '', behind: from }
  let at = from
  for (;;) {
    const next = nextTag(bytes, at)
    if (bytes[next + 1] === SLASH && isNamed(bytes, next + 2, name)) {
      return { text: bytes.toString('utf8', from, next), behind: tagEnd(bytes, next) }
    }
    const behind = pastMarked(bytes, next)
    at = behind > next ? behind : tagEnd(bytes, next)
  }
}
