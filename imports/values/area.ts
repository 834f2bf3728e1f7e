import Big from 'big.js'
import { plainFigure, readFigure, tooLong, withoutRemark } from './decimal.ts'
import { nothing, type Parsed } from './parsed.ts'

/** One 亩 is 2000/3 ㎡; multiplying before dividing keeps whole 亩 exact. */
const units: Record<string, readonly [times: number, over: number]> = {
  m2: [1, 1],
  平方米: [1, 1],
  平方: [1, 1],
  平米: [1, 1],
  平: [1, 1],
  方: [1, 1],
  亩: [2000, 3],
  分: [200, 3],
  公顷: [10_000, 1],
  万平方米: [10_000, 1],
  平方公里: [1_000_000, 1],
  平方千米: [1_000_000, 1],
  km2: [1_000_000, 1],
}

/** Unit of area of a header or a cell in its plain form; null when it is none. */
export function areaUnit(text: string): string | null {
  const plain = text.normalize('NFKC').toLowerCase()
  return units[plain] ? (plain === 'm2' ? '㎡' : plain) : null
}

/** 2亩3分 as 2.3亩: one 亩 is ten 分, one 分 ten 厘. */
export function areaFigure(text: string): string {
  const found = /^(\D*\d+)亩(?:(\d)分)?(?:(\d)厘)?(.*)$/.exec(text.normalize('NFKC').replace(/\s/g, ''))
  if (!found || (found[2] === undefined && found[3] === undefined)) return text
  return `${found[1]}.${found[2] ?? 0}${found[3] ?? ''}亩${found[4]}`
}

/** What a unit of area comes to in ㎡, as a fraction. */
export function squareMetres(unit: string): { times: Big; over: Big } | null {
  const found = units[unit.normalize('NFKC').toLowerCase()]
  return found ? { times: new Big(found[0]), over: new Big(found[1]) } : null
}

/** Reads an area into ㎡ with two places, rounded half up. A unit in the cell goes before the column's. */
export function parseArea(text: string, options: { unit?: string | undefined } = {}): Parsed {
  const plain = options.unit === undefined || options.unit === '㎡' ? plainFigure(text, 2) : null
  if (plain !== null) return { value: plain }
  const figure = readFigure(areaFigure(text))
  if (figure === null) return nothing
  if ('problem' in figure) return { value: null, problem: figure.problem }
  const { suffix, remark } = withoutRemark(figure.suffix)
  const named = (suffix === '' ? (options.unit ?? '㎡') : suffix).normalize('NFKC').toLowerCase()
  const unit = units[named]
  if (!unit) return { value: null, problem: `「${text}」的单位认不出，请写成以平方米或亩为单位的数字。` }
  const written = new Big(figure.decimal)
  const value = (unit[1] === 1 ? written.times(unit[0]) : written.times(unit[0]).div(unit[1])).round(2, Big.roundHalfUp)
  if (tooLong(value)) return { value: null, problem: `「${text}」的位数过多，请核对面积。` }
  if (figure.about || remark) {
    return { value: value.toFixed(2), problem: `「${text}」按 ${value.toFixed(2)} ㎡ 读入，请核对。` }
  }
  const lost = unit[1] === 1 && !written.times(unit[0]).eq(value)
  return { value: value.toFixed(2), ...(lost ? { problem: `「${text}」四舍五入为 ${value.toFixed(2)} ㎡。` } : {}) }
}
