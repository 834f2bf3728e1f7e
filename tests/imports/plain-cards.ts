import { cardFields } from '../../imports/sheets/card-fields.ts'
import type { ImportTarget } from '../../imports/target.ts'

/** Cards without rules or a register behind them: what a file says, and nothing else. */
export const plainCards: ImportTarget = {
  key: 'cards',
  label: '资产卡片',
  entry: '张卡片',
  fields: cardFields,
  name: 'name',
  headers: ['资产名称', '账面原值'],
  shown: ['name'],
  required: ['name'],
  identities: [],
  check: () => [],
}
