import type { Field } from '../sheets/fields.ts'
import { areaUnit, squareMetres } from './area.ts'
import { moneyUnit } from './money.ts'

const areas = ['㎡', '亩', '分', '公顷', '万平方米', '平方公里']
const amounts = ['元', '百元', '千元', '万元', '百万元', '亿元']
const rents = ['元/年', '元/月', '元/季', '元/半年', '万元/年', '万元/月', '元', '万元']

/** Units that a column of the field may be written in; none where it takes no unit. */
export function unitsOf(field: Field): readonly string[] {
  if (field.kind === 'area') return areas
  if (field.kind === 'money') return isRent(field) ? rents : amounts
  return []
}

export function takesUnit(field: Field, unit: string): boolean {
  if (field.kind === 'area') return areaUnit(unit) !== null || unit === '㎡'
  const money = field.kind === 'money' ? moneyUnit(unit) : null
  return money !== null && (money.times === null || isRent(field))
}

/** Unit that figures are in where the file names none. */
export function plainUnit(field: Field): string {
  return field.kind === 'money' && isRent(field) ? '元/年' : (field.unit ?? '')
}

/** Whether figures in the unit are in the plain one: 平方米 is ㎡. */
export function isPlainUnit(field: Field, unit: string): boolean {
  const plain = plainUnit(field)
  if (field.kind !== 'area') return unit === plain
  const [one, other] = [squareMetres(unit), squareMetres(plain)]
  return one !== null && other !== null && one.times.eq(other.times) && one.over.eq(other.over)
}

function isRent({ key }: Field): boolean {
  return /rent/i.test(key)
}
