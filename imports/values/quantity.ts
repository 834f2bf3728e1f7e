import Big from 'big.js'
import { readFigure, tooLong, withoutRemark } from './decimal.ts'
import { nothing, type Parsed } from './parsed.ts'

/** Reads a quantity of up to three places; a short measure word behind it (10台) is told unless the column names it. */
export function parseQuantity(text: string, unit?: string): Parsed {
  if (/^(?:0|[1-9]\d{0,13})$/.test(text)) return { value: text }
  const figure = readFigure(text)
  if (figure === null) return nothing
  if ('problem' in figure) return { value: null, problem: figure.problem }
  const { suffix, remark } = withoutRemark(figure.suffix)
  if (!/^[\p{Script=Han}a-z2³]{0,4}$/iu.test(suffix)) {
    return { value: null, problem: `「${text}」不是一个数量，请改为数字。` }
  }
  const exact = new Big(figure.decimal)
  if (tooLong(exact)) return { value: null, problem: `「${text}」的位数过多，请核对数量。` }
  const value = exact.round(3, Big.roundHalfUp)
  const plain = value.toFixed()
  if ((suffix !== '' && suffix !== unit) || remark || figure.about)
    return { value: plain, problem: `「${text}」按 ${plain} 读入，请核对。` }
  if (!value.eq(exact)) return { value: plain, problem: `「${text}」四舍五入为 ${plain}。` }
  return { value: plain }
}

/** Reads a whole number; nothing is rounded. */
export function parseInteger(text: string, unit?: string): Parsed {
  const parsed = parseQuantity(text, unit)
  if (parsed.value === null || /^-?\d+$/.test(parsed.value)) return parsed
  return { value: null, problem: `「${text}」不是整数，请改为整数。` }
}
