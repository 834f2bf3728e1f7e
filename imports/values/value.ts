import type { Field } from '../sheets/fields.ts'
import { parseArea } from './area.ts'
import { type ParsedChoice, parseChoice } from './choice.ts'
import { parseDate } from './date.ts'
import { parseMoney } from './money.ts'
import { isBlank, isScientific, nothing, scientific } from './parsed.ts'
import { parseInteger, parseQuantity } from './quantity.ts'

/** A figure that cannot be read makes a row wrong; any other unread text is kept beside the row and told. */
export function isFigure(field: Field): boolean {
  return ['money', 'area', 'quantity', 'integer'].includes(field.kind)
}

/** Reads a cell's text for a field. `unit` is the unit of measure of the column. */
export function parseValue(text: string, field: Field, unit?: string): ParsedChoice {
  switch (field.kind) {
    case 'money':
      return parseMoney(text, { unit, yearly: /rent/i.test(field.key) })
    case 'area':
      return parseArea(text, { unit })
    case 'quantity':
      return parseQuantity(text, unit)
    case 'integer':
      return parseInteger(text, unit)
    case 'date':
      return parseDate(text)
    case 'choice':
      return parseChoice(text, field.choices ?? [])
    default:
      return parseText(text, field)
  }
}

function parseText(text: string, field: Field): ParsedChoice {
  const plain = text.trim()
  const trimmed = field.kind === 'longText' || !plain.includes('\n') ? plain : plain.replace(/\s*\n\s*/g, ' ')
  if (isBlank(trimmed)) return nothing
  if (
    field.kind === 'text' &&
    /[+＋]/.test(trimmed) &&
    isScientific(trimmed.normalize('NFKC')) &&
    /e\+\d{2,}$/i.test(trimmed.normalize('NFKC'))
  ) {
    return { value: null, problem: scientific(trimmed) }
  }
  const value = /code$/i.test(field.key) ? trimmed.normalize('NFKC') : trimmed
  if (field.max !== undefined && value.length > field.max) {
    return { value: null, problem: `${field.label}超过 ${field.max} 个字，请缩短。` }
  }
  return { value }
}
