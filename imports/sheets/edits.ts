import type { CardFieldKey } from './card-fields.ts'
import type { Sheet } from './sheet.ts'
import { cardColumn, serialColumn } from './sheet.ts'

/** 批量修改, the table of a bulk edit: which cards, and what their fields are to become. */
export function editSheet(fields: readonly CardFieldKey[]): Sheet {
  return {
    key: 'edits',
    title: '批量修改',
    columns: [
      serialColumn,
      cardColumn('code', { width: 16 }),
      cardColumn('name', { width: 24 }),
      ...fields.map((key) => cardColumn(key)),
    ],
    unitLine: '',
    signatures: [],
    paper: 'A4',
    orientation: 'landscape',
  }
}
