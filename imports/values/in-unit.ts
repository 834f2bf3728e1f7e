import Big from 'big.js'
import type { FieldKind } from '../sheets/fields.ts'
import { areaFigure, squareMetres } from './area.ts'
import { readFigure, withoutRemark } from './decimal.ts'
import { moneyUnit } from './money.ts'

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
  const [from, to] = kind === 'area' ? [squareMetres(own), squareMetres(unit ?? '㎡')] : [yuan(own), yuan(unit ?? '元')]
  return from && to ? new Big(figure.decimal).times(from.times).times(to.over).div(from.over.times(to.times)) : null
}

function yuan(unit: string): { times: Big; over: Big } | null {
  const known = moneyUnit(unit)
  return known ? { times: new Big(known.factor).times(known.times ?? 1), over: new Big(1) } : null
}
