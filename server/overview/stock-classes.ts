import type { StockClass, StockState } from '../../imports/sheets/stock.ts'

/**
 * How class codes fall into the lines of the stock table, by how they begin: GB/T 14885-2010 by its first digit,
 * GB/T 14885-2022 by letter and group. The lines are those of 2010, so that of 设备 of 2022 only the groups are told
 * that were 通用设备 then; one finance system uses 605 for intangibles.
 */
const byCode: Readonly<Record<string, StockClass>> = {
  1: 'premises',
  2: 'general',
  3: 'special',
  4: 'relics',
  5: 'books',
  6: 'furniture',
  605: 'intangible',
  A01: 'premises',
  A0201: 'general',
  A0202: 'general',
  A0203: 'general',
  A03: 'relics',
  A04: 'books',
  A05: 'furniture',
  A06: 'furniture',
  A08: 'intangible',
}
/** The longest first. */
const beginnings = Object.keys(byCode).sort((one, other) => other.length - one.length)

/** Where no class code tells. 设备 may be 通用 or 专用, so it stays untold. */
const byType: Readonly<Record<string, StockClass>> = {
  land: 'premises',
  house: 'premises',
  structure: 'premises',
  public_facility: 'premises',
  vehicle: 'general',
  furniture: 'furniture',
  intangible: 'intangible',
}

/** 已处置 is no stock any more. */
const byUsage: Readonly<Record<string, StockState | 'gone'>> = {
  in_use: 'inUse',
  leased: 'let',
  lent: 'let',
  idle: 'idle',
  awaiting_disposal: 'awaiting',
  awaiting_write_off: 'awaiting',
  disposed: 'gone',
}

/** As long as the codes of 2010 and 2022 are: those of 1994 mean other things by the same digits. */
const standard = /^(?:[1-6]\d{2,6}|A0\d{1,7})$/

/**
 * The line of a card. An intangible is no fixed asset, whatever its code: software has one among the equipment. Where the
 * code does not tell, the type does.
 */
export function stockClassOf(cardType: string, classCode: string | null): StockClass {
  if (cardType === 'intangible') return 'intangible'
  const code = (classCode ?? '').normalize('NFKC').replaceAll(/[\s.-]/g, '')
  const known = standard.test(code.toUpperCase()) ? code.toUpperCase() : ''
  const beginning = beginnings.find((part) => known.startsWith(part))
  return told(byCode, beginning) ?? told(byType, cardType) ?? 'unsorted'
}

export function stockStateOf(usage: string | null): StockState | 'gone' {
  return told(byUsage, usage) ?? 'other'
}

/** The entry of a table for a stored word, which need not be one of ours. */
function told<T>(table: Readonly<Record<string, T>>, word: string | null | undefined): T | undefined {
  return word != null && Object.hasOwn(table, word) ? table[word] : undefined
}
