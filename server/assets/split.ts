import Big from 'big.js'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'
import { compare, divided, minus, plus, withinCost } from '../kernel/money.ts'
import type { Card, CardValueKey, CardValues } from './card.ts'

/** One card that is to leave another: its share of the quantity, and what differs about it. */
export type Piece = {
  quantity: string
  name?: string | null
  location?: string | null
  usage?: string | null
  keeper?: string | null
  /** Whose it is turns out to be unclear of this piece alone. */
  ownership?: 'undetermined'
}

/** More pieces than a page can show are better entered by import. */
export const mostPieces = 200

/** Areas, the type's own among them. */
const areaKeys: readonly CardValueKey[] = [
  'landArea',
  'floorArea',
  'idleArea',
  ...allTypeFields.filter(({ kind }) => kind === 'area').map(({ key }) => key),
]

/** What is divided in proportion to the quantity. */
export const dividedKeys: readonly CardValueKey[] = [
  'quantity',
  'cost',
  'depreciation',
  'netValue',
  'annualRent',
  ...areaKeys,
]

/** Numbers that name one thing and no other: they stay with the card that was there first. */
const identityKeys: readonly CardValueKey[] = [
  'originalCode',
  'externalCode',
  'plate',
  'vin',
  'engineNo',
  'serialNo',
  'parcelNo',
]

/**
 * The values of the pieces and of what is left, which add up to those before, to the cent.
 * The pieces' quantities are positive and together below the card's.
 */
export function splitValues(values: CardValues, pieces: readonly Piece[]): { pieces: CardValues[]; rest: CardValues } {
  const weights = [...pieces.map(({ quantity }) => quantity), restOf(values.quantity ?? '0', pieces)]
  const rest = pieces.length
  const shares = (key: CardValueKey): (string | null)[] => {
    const whole = values[key]
    return whole === null ? weights.map(() => null) : divided(whole, weights, rest)
  }
  const cost = shares('cost')
  const depreciation = withinCost(shares('depreciation'), cost)
  const divisions = new Map<CardValueKey, readonly (string | null)[]>([
    ['quantity', weights],
    ['cost', cost],
    ['depreciation', depreciation],
    ['netValue', netValues(values, cost, depreciation) ?? shares('netValue')],
    ['annualRent', shares('annualRent')],
    ...areaKeys.map((key) => [key, shares(key)] as const),
  ])
  const shareOf = (index: number) =>
    Object.fromEntries([...divisions].map(([key, parts]) => [key, parts[index] ?? null])) as Partial<CardValues>
  return {
    pieces: pieces.map((piece, index) => ({ ...pieceValues(values, piece), ...shareOf(index) })),
    rest: { ...values, ...shareOf(rest) },
  }
}

/** What stays with the card when the pieces are gone; three places, as quantities are stored. */
export function restOf(quantity: string, pieces: readonly Piece[]): string {
  return pieces.reduce((left, piece) => left.minus(piece.quantity), new Big(quantity)).toFixed(3)
}

/** Why a card as it stands cannot be split, whatever the pieces. */
export function unsplittable(
  card: Pick<Card, 'quantity' | 'voided' | 'usage' | 'valueKind' | 'parts'>,
): string | undefined {
  if (card.voided) return '这张卡片已作废，不能拆分。'
  if (card.usage === 'disposed') return '已处置的资产不能拆分。'
  if (card.quantity === null) return '这张卡片没有写数量，请先修改卡片写明数量再拆分。'
  if (compare(card.quantity, '1') <= 0) return '数量大于 1 的资产才能拆分；一栋房屋分开使用的，请划分部位。'
  if (card.parts.length > 0) return '划分了部位的资产不按数量拆分，请先删去部位。'
  // 政府会计准则第3号: a nominal amount is one yuan for the whole and cannot be shared out.
  if (card.valueKind === 'nominal') return '按名义金额（1 元）入账的资产不能按数量分摊，请先修改价值类型再拆分。'
  return undefined
}

/** 净值 = 原值 − 累计折旧 of each; a cent that the card itself was off stays with it. Undefined where that is not known. */
function netValues(
  { netValue }: CardValues,
  cost: readonly (string | null)[],
  depreciation: readonly (string | null)[],
): string[] | undefined {
  if (netValue === null || cost[0] === null || depreciation[0] === null) return undefined
  const each = cost.slice(0, -1).map((share, index) => minus(share ?? '0', depreciation[index] ?? '0'))
  return [...each, minus(netValue, plus(...each))]
}

function pieceValues(values: CardValues, { name, location, usage, keeper, ownership }: Piece): CardValues {
  const own = { ...values, ...Object.fromEntries(identityKeys.map((key) => [key, null])) }
  const used = usage ?? values.usage
  return {
    ...own,
    name: name ?? values.name,
    location: location ?? values.location,
    usage: used,
    // Since when something else has been idle says nothing of this one.
    idleSince: used === values.usage ? values.idleSince : null,
    keeper: keeper ?? values.keeper,
    ownership: ownership ?? values.ownership,
  }
}

export const dividedLabels: Partial<Record<CardValueKey, string>> = Object.fromEntries(
  [...cardFields, ...allTypeFields]
    .filter(({ key }) => dividedKeys.includes(key as CardValueKey))
    .map((field) => [field.key, field.label]),
)
