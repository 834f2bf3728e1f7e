import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { stockRow, stockSheet, stockStates, stockSumLines } from '../../imports/sheets/stock.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { countedStock as countedSums, lineSums } from '../inventory/sheets/queries.ts'
import { type Stock, type StockEnd, stockOf } from './stock.ts'

type Asked = {
  tx: Tx
  extent: { which: SQL; mixed: boolean }
  head: { meta: string[]; notes: string[]; signatures: Record<string, string> }
}

/** 固定和无形资产存量情况表 of a count, compilation or call: the opening is the book side, the closing what was counted. */
export const countedStock = {
  title: '固定和无形资产存量情况表(清查数)',
  of: ['count', 'compilation', 'call'] as const,
  make: async ({ tx, extent, head }: Asked) => {
    const own = extent.mixed ? sql`${extent.which} and t.unit_kind <> 'stationed'` : extent.which
    const worksheets = [await worksheetOf(tx, own, head, '存量情况表')]
    if (extent.mixed) {
      worksheets.push(
        await worksheetOf(tx, sql`${extent.which} and t.unit_kind = 'stationed'`, head, '派驻单位存量情况表'),
      )
    }
    return { worksheets }
  },
}

async function worksheetOf(tx: Tx, which: SQL, head: Asked['head'], name: string): Promise<Worksheet> {
  const stock = await countedStockOf(tx, which)
  return {
    sheet: stockSheet(stock.lines, stock.states),
    name,
    ...head,
    sections: [{ rows: stock.lines.map(stockRow), adds: stockSumLines(stock.lines), height: 33 }],
    total: null,
    notes: [...head.notes, finding(stock), ...notesOn(stock)],
  }
}

/** Both ends by class and state, held against the sums of the same lines by another query. */
export async function countedStockOf(tx: Tx, which: SQL): Promise<Stock> {
  const sums = await countedSums(tx, which)
  const booked = await lineSums(tx, { cursor: 'booked', which, where: sql`l.origin = 'booked'` })
  const counted = await lineSums(tx, { cursor: 'counted', which, where: sql`l.counted_quantity > 0` })
  const end = (closing: boolean): StockEnd => {
    const [row, side] = closing ? ([counted, 'counted'] as const) : ([booked, 'book'] as const)
    return {
      sums: sums
        .filter((sum) => sum.closing === closing)
        .map((sum) => ({ ...sum, withoutQuantity: '0', laterCount: '0', laterCost: null })),
      register: {
        count: String(row.lines),
        cost: row[`${side}Cost`],
        depreciation: row[`${side}Depreciation`],
        netValue: row[`${side}Net`],
        landArea: null,
        floorArea: null,
        laterCount: '0',
        laterCost: null,
      },
    }
  }
  return stockOf(end(false), end(true))
}

function finding({ wrong, states }: Stock): string {
  const sum = states.map((state) => stockStates[state].replace(/\(.*/, '')).join(' + ')
  if (wrong.length > 0) return `勾稽不符：${wrong.join('；')}；请查明原因后重新导出。`
  return `勾稽相符：期末合计 = ${sum}；期初、期末加上不列入本表的资产，与清查的账面数、清查数合计一致。`
}

function notesOn({ resources, unsorted }: Stock): string[] {
  return [
    '注：期初是清查基准日的账面数，期末是清查数（账面数 + 盘盈 − 盘亏），未盘的不列入期末；账面没有数量的按 1 计。',
    '注：待报废的列在待处置；待界定的照使用状况列；按分类代码的门类归类，没有代码的按资产类别。',
    ...(resources.count > 0 ? [`注：资源性资产不列入本表，期末有 ${resources.count} 项。`] : []),
    ...(unsorted > 0 ? [`注：未分类的期末有 ${unsorted} 项，请补填分类代码。`] : []),
  ]
}
