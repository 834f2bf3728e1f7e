/** Bytes that markup is made of. */
export const LT = 60
export const GT = 62
export const SLASH = 47
export const QUOTE = 34
export const APOSTROPHE = 39
export const EQUALS = 61
export const AMPERSAND = 38
export const C = 99
export const V = 118
const BANG = 33
const DASH = 45
const QUESTION = 63

/** Thrown when the bytes end before what is being read does: more are to come, or the part is damaged. */
export const incomplete = new Error('incomplete')

/** Space, tab and line breaks. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9
}

/** Place of the next `<` from `at` on. */
export function nextTag(bytes: Buffer, at: number): number {
  const end = bytes.length
  // Nearly always it is near; over long blanks the system's own search is many times quicker.
  const near = Math.min(end, at + 32)
  let place = at
  while (place < near && bytes[place] !== LT) place++
  if (place === near) place = bytes.indexOf(LT, near)
  if (place < 0 || place >= end) throw incomplete
  return place
}

/** Place behind the `>` of the tag that opens at `at`; one inside a quoted value does not end it. */
export function tagEnd(bytes: Buffer, at: number): number {
  const end = bytes.length
  let quote = 0
  for (let place = at; place < end; place++) {
    const byte = bytes[place]
    if (quote !== 0) {
      if (byte === quote) quote = 0
    } else if (byte === GT) return place + 1
    else if (byte === QUOTE || byte === APOSTROPHE) quote = byte
  }
  throw incomplete
}

/** Place behind a comment, a CDATA section or an instruction that opens at `at`; `at` itself when none does. */
export function pastMarked(bytes: Buffer, at: number): number {
  const kind = bytes[at + 1]
  if (kind === undefined) throw incomplete
  if (kind === QUESTION) return past(bytes, '?>', at)
  if (kind !== BANG) return at
  if (bytes[at + 2] === DASH) return past(bytes, '-->', at + 4)
  if (isCdata(bytes, at)) return past(bytes, ']]>', at)
  return tagEnd(bytes, at)
}

export function isCdata(bytes: Buffer, at: number): boolean {
  if (at + 9 > bytes.length) throw incomplete
  return bytes.toString('latin1', at, at + 9) === '<![CDATA['
}

function past(bytes: Buffer, closing: string, at: number): number {
  const found = bytes.indexOf(closing, at, 'latin1')
  if (found < 0) throw incomplete
  return found + closing.length
}

/** Whether these very bytes stand at `at`. */
export function follows(bytes: Buffer, at: number, what: Uint8Array): boolean {
  for (let place = 0; place < what.length; place++) if (bytes[at + place] !== what[place]) return false
  return true
}

/** Whether </v></c> stands at `at`; it ends nearly every cell, so nothing is spent on a loop. */
export function endsValue(bytes: Buffer, at: number): boolean {
  return (
    bytes[at + 1] === SLASH &&
    bytes[at + 2] === V &&
    bytes[at + 3] === GT &&
    bytes[at + 4] === LT &&
    bytes[at + 5] === SLASH &&
    bytes[at + 6] === C &&
    bytes[at + 7] === GT
  )
}

/** Whether a name ends before this byte. */
export function endsName(byte: number | undefined): boolean {
  if (byte === undefined) throw incomplete
  return byte === GT || byte === SLASH || isSpace(byte)
}

/** Whether the name `name` (with its prefix) stands at `at` and ends there. */
export function isNamed(bytes: Buffer, at: number, name: Uint8Array): boolean {
  for (let place = 0; place < name.length; place++) {
    const byte = bytes[at + place]
    if (byte === undefined) throw incomplete
    if (byte !== name[place]) return false
  }
  return endsName(bytes[at + name.length])
}

/** Place behind the element that opens at `at`, whatever it holds. */
export function pastElement(bytes: Buffer, at: number): number {
  let depth = 0
  let place = at
  do {
    const open = nextTag(bytes, place)
    const behind = pastMarked(bytes, open)
    if (behind > open) {
      place = behind
      continue
    }
    place = tagEnd(bytes, open)
    if (bytes[open + 1] === SLASH) depth--
    else if (bytes[place - 2] !== SLASH) depth++
  } while (depth > 0)
  return place
}
