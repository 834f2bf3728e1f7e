import { damaged } from '../refused.ts'
import { columnName, columnNumber } from './columns.ts'
import type { Cells, SheetRow } from './events.ts'
import { checkCell, limits } from './limits.ts'
import { isRounded, type NumberFormat, numberText } from './number-format.ts'
import { elements, endOf, itemText, storedText, textOf } from './xml.ts'

const plainDecimal = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/

export type CellContext = { strings: readonly string[]; formats: readonly NumberFormat[]; date1904: boolean }

/** Reads the cells between the tags of a row; null when all are empty. */
export function readCells(xml: string, prefix: string, row: number, context: CellContext): SheetRow | null {
  const source = xml.includes('<!--') ? xml.replace(/<!--[\s\S]*?-->/g, '') : xml
  const open = `<${prefix}c`
  const close = `</${prefix}c>`
  const cells: Cells = {}
  const told: Pick<SheetRow, 'errors' | 'rounded'> = {}
  let filled = false
  let column = 0
  let at = source.indexOf(open)
  while (at >= 0) {
    const tagEnd = source.indexOf('>', at)
    if (tagEnd < 0) throw damaged(`第 ${row} 行`)
    const tag = source.slice(at + open.length, tagEnd)
    const given = shortAttribute(tag, ' r="')
    const found = given === undefined ? column + 1 : columnNumber(given)
    if (found === null || found > limits.columnNumber) throw damaged(`第 ${row} 行有超出范围的列`)
    column = found
    if (tag.endsWith('/')) {
      at = source.indexOf(open, tagEnd)
      continue
    }
    const end = endOf(source, close, tagEnd)
    if (end < 0) throw damaged(`第 ${row} 行`)
    const type = shortAttribute(tag, ' t="')
    const style = shortAttribute(tag, ' s="')
    const text = cellText(source.slice(tagEnd + 1, end), type, style, prefix, context)
    if (text !== '') {
      const name = columnName(column)
      cells[name] = checkCell(text, name, row)
      filled = true
      if (type === 'e') told.errors = [...(told.errors ?? []), name]
      else if ((type === undefined || type === 'n') && isRounded(text)) told.rounded = [...(told.rounded ?? []), name]
    }
    at = source.indexOf(open, end)
  }
  if (!filled) return null
  return { kind: 'row', row, cells, ...told }
}

/** Value of a one-letter attribute, which writers put in double quotes. */
function shortAttribute(tag: string, start: string): string | undefined {
  const at = tag.indexOf(start)
  if (at < 0) {
    const quoted = tag.includes("'") ? new RegExp(`${start.trimEnd().slice(0, -2)}\\s*=\\s*'([^']*)'`).exec(tag) : null
    return quoted?.[1]
  }
  const from = at + start.length
  const end = tag.indexOf('"', from)
  return end < 0 ? undefined : tag.slice(from, end)
}

function cellText(
  inner: string,
  type: string | undefined,
  style: string | undefined,
  prefix: string,
  context: CellContext,
): string {
  if (type === 'inlineStr') {
    if (inner.startsWith('<is>') && inner.endsWith('</is>')) return itemText(inner.slice(4, -5))
    for (const item of elements(inner, 'is')) return itemText(item.inner)
    return ''
  }
  const value = storedValue(inner, prefix)
  if (value === '') return ''
  switch (type) {
    case 's': {
      const text = /^\s*\d{1,9}\s*$/.test(value) ? context.strings[Number(value)] : undefined
      if (text === undefined) throw damaged('单元格指向不存在的文字')
      return text
    }
    case 'str':
    case 'e':
      return storedText(value)
    case 'b':
      return value.trim() === '0' || value.trim() === 'false' ? 'FALSE' : 'TRUE'
    case 'd':
      return isoText(value.trim())
    default: {
      const format = style === undefined ? undefined : context.formats[Number(style)]
      // As it stands where nothing has to be made of it: fifteen digits are what a cell holds.
      if ((format === undefined || format.kind === 'plain') && value.length < 16 && plainDecimal.test(value))
        return value
      const number = Number(value)
      if (value.trim() === '' || !Number.isFinite(number)) return storedText(value)
      return numberText(number, format ?? { kind: 'plain' }, context.date1904)
    }
  }
}

/** Text of the v element; the formula before it is passed over. */
function storedValue(inner: string, prefix: string): string {
  const open = inner.indexOf(`<${prefix}v`)
  if (open < 0) return ''
  const from = inner.indexOf('>', open) + 1
  if (inner[from - 2] === '/') return ''
  const end = inner.lastIndexOf(`</${prefix}v>`)
  if (from === 0 || end < from) throw damaged('单元格的值没有结束')
  const value = inner.slice(from, end)
  return value.includes('&') || value.includes('<') ? textOf(value) : value
}

/** ISO dates, times and durations of date cells in the form of every other date. */
function isoText(text: string): string {
  const duration = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?$/.exec(text)
  if (duration) return [1, 2, 3].map((part) => (duration[part] ?? '0').padStart(2, '0')).join(':')
  return text
    .replace(/(?:\.\d+)?Z?$/, '')
    .replace(/T00:00(?::00)?$/, '')
    .replace('T', ' ')
}
