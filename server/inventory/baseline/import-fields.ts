import { type CardFieldKey, cardFields } from '../../../imports/sheets/card-fields.ts'
import { type Field, words } from '../../../imports/sheets/fields.ts'
import type { Identity } from '../../../imports/target.ts'

/** A column of the register as an earlier census has it, headers included. */
function asOnCard(key: CardFieldKey, more: Partial<Field> = {}): Field {
  const field: Field | undefined = cardFields.find((candidate) => candidate.key === key)
  if (!field) throw new Error(`no such field: ${key}`)
  return { ...field, ...more }
}

/** What an earlier census such as 2017 清产核资 tells of a thing. */
export const baselineFields: readonly Field[] = [
  asOnCard('name'),
  {
    key: 'unit',
    label: '单位',
    kind: 'unit',
    max: 100,
    synonyms: words('权属单位 所属单位 单位名称 清查单位 填报单位'),
  },
  asOnCard('originalCode', { label: '原资产编号' }),
  asOnCard('certificate', {
    synonyms: [...(cardFields.find(({ key }) => key === 'certificate')?.synonyms ?? []), '车牌号', '号牌号码'],
  }),
  asOnCard('location'),
  asOnCard('acquiredOn'),
  asOnCard('quantity'),
  asOnCard('unitOfMeasure'),
  {
    ...{ key: 'area', label: '面积', kind: 'area', unit: '㎡' },
    synonyms: words('建筑面积 占地面积 土地面积 房屋面积 建筑面积(㎡) 面积(㎡) 资源面积'),
  },
  asOnCard('cost'),
  asOnCard('remark'),
]

/** Entries of a census have no number that is surely their own: the n-th equal row is the n-th equal entry. */
export const baselineIdentities: readonly Identity[] = [{ key: 'all', label: '各栏', fields: ['name'], unique: false }]

/** Columns of `baseline_lines` that a row gives, by its field. */
export const entered = [
  ...(['name', 'originalCode', 'certificate', 'location', 'acquiredOn', 'quantity', 'unitOfMeasure'] as const),
  ...(['area', 'cost', 'remark'] as const),
] as const
