import { type StockLine, type StockState, stockRow, stockStates } from '../../imports/sheets/stock.ts'
import type { Stock } from './stock.ts'

const strong = ['fixed', 'intangible', 'unsorted']

/** The table as the page draws it: both ends in full, of the states the value alone; the sheet has all figures. */
export function stockView({ lines, states }: Stock) {
  const [all, ...rest] = lines
  return {
    columns: columnsOf(states),
    total: all ? stockRow(all) : null,
    groups: rest
      .filter(({ key }) => strong.includes(key))
      .map((line) => ({
        ...row(line),
        types: line.key === 'fixed' ? rest.filter(({ key }) => !strong.includes(key)).map(row) : [],
      })),
  }
}

function columnsOf(states: readonly StockState[]) {
  const end = (key: 'opening' | 'closing', label: string) => [
    { key: `${key}.quantity`, label: `${label}数量`, format: 'quantity' },
    { key: `${key}.cost`, label: `${label}价值`, unit: '元', format: 'money' },
    { key: `${key}.depreciation`, label: `${label}累计折旧`, unit: '元', format: 'money' },
    { key: `${key}.netValue`, label: `${label}净值`, unit: '元', format: 'money' },
  ]
  return [
    ...end('opening', '期初'),
    ...end('closing', '期末'),
    ...states.map((state) => ({
      key: `${state}.cost`,
      label: stockStates[state].replace(/\(.*/, ''),
      unit: '元',
      format: 'money',
    })),
  ]
}

function row(line: StockLine) {
  return { label: line.label, href: null, hint: null, figure: stockRow(line), types: [] }
}
