import { AMPERSAND, follows, GT, incomplete, isNamed, LT, nextTag, pastMarked, SLASH, tagEnd } from './scan.ts'
import { storedText, textOf } from './xml.ts'

const T = 116
const UNDERSCORE = 95
/** First byte of the control characters beyond ASCII. */
const C1 = 0xc2

const endOfRun = Buffer.from('</t>')

/** A run by its places: its characters from `from` to `to`; `marked` when they are not the text as it stands. */
export const run = { from: 0, to: 0, chars: 0, marked: false }

/** Finds the t element that opens at `at` and returns the place behind it; -1 when it needs a closer look. */
export function plainRun(bytes: Buffer, at: number): number {
  if (bytes[at] !== LT || bytes[at + 1] !== T) return -1
  const from = bytes[at + 2] === GT ? at + 3 : tagEnd(bytes, at)
  if (bytes[from - 2] === SLASH) return -1
  let to = from
  let marked = false
  let chars = 0
  for (let byte = bytes[to]; byte !== LT; byte = bytes[++to]) {
    if (byte === undefined) throw incomplete
    if (byte < 32 || byte === 127 || byte === AMPERSAND || byte === UNDERSCORE || byte === C1) marked = true
    if ((byte & 0xc0) !== 0x80) chars++
  }
  if (!follows(bytes, to, endOfRun)) return -1
  run.from = from
  run.to = to
  run.chars = chars
  run.marked = marked
  return to + endOfRun.length
}

/** Text of the run that was found last. */
export function runText(bytes: Buffer): string {
  const text = bytes.toString('utf8', run.from, run.to)
  return run.marked ? storedText(textOf(text)) : text
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
