import type { CardFieldKey } from './card-fields.ts'
import { cardFields } from './card-fields.ts'
import type { Field } from './fields.ts'
import type { ColumnLook, Sheet } from './sheet.ts'
import { cardColumn, serialColumn, typeColumn } from './sheet.ts'
import { sheetFieldsOf, type TypeFieldKey } from './type-fields.ts'

export type RegisterColumn = CardFieldKey | TypeFieldKey

/**
 * What the register can print: every card field, and of one card type also that type's own fields and how the assets
 * stand in the books.
 */
export function registerColumns(cardType: string | null = null): readonly (Field & { key: RegisterColumn })[] {
  return [...cardFields, ...sheetFieldsOf(cardType)]
}

/** 资产台账 with all of these columns, or with the chosen ones in the order chosen. */
export function registerSheet(chosen?: readonly RegisterColumn[], cardType: string | null = null): Sheet {
  return {
    key: 'register',
    title: '公有资产台账',
    columns: [
      serialColumn,
      ...(chosen ?? registerColumns(cardType).map(({ key }) => key)).map((key) =>
        isCardField(key) ? cardColumn(key, looks[key]) : typeColumn(key),
      ),
    ],
    unitLine: '单位：元、㎡',
    signatures: [
      { key: 'unit', label: '单位(盖章)' },
      { key: 'preparer', label: '制表人' },
      { key: 'date', label: '制表日期' },
    ],
    paper: 'A4',
    orientation: 'landscape',
    filter: true,
  }
}

export function isCardField(key: RegisterColumn): key is CardFieldKey {
  return cardFields.some((field) => field.key === key)
}

const looks: Partial<Record<CardFieldKey, ColumnLook>> = {
  code: { width: 16 },
  name: { width: 20 },
  location: { width: 26 },
  specification: { width: 18 },
  structure: { width: 8 },
  unitOfMeasure: { width: 6 },
  certificate: { width: 22 },
  leaseTerm: { width: 20 },
}
