import Big from 'big.js'
import { plainFigure, readFigure, tooLong, withoutRemark } from './decimal.ts'
import { nothing, type Parsed } from './parsed.ts'

const factors: Record<string, string> = {
  元: '1',
  圆: '1',
  元整: '1',
  角: '0.1',
  百元: '100',
  千: '1000',
  千元: '1000',
  万: '10000',
  万元: '10000',
  万元整: '10000',
  百万元: '1000000',
  亿: '100000000',
  亿元: '100000000',
}

/** Unit of money of a header or a cell; `times` is how many of it make a year, for rents. */
export type MoneyUnit = { unit: string; factor: string; times: number | null }

/** Reads 元, 万元, 元/月, 万元/年; null for anything else, such as 元/㎡. */
export function moneyUnit(text: string): MoneyUnit | null {
  const found = /^(?:人民币)?(.+?)(?:\/|每)?(年|月|季|季度|半年)?$/.exec(text)
  const factor = found?.[1] === undefined ? undefined : factors[found[1]]
  if (!found || factor === undefined) return null
  const periods: Record<string, number> = { 年: 1, 月: 12, 季: 4, 季度: 4, 半年: 2 }
  return { unit: text, factor, times: found[2] === undefined ? null : (periods[found[2]] ?? null) }
}

/** Unit of a cell: its own before the column's, whose period holds where the cell names none (900元 in 元/月). */
export function cellUnit(own: string, column: string): MoneyUnit | null {
  const ofColumn = moneyUnit(column)
  if (own === '') return ofColumn
  // 10800/年 counts what the column counts, by a period of its own.
  if (own.startsWith('/')) return moneyUnit(column.replace(/(?:\/|每).*$/, '') + own)
  const unit = moneyUnit(own)
  return unit && unit.times === null ? { ...unit, times: ofColumn?.times ?? null } : unit
}

/**
 * Reads an amount into yuan with two places. A unit in the cell goes before the column's. `yearly` is for rents: 元/月
 * counts twelve times; for any other amount a period is no amount at all.
 */
export function parseMoney(text: string, options: { unit?: string | undefined; yearly?: boolean } = {}): Parsed {
  const plain = options.unit === undefined || options.unit === '元' ? plainFigure(text, 2) : null
  if (plain !== null) return { value: plain }
  const figure = readFigure(text)
  if (figure === null) return nothing
  if ('problem' in figure) return { value: null, problem: figure.problem }
  const { suffix, remark } = withoutRemark(figure.suffix)
  const unit = cellUnit(suffix, options.unit ?? '元')
  if (!unit) return { value: null, problem: `「${text}」的单位认不出，请写成以元或万元为单位的数字。` }
  if (unit.times !== null && options.yearly !== true) {
    return { value: null, problem: `「${text}」是按${unit.unit.replace(/^.*(?:\/|每)/, '每')}计的，请写明总金额。` }
  }
  const yuan = new Big(figure.decimal).times(unit.factor).times(unit.times ?? 1)
  if (tooLong(yuan)) return { value: null, problem: `「${text}」的位数过多，请核对金额。` }
  const value = yuan.round(2, Big.roundHalfUp)
  return { value: value.toFixed(2), ...told(text, value, figure.about || remark, yuan) }
}

function told(text: string, value: Big, about: boolean, exact: Big): { problem?: string } {
  if (about) return { problem: `「${text}」按 ${value.toFixed(2)} 元读入，请核对。` }
  if (!exact.eq(value)) return { problem: `「${text}」不足一分的部分四舍五入为 ${value.toFixed(2)} 元。` }
  return {}
}
