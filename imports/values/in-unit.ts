import Big from 'big.js'
import type { FieldKind } from '../sheets/fields.ts'
import { areaFigure, squareMetres } from './area.ts'
import { readFigure, withoutRemark } from './decimal.ts'
import { cellUnit, type MoneyUnit, moneyUnit } from './money.ts'

/**
 * The figure of a cell that names a unit of its own, counted in the unit of its column; null for every other cell,
 * whose figure stands as it is.
 */
export function inUnit(text: string, kind: FieldKind, unit: string | null): Big | null {
  if (!/[^\d.,\s]\s*$/.test(text) || (kind !== 'money' && kind !== 'area')) return null
  const figure = readFigure(kind === 'area' ? areaFigure(text) : text)
  if (figure === null || 'problem' in figure) return null
  const own = withoutRemark(figure.suffix).suffix
  if (own === '') return null
  const column = unit ?? (kind === 'area' ? '㎡' : '元')
  const [from, to] =
    kind === 'area' ? [squareMetres(own), squareMetres(column)] : [yuan(cellUnit(own, column)), yuan(moneyUnit(column))]
  return from && to ? new Big(figure.decimal).times(from.times).times(to.over).div(from.over.times(to.times)) : null
}

function yuan(unit: MoneyUnit | null): { times: Big; over: Big } | null {
  return unit ? { times: new Big(unit.factor).times(unit.times ?? 1), over: new Big(1) } : null
}
