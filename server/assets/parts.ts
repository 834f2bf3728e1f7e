import Big from 'big.js'
import type { Part } from '../../db/schema/assets.ts'
import { usages } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { Problem } from '../kernel/errors.ts'
import { compare, divided, minus, plus, withinCost } from '../kernel/money.ts'
import type { CardValues } from './card.ts'

/** Buildings and parcels are used, leased and held by parts 部位; what is counted in pieces is split instead. */
const dividedTypes: readonly string[] = ['house', 'structure', 'public_facility', 'land', 'resource']

export function mayHaveParts(cardType: string | null): boolean {
  return cardType !== null && dividedTypes.includes(cardType)
}

/** The area that parts are parts of: the ground of a parcel, the floors of everything built. */
export function measuredField(cardType: string | null): 'landArea' | 'floorArea' {
  return cardType === 'land' || cardType === 'resource' ? 'landArea' : 'floorArea'
}

type Measured = Pick<CardValues, 'cardType' | 'landArea' | 'floorArea'>

export function measuredArea(values: Measured): string | null {
  return values[measuredField(values.cardType)]
}

export function areaOfParts(parts: readonly Pick<Part, 'area'>[]): string {
  return plus(...parts.map(({ area }) => area))
}

/** What keeps parts from standing on a card of these values; the field is the card's own. */
export function partProblems(parts: readonly Part[], values: Measured): Problem[] {
  if (parts.length === 0) return []
  if (!mayHaveParts(values.cardType)) {
    return [{ field: 'cardType', text: '只有房屋、构筑物、公共基础设施、土地和资源性资产分部位，请先取消全部部位。' }]
  }
  const field = measuredField(values.cardType)
  const label = field === 'landArea' ? '占地面积' : '建筑面积'
  const whole = values[field]
  const sum = areaOfParts(parts)
  if (whole === null) return [{ field, text: `各部位共 ${sum} ㎡，请先填写${label}，或先取消全部部位。` }]
  if (compare(sum, whole) > 0) {
    return [{ field, text: `各部位面积合计 ${sum} ㎡，大于资产的${label} ${whole} ㎡，请核对。` }]
  }
  return []
}

/** The usage of the largest part (the lowest number among equals), and what is idle, since when. */
export function followingOf(parts: readonly Part[]): Pick<CardValues, 'usage' | 'idleArea' | 'idleSince'> {
  const largest = parts.reduce<Part | null>((found, part) => (found && !isLarger(part, found) ? found : part), null)
  const idle = parts.filter(({ usage }) => usage === 'idle')
  const since = idle.flatMap(({ idleSince }) => idleSince ?? []).sort()
  return { usage: largest?.usage ?? null, idleArea: areaOfParts(idle), idleSince: since[0] ?? null }
}

/** Computed, never typed, as soon as there are parts. */
export const followingKeys = ['usage', 'idleArea', 'idleSince'] as const

/** The values of a card with what follows from its parts. */
export function following(values: CardValues, parts: readonly Part[]): CardValues {
  return parts.length === 0 ? values : { ...values, ...followingOf(parts) }
}

export type Share = {
  /** Null: the rest of the area, 未划分部分. */
  part: Part | null
  area: string
  /** Per cent of the whole area, one place. */
  percent: string
  cost: string | null
  depreciation: string | null
  netValue: string | null
}

/**
 * What each part, and the rest of the area, has of the card's cost and depreciation: by area, the last cent to the
 * largest. Shown, never stored.
 */
export function sharesOf(
  values: Measured & Pick<CardValues, 'cost' | 'depreciation'>,
  parts: readonly Part[],
): Share[] {
  if (parts.length === 0) return []
  const rest = minus(measuredArea(values) ?? areaOfParts(parts), areaOfParts(parts))
  const pieces: (Part | null)[] = compare(rest, '0') > 0 ? [...parts, null] : [...parts]
  const areas = pieces.map((part) => part?.area ?? rest)
  const largest = areas.reduce((found, area, index) => (compare(area, areas[found] ?? '0') > 0 ? index : found), 0)
  // The largest stands last: it takes what rounding leaves.
  const order = [...areas.keys()].filter((index) => index !== largest).concat(largest)
  const weights = order.map((index) => areas[index] ?? '0')
  const shared = (amount: string | null): (string | null)[] =>
    amount === null ? weights.map(() => null) : divided(amount, weights, weights.length - 1)
  const cost = shared(values.cost)
  const depreciation = withinCost(shared(values.depreciation), cost)
  const whole = plus(...areas)
  return pieces.map((part, index) => {
    const place = order.indexOf(index)
    const own = { cost: cost[place] ?? null, depreciation: depreciation[place] ?? null }
    return {
      part,
      area: areas[index] ?? '0',
      percent: new Big(areas[index] ?? '0').times(100).div(whole).toFixed(1),
      ...own,
      netValue: own.cost !== null && own.depreciation !== null ? minus(own.cost, own.depreciation) : null,
    }
  })
}

/** old → new of the parts that differ, each as the text it is stored with in an event, under `part.<no>`. */
export function partChanges(old: readonly Part[], next: readonly Part[]) {
  const numbers = [...new Set([...old, ...next].map(({ no }) => no))].sort((a, b) => a - b)
  const textOf = (parts: readonly Part[], no: number) => {
    const part = parts.find((candidate) => candidate.no === no)
    return part ? JSON.stringify([part.name, part.area, part.usage, part.idleSince]) : null
  }
  return Object.fromEntries(
    numbers
      .map((no) => [`part.${no}`, { old: textOf(old, no), new: textOf(next, no) }] as const)
      .filter(([, change]) => change.old !== change.new),
  )
}

/** 部位 3（二楼） */
export function partLabel({ no, name }: Pick<Part, 'no' | 'name'>): string {
  return `部位 ${no}（${name}）`
}

/** 120.00 ㎡，闲置（自 2024-03） */
export function partText({ area, usage, idleSince }: Omit<Part, 'no' | 'name'>): string {
  return `${area} ㎡，${choiceLabel(usages, usage)}${idleSince ? `（自 ${idleSince}）` : ''}`
}

/** The words of a change of a part in a timeline; the name only where it is what changed. */
export function toldPart(field: string, change: { old: string | null; new: string | null }) {
  const [old, next] = [readPart(change.old), readPart(change.new)]
  const renamed = old && next && old.name !== next.name
  const words = (part: Omit<Part, 'no'> | null) => part && `${renamed ? `${part.name}，` : ''}${partText(part)}`
  const name = next?.name ?? old?.name ?? ''
  return { label: partLabel({ no: Number(field.slice('part.'.length)), name }), old: words(old), new: words(next) }
}

function readPart(text: string | null): Omit<Part, 'no'> | null {
  if (text === null) return null
  const [name, area, usage, idleSince] = JSON.parse(text) as [string, string, string, string | null]
  return { name, area, usage, idleSince }
}

function isLarger(part: Part, than: Part): boolean {
  const order = compare(part.area, than.area)
  return order > 0 || (order === 0 && part.no < than.no)
}
