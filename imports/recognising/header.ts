import { areaUnit } from '../values/area.ts'
import { moneyUnit } from '../values/money.ts'

/** A header taken apart: what it names and the unit of measure it carries. */
export type Header = {
  /** Compared with the dictionary: width, blanks, stars, numbering and brackets gone. */
  key: string
  /** The same without what stood in brackets. */
  bare: string
  /** What stood in brackets and is no unit. */
  aside: string
  /** Names that it joins, where it joins several: 规格型号/结构. */
  parts: string[]
  unit: string | null
  /** 其中：, a part of the column before. */
  partial: boolean
  /** Names more than one unit (㎡/亩): only the cells can say which. */
  mixed: boolean
}

const measures =
  /^(?:%|‰|元\/.+|万元\/.+|.{1,4}\/.{1,4}|年|月|天|日|个|台|辆|棵|株|项|件|套|米|公里|km|m|m3|立方米|万方)$/i
const tail = /^(.{2,}?)[/,、:_-]?(万元|元|平方米|m2|亩|公顷)$/i
/** 租金/月, 租金元/月 */
const periodTail = /^(.{2,}?)((?:万?元)?\/(?:年|月|季度?|半年))$/
/** Nothing longer names a column. */
const longest = 200
const circled = /[①-⒛❶-❿]/g
const numbering =
  /^(?:\(\d{1,2}\)|\d{1,2}[.、)]|\d{1,2}\s|[A-Z][.、)]|\([一二三四五六七八九十]{1,2}\)|[一二三四五六七八九十]{1,2}、)\s*(?=\p{Script=Han})/u
/** 7=5-6 or (7): which columns a column is reckoned from, or its own number. */
const reckoning = /(?:\(?\d{1,2}\)?)?=[\d()+*/×-]+$|\(\d{1,2}\)$/

export function readHeader(text: string): Header {
  const plain = withoutEnglish(
    text
      .slice(0, longest)
      .replace(circled, '')
      .normalize('NFKC')
      .replace(/[*★☆▲△●◆※#]/g, '')
      .replace(/[【〔[{]/g, '(')
      .replace(/[】〕\]}]/g, ')')
      .trim()
      .replace(numbering, ''),
  )
    .replace(/\s/g, '')
    .replace(reckoning, '')
  const partial = /^其中[:,]?./.test(plain)
  let unit: string | null = null
  let aside = ''
  let mixed = false
  const kept = plain.replace(/^其中[:,]?(?=.)/, '').replace(/\(([^()]*)\)/g, (_whole, content: string) => {
    const named = content.replace(/^(?:金额|面积|计量)?单位[:：]?/, '')
    if (isMixed(named)) {
      mixed = true
      return ''
    }
    if (unit === null && isUnit(named)) {
      unit = named
      return ''
    }
    aside += content
    return `(${content})`
  })
  const key = normalised(kept)
  const open = kept.replace(/\([^()]*\)/g, '')
  const bare = normalised(open)
  const parts = open.split(/[/、|]|及其?|或者?|和|与/).map(normalised)
  const header = {
    key,
    bare,
    aside,
    parts: parts.length > 1 && parts.every(Boolean) ? parts : [],
    unit,
    partial,
    mixed,
  }
  if (unit !== null || mixed) return header
  const period = periodTail.exec(open)
  if (period?.[1] && period[2]) {
    const name = normalised(period[1])
    return { ...header, key: name, bare: name, parts: [], unit: period[2].replace(/^\//, '元/') }
  }
  const behind = tail.exec(bare)
  if (!behind?.[1] || !behind[2] || behind[1].endsWith('单')) return header
  return { ...header, key: key === bare ? behind[1] : key, bare: behind[1], parts: [], unit: behind[2] }
}

function isUnit(text: string): boolean {
  return moneyUnit(text) !== null || areaUnit(text) !== null || measures.test(text)
}

/** ㎡/亩, 元或万元. */
function isMixed(text: string): boolean {
  const units = text.split(/[/、,或]/)
  if (units.length < 2) return false
  return units.every((unit) => areaUnit(unit) !== null) || units.every((unit) => /元$/.test(unit) && moneyUnit(unit))
}

/** 资产名称 Asset Name, Asset Name 资产名称 and 编号 No.: the Chinese name is the header. */
function withoutEnglish(text: string): string {
  if (!/\p{Script=Han}/u.test(text)) return text
  return text
    .replace(/(?<=[\p{Script=Han})])(?:[\s/|]+(?:[a-z][a-z.&'’-]{2,}|no\.?)|[a-z]{4,})(?:[\s/]+[a-z.&'’-]+)*$/iu, '')
    .replace(/^[a-z][a-z .&'’/-]{2,}(?=\p{Script=Han})/iu, '')
}

const misspelt: readonly (readonly [RegExp, string])[] = [
  [/帐/g, '账'],
  [/座/g, '坐'],
  [/其它/g, '其他'],
  [/形号/g, '型号'],
  [/拆旧/g, '折旧'],
]

/** Text of a header or a synonym as it is compared: width, marks and common misspellings (帐面, 座落) made one. */
export function normalised(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s*()（）[\]【】〔〕{}:：、,，.。;；"'“”_/-]/g, '')
    .toLowerCase()
  return /[帐座它形拆]/.test(plain)
    ? misspelt.reduce((written, [wrong, right]) => written.replace(wrong, right), plain)
    : plain
}

/** A header for people: one line, no stars, groups before leaves. */
export function printedHeader(path: readonly string[]): string {
  return path.map((part) => part.replace(/\s+/g, '').replace(/^\*+/, '')).join('>')
}
