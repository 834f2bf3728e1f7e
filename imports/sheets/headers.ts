import type { CardFieldKey } from './card-fields.ts'
import { cardFields } from './card-fields.ts'

/** A header as it is compared: one width of characters, no blanks or line breaks, one kind of bracket. */
export function headerKey(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/[\s\u200b\ufeff]/g, '')
    .replace(/[[【〔]/g, '(')
    .replace(/[\]】〕]/g, ')')
    .toLowerCase()
}

/** The card field a header means, read as a whole first and then without what stands in brackets at its end. */
export function fieldOfHeader(header: string): CardFieldKey | undefined {
  const key = headerKey(header)
  return dictionary.get(key) ?? dictionary.get(key.replace(/\([^()]*\)$/, ''))
}

const dictionary = new Map<string, CardFieldKey>()
for (const field of cardFields) {
  const synonyms: readonly string[] = 'synonyms' in field ? field.synonyms : []
  for (const header of [field.label, ...synonyms]) dictionary.set(headerKey(header), field.key)
}
