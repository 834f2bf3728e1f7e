import type { CardFieldKey } from './card-fields.ts'
import { cardFields } from './card-fields.ts'
import type { ColumnLook, Sheet } from './sheet.ts'
import { cardColumn, serialColumn, typeColumn } from './sheet.ts'
import { sheetFieldsOf } from './type-fields.ts'

/**
 * 资产台账 with every card column, or with the chosen ones in the order chosen.
 * Of one card type it also has that type's own fields and how the assets stand in the books.
 */
export function registerSheet(
  chosen: readonly CardFieldKey[] = cardFields.map((field) => field.key),
  cardType: string | null = null,
): Sheet {
  return {
    key: 'register',
    title: '公有资产台账',
    columns: [
      serialColumn,
      ...chosen.map((key) => cardColumn(key, looks[key])),
      ...sheetFieldsOf(cardType).map((field) => typeColumn(field)),
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
