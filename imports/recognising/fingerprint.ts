import { createHash } from 'node:crypto'
import type { Column } from './columns.ts'
import { normalised } from './header.ts'

/** Of a header's texts and places: what people decided for one file is remembered by it for the next. */
export function fingerprintOf(columns: readonly Column[]): string {
  // What stands below no header is not part of the layout: another file of the same form need not have it.
  const named = columns.filter(({ column, header }) => header !== `${column}列`)
  const text = named.map(({ column, header }) => `${column}:${normalised(header)}`).join('\n')
  return createHash('sha256').update(text).digest('hex')
}
