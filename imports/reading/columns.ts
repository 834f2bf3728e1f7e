import { limits } from './limits.ts'

const names: string[] = []

/** Letters of a column number from 1: 1 is A, 27 is AA. */
export function columnName(number: number): string {
  const known = names[number]
  if (known !== undefined) return known
  let name = ''
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  }
  names[number] = name
  return name
}

/** Number of the column that a reference such as AB12 starts with; null when it names none that a worksheet has. */
export function columnNumber(reference: string): number | null {
  let number = 0
  for (let at = 0; at < reference.length; at++) {
    const letter = reference.charCodeAt(at)
    if (letter < 65 || letter > 90) break
    number = number * 26 + letter - 64
    if (number > limits.columnNumber) return null
  }
  return number === 0 ? null : number
}

export type Range = { top: number; left: number; bottom: number; right: number }

/** Reads A1:C2; null when it is no range of a worksheet. */
export function parseRange(text: string): Range | null {
  const found = /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/.exec(text)
  if (!found?.[1] || !found[2]) return null
  const left = columnNumber(found[1])
  const right = columnNumber(found[3] ?? found[1])
  const top = Number(found[2])
  const bottom = Number(found[4] ?? found[2])
  if (left === null || right === null || right < left || bottom < top || top < 1) return null
  return { top, left, bottom, right }
}
