import Big from 'big.js'
import { folded, isBlank, isScientific, scientific } from './parsed.ts'

/** A figure as it was written: its decimal text, what stands behind it, and whether it says about. */
export type Figure = { decimal: string; suffix: string; about: boolean }

/** Digits of a figure, far more than any has; sums that meet a longer one stay as long to their end. */
const mostDigits = 60

/** Reads the figure of a cell; null for a blank, a Chinese sentence when it is no figure. */
export function readFigure(text: string): Figure | null | { problem: string } {
  // Most cells are nothing but figures, and large files have millions of them.
  if (text.length < mostDigits && /^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/.test(text))
    return { decimal: text, suffix: '', about: false }
  const plain = folded(text).replace(/\s+/g, '')
  if (isBlank(plain)) return null
  if (isScientific(plain)) return { problem: scientific(text) }
  const found = /^(约|大约|近|合计|共|计)?(?:[¥￥$]|人民币|rmb)?([-+]?|\()(\d[\d,]*(?:\.\d*)?|\.\d+)(\)?)(.*)$/i.exec(
    plain,
  )
  if (!found?.[3]) return { problem: `「${text}」不是数字，请改为数字。` }
  const [, about, sign, digits, closing, rest = ''] = found
  const bracketed = sign === '(' && closing === ')'
  if (sign === '(' && !bracketed) return { problem: `「${text}」的括号没有成对，请改为数字。` }
  if (digits.includes(',') && !/^\d{1,3}(,\d{3})+(\.\d*)?$/.test(digits)) {
    return { problem: `「${text}」的千位分隔符位置不对，请去掉逗号，写明完整数字。` }
  }
  const suffix = bracketed ? rest : `${closing ?? ''}${rest}`
  if (/^[万千亿]\d/.test(suffix)) return { problem: `「${text}」没有写完整，请写成一个数字，如 35000 或 3.5万。` }
  if (/^\p{L}{0,2}[*×+]\d/u.test(suffix)) {
    return { problem: `「${text}」是算式或尺寸，请算出结果，只写一个数字。` }
  }
  if (/^[-~至到/.]?\d|^[-~至到]|^\/(?!(?:年|月|季度?|半年)$)/.test(suffix))
    return { problem: `「${text}」不是一个数字，请只写一个数字。` }
  if (digits.length > mostDigits) return { problem: `「${text}」的位数过多，请核对后只写需要的位数。` }
  const decimal = new Big(digits.replaceAll(',', '').replace(/^\./, '0.').replace(/\.$/, ''))
  const signed = sign === '-' || bracketed ? decimal.times(-1) : decimal
  return { decimal: signed.toFixed(), suffix, about: about !== undefined && about !== '' }
}

const plainFigures = [2, 3].map((places) => new RegExp(`^(?:0|[1-9]\\d{0,13})(?:\\.\\d{1,${places}})?$`))

/** A text that is nothing but a figure of at most two or three places, with all of them written; null for any other. */
export function plainFigure(text: string, places: 2 | 3): string | null {
  if (!plainFigures[places - 2]?.test(text)) return null
  const point = text.indexOf('.')
  return point < 0 ? `${text}.${'0'.repeat(places)}` : text.padEnd(point + 1 + places, '0')
}

/** What stands behind a figure, without a remark in brackets and without 余, 多, 左右 (10余亩). */
export function withoutRemark(suffix: string): { suffix: string; remark: boolean } {
  const bare = suffix
    .replace(/[(（【[].*$/, '')
    .replace(/[左右余多]+$/, '')
    .replace(/^[余多]/, '')
  return { suffix: bare.replace(/[;；,，。、]+$/, ''), remark: bare !== suffix }
}

/** Longest integer part that is kept. */
const wholeDigits = 14
const bound = new Big(10).pow(wholeDigits)

export function tooLong(value: Big): boolean {
  return value.abs().gte(bound)
}
