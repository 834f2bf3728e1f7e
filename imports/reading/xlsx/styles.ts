import { builtInFormat, type NumberFormat, readFormat } from '../number-format.ts'
import { attribute, elements } from './xml.ts'

/** Number formats by the style index of a cell. */
export function readStyles(xml: string | null): NumberFormat[] {
  if (xml === null) return []
  const codes = new Map<string, string>()
  for (const { tag } of elements(xml, 'numFmt')) {
    const id = attribute(tag, 'numFmtId')
    const code = attribute(tag, 'formatCode')
    if (id !== undefined && code !== undefined) codes.set(id, code)
  }
  const formats: NumberFormat[] = []
  for (const { inner } of elements(xml, 'cellXfs')) {
    for (const { tag } of elements(inner, 'xf')) {
      const id = attribute(tag, 'numFmtId') ?? '0'
      const code = codes.get(id)
      formats.push(code === undefined ? builtInFormat(Number(id)) : readFormat(code))
    }
  }
  return formats
}
