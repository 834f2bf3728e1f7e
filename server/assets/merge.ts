import Big from 'big.js'
import type { Part } from '../../db/schema/assets.ts'
import type { Answers } from '../kernel/forms.ts'
import { compare, minus } from '../kernel/money.ts'
import type { Card, CardValueKey, CardValues } from './card.ts'
import { valuesOf } from './card.ts'
import { cardFormFields } from './fields.ts'
import { following } from './parts.ts'

/** Who owns an asset and on which track is no question of which entry is the better one. */
const settledElsewhere: readonly string[] = ['track', 'ownerUnit', 'ownership']

export const mergeFields = cardFormFields.filter(({ key }) => !settledElsewhere.includes(key))

/** Taken as a whole from one of the two cards. */
export const wholes = { parts: '部位', extra: '原表其他栏目' } as const
export type Whole = keyof typeof wholes

/** From which card each field is taken: the code of one of the two. */
export type Choices = Readonly<Record<string, string>>

/** What someone chose; where nothing was, the kept card's own unless it is blank. */
export function choicesOf(kept: Card, other: Card, answers: Answers): Choices {
  const [mine, theirs] = [valuesOf(kept), valuesOf(other)]
  const choose = (key: string, blank: boolean) => {
    const sent = answers[key]
    return [key, sent === kept.code || sent === other.code ? sent : blank ? other.code : kept.code] as const
  }
  return Object.fromEntries([
    ...mergeFields.map(({ key }) => {
      const field = key as CardValueKey
      return choose(key, mine[field] === null && theirs[field] !== null)
    }),
    ...(Object.keys(wholes) as Whole[]).map((key) => choose(key, Object.keys(kept[key]).length === 0)),
  ])
}

export type Merged = {
  values: CardValues
  extra: Record<string, string>
  written: Record<string, string>
  parts: readonly Part[]
  lastPart: number
}

/** The state of the kept card with what was chosen from the other. */
export function mergedState(kept: Card, other: Card, choices: Choices): Merged {
  const [mine, theirs] = [valuesOf(kept), valuesOf(other)]
  const from = (key: string) => (choices[key] === other.code ? other : kept)
  const holder = from('parts')
  const chosen = mergeFields.map(
    ({ key }) => [key, (from(key) === other ? theirs : mine)[key as CardValueKey]] as const,
  )
  // A part's number is given once within its card, so parts that come over get new ones.
  const parts = holder === kept ? kept.parts : other.parts.map((part, at) => ({ ...part, no: kept.lastPart + at + 1 }))
  // An open question whose property it is stays open: only a determination settles it.
  const ownership = [mine, theirs].some((one) => one.ownership === 'undetermined') ? 'undetermined' : 'settled'
  const values: CardValues = { ...mine, ...(Object.fromEntries(chosen) as Partial<CardValues>), ownership }
  return {
    values: following({ ...values, netValue: fittingNetValue(values) }, parts),
    extra: from('extra').extra,
    written: writtenOf(from),
    parts,
    lastPart: holder === kept ? kept.lastPart : kept.lastPart + parts.length,
  }
}

/** How each field was written, by the card its value is taken from. */
function writtenOf(from: (key: string) => Card): Record<string, string> {
  return Object.fromEntries(
    [...settledElsewhere, ...mergeFields.map(({ key }) => key)].flatMap((key) => {
      const text = from(key).written[key]
      return text === undefined ? [] : [[key, text]]
    }),
  )
}

/** The net value follows from cost and depreciation where both are known; a chosen one that says otherwise gives way. */
function fittingNetValue({ cost, depreciation, netValue }: CardValues): string | null {
  if (cost === null || depreciation === null) return netValue
  const derived = minus(cost, depreciation)
  const off = netValue === null ? '1' : minus(netValue, derived).replace('-', '')
  return compare(off, '0.01') > 0 ? derived : netValue
}

/** What sums are made of. */
export const summedKeys = ['cost', 'depreciation', 'netValue', 'landArea', 'floorArea', 'idleArea', 'quantity'] as const
export type Removed = Partial<Record<(typeof summedKeys)[number], string>>

/** What goes out of the sums: both cards before, less the kept one after. What was never known is left out. */
export function removedBy(kept: CardValues, other: CardValues, after: CardValues): Removed {
  return Object.fromEntries(
    summedKeys.flatMap((key) => {
      if (kept[key] === null && other[key] === null && after[key] === null) return []
      const places = key === 'quantity' ? 3 : 2
      return [
        [
          key,
          new Big(kept[key] ?? 0)
            .plus(other[key] ?? 0)
            .minus(after[key] ?? 0)
            .toFixed(places),
        ],
      ]
    }),
  )
}
