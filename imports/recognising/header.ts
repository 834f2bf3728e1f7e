import { areaUnit } from '../values/area.ts'
import { moneyUnit } from '../values/money.ts'

/** A header taken apart: what it names and the unit of measure it carries. */
export type Header = {
  /** Compared with the dictionary: width, blanks, stars and brackets gone. */
  key: string
  /** The same without what stood in brackets. */
  bare: string
  /** What stood in brackets and is no unit. */
  aside: string
  unit: string | null
}

const measures =
  /^(?:%|‰|元\/.+|万元\/.+|.{1,4}\/.{1,4}|年|月|天|日|个|台|辆|棵|株|项|件|套|米|公里|km|m|m3|立方米|万方)$/i
const tail = /^(.{2,}?)[/,、:_-]?(万元|元|平方米|m2|亩|公顷)$/i

export function readHeader(text: string): Header {
  let unit: string | null = null
  let aside = ''
  const plain = text
    .normalize('NFKC')
    .replace(/[\s*★☆▲#]/g, '')
    .replace(/[【〔[{]/g, '(')
    .replace(/[】〕\]}]/g, ')')
  const kept = plain.replace(/\(([^()]*)\)/g, (_whole, content: string) => {
    const named = content.replace(/^(?:金额)?单位[:：]?/, '')
    if (unit === null && isUnit(named)) {
      unit = named
      return ''
    }
    aside += content
    return `(${content})`
  })
  const key = normalised(kept)
  const bare = normalised(kept.replace(/\([^()]*\)/g, ''))
  const behind = unit === null ? tail.exec(bare) : null
  if (!behind?.[1] || !behind[2] || behind[1].endsWith('单')) return { key, bare, aside, unit }
  return { key: key === bare ? behind[1] : key, bare: behind[1], aside, unit: behind[2] }
}

function isUnit(text: string): boolean {
  return moneyUnit(text) !== null || areaUnit(text) !== null || measures.test(text)
}

/** Text of a header or a synonym as it is compared. */
export function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s*()（）[\]【】〔〕{}:：、,，.。;；"'“”_/-]/g, '')
    .toLowerCase()
}

/** A header for people: one line, no stars, groups before leaves. */
export function printedHeader(path: readonly string[]): string {
  return path.map((part) => part.replace(/\s+/g, '').replace(/^\*+/, '')).join('>')
}
