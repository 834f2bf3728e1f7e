import type { cards } from '../../db/schema/assets.ts'
import { allTypeFields, type TypeFieldKey } from '../../imports/sheets/type-fields.ts'
import { minus } from '../kernel/money.ts'
import { fromStored, toStored } from '../kernel/partial-date.ts'

export type Card = typeof cards.$inferSelect
type State = Omit<
  typeof cards.$inferInsert,
  | 'id'
  | 'code'
  | 'splitFromId'
  | 'mergedIntoId'
  | 'lastPart'
  | 'createdAt'
  | 'updatedAt'
  | 'validFrom'
  | 'version'
  | 'extra'
  | 'written'
  | 'parts'
  | 'voided'
>

/**
 * A card as forms, imports and sheets speak of it: field keys, decimals as text, days as far as they are known
 * (`2018-03`), units by id, the division by code, null for what is not known.
 */
export type CardValues = Record<CardValueKey, string | null>

/** Land is described by its ground, a building by its floors, where both are known. */
export function describingArea({
  cardType,
  landArea,
  floorArea,
}: Pick<CardValues, 'cardType' | 'landArea' | 'floorArea'>): 'landArea' | 'floorArea' {
  if (cardType === 'land' || cardType === 'resource') {
    return landArea === null && floorArea !== null ? 'floorArea' : 'landArea'
  }
  return floorArea === null && landArea !== null ? 'landArea' : 'floorArea'
}

export type CardValueKey = (typeof valueKeys)[number]

/** Values that are a column each, under the same name. */
export const plainKeys = [
  'name',
  'track',
  'nature',
  'cardType',
  'classCode',
  'originalCode',
  'externalCode',
  'originalUnit',
  'location',
  'structure',
  'specification',
  'landArea',
  'floorArea',
  'idleArea',
  'quantity',
  'unitOfMeasure',
  'cost',
  'depreciation',
  'netValue',
  'valueKind',
  'source',
  'titleKind',
  'certificate',
  'usage',
  'safetyGrade',
  'lessee',
  'leaseTerm',
  'annualRent',
  'keeper',
  'voucherNo',
  'problem',
  'remark',
] as const satisfies readonly (keyof Card)[]

const detailKeys: readonly TypeFieldKey[] = allTypeFields.map(({ key }) => key)

export const valueKeys = [
  ...plainKeys,
  'ownerUnit',
  'ownership',
  'usingUnit',
  'division',
  'acquiredOn',
  'idleSince',
  ...detailKeys,
] as const

export function valuesOf(card: Card): CardValues {
  const values = Object.fromEntries(plainKeys.map((key) => [key, card[key]])) as Record<
    (typeof plainKeys)[number],
    string | null
  >
  return {
    ...values,
    ownerUnit: card.ownerUnitId,
    ownership: card.undetermined ? 'undetermined' : 'settled',
    usingUnit: card.userUnitId,
    division: card.divisionCode,
    acquiredOn: fromStored(card.acquiredOn, card.acquiredPrecision),
    idleSince: fromStored(card.idleSince, card.idlePrecision),
    ...(Object.fromEntries(detailKeys.map((key) => [key, card.details[key] ?? null])) as Record<
      TypeFieldKey,
      string | null
    >),
  }
}

/** The columns of a card. Name, track, type, owner and division must be there; `rules.ts` says so to people. */
export function columnsOf(values: CardValues): State {
  const acquired = values.acquiredOn === null ? null : toStored(values.acquiredOn)
  const idle = values.idleSince === null ? null : toStored(values.idleSince)
  return {
    ...(Object.fromEntries(plainKeys.map((key) => [key, values[key]])) as Omit<CardValues, 'ownerUnit'>),
    name: given(values, 'name'),
    track: given(values, 'track'),
    cardType: given(values, 'cardType'),
    ownerUnitId: given(values, 'ownerUnit'),
    divisionCode: given(values, 'division'),
    undetermined: values.ownership === 'undetermined',
    userUnitId: values.usingUnit === values.ownerUnit ? null : values.usingUnit,
    netValue: values.netValue ?? derivedNetValue(values),
    acquiredOn: acquired?.day ?? null,
    acquiredPrecision: acquired?.precision ?? null,
    idleSince: idle?.day ?? null,
    idlePrecision: idle?.precision ?? null,
    details: Object.fromEntries(detailKeys.flatMap((key) => (values[key] === null ? [] : [[key, values[key]]]))),
  }
}

export const noValues: CardValues = Object.fromEntries(valueKeys.map((key) => [key, null])) as CardValues

/** 净值 = 原值 − 累计折旧, where both are known. */
function derivedNetValue(values: CardValues): string | null {
  return values.cost !== null && values.depreciation !== null ? minus(values.cost, values.depreciation) : null
}

function given(values: CardValues, key: CardValueKey): string {
  const value = values[key]
  if (value === null) throw new Error(`a card without ${key}`)
  return value
}
