import type { Problem } from './errors.ts'
import { compare, readDecimal } from './money.ts'
import { isDay, readPartialDate } from './partial-date.ts'

export type FormField = {
  key: string
  label: string
  kind:
    | 'text'
    | 'longText'
    | 'money'
    | 'area'
    | 'quantity'
    | 'integer'
    | 'date'
    | 'day'
    | 'choice'
    | 'unit'
    | 'division'
    | 'password'
  unit?: string
  choices?: readonly { value: string; label: string }[]
  max?: number
  hint?: string
  required?: boolean
}

/** What was sent, as it was sent; shown again when something is wrong. */
export type Answers = Record<string, string | undefined>
/** What it means: decimals as strings, days as partial dates, null where nothing was given. */
export type Values = Record<string, string | null>

/** Reads every field of a form and collects all problems, so that people correct once. */
export function readForm(fields: readonly FormField[], answers: Answers): { values: Values; problems: Problem[] } {
  const values: Values = {}
  const problems: Problem[] = []
  for (const field of fields) {
    const text = (answers[field.key] ?? '').trim()
    if (text === '') {
      values[field.key] = null
      if (field.required) problems.push({ field: field.key, text: `${verb(field)}${field.label}。` })
      continue
    }
    const read = readField(field, text)
    if ('value' in read) values[field.key] = read.value
    else problems.push({ field: field.key, text: read.problem })
  }
  return { values, problems }
}

function readField(field: FormField, text: string): { value: string } | { problem: string } {
  if (text.includes('\u0000')) return { problem: `${field.label}里有无法保存的字符，请重新输入。` }
  switch (field.kind) {
    case 'money':
    case 'area':
      return readFigure(field, text, 2)
    case 'quantity':
      return readFigure(field, text, 3)
    case 'integer':
      return readFigure(field, text, 0)
    case 'date': {
      const value = readPartialDate(text)
      return value ? { value } : { problem: `${field.label}写不成日期，请写成 2018、2018-3 或 2018-3-31。` }
    }
    case 'day': {
      const value = readPartialDate(text)
      return value && isDay(value) ? { value } : { problem: `${field.label}要写到日，如 2021-08-19。` }
    }
    case 'choice':
      return field.choices?.some((choice) => choice.value === text)
        ? { value: text }
        : { problem: `请从列表中选择${field.label}。` }
    default:
      return readText(field, text)
  }
}

function readText(field: FormField, text: string): { value: string } | { problem: string } {
  const max = field.max ?? 200
  return [...text].length > max
    ? { problem: `${field.label}最多 ${max} 个字，现在有 ${[...text].length} 个。` }
    : { value: text }
}

function readFigure(field: FormField, text: string, places: number): { value: string } | { problem: string } {
  const read = readDecimal(text, places)
  const unit = field.unit ? `（单位：${field.unit}）` : ''
  if (read === null) return { problem: `${field.label}不是数字，请只写数字${unit}，如 1234.5。` }
  if ('tooLarge' in read) return { problem: `${field.label}的数太大，请核对位数和单位。` }
  if ('rounded' in read) {
    return { problem: places === 0 ? `${field.label}要写整数。` : `${field.label}最多保留 ${places} 位小数。` }
  }
  if (compare(read.value, '0') < 0) return { problem: `${field.label}不能小于 0。` }
  return read
}

function verb(field: FormField): string {
  return field.kind === 'choice' ? '请选择' : '请填写'
}
