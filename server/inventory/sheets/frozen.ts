import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import type { CountFigureKey } from '../../../imports/sheets/count-summary.ts'
import type { Reckoning } from '../../../imports/writing/reckonings.ts'
import type { Extent } from './extent.ts'
import { markOf, type SummaryPart, summaryTab } from './summary.ts'

/** Figures as a filed compilation keeps them, under the names of its columns. */
const kept: Partial<Record<CountFigureKey, { column: string; label: string }>> = {
  bookQuantity: { column: 'book_quantity', label: '账面数量' },
  bookCost: { column: 'book_cost', label: '账面原值' },
  surplusQuantity: { column: 'surplus_quantity', label: '盘盈数量' },
  surplusCost: { column: 'surplus_cost', label: '盘盈原值' },
  missingQuantity: { column: 'missing_quantity', label: '盘亏数量' },
  missingCost: { column: 'missing_cost', label: '盘亏原值' },
  scrapQuantity: { column: 'scrap_quantity', label: '待报废数量' },
  countedQuantity: { column: 'counted_quantity', label: '清查数量' },
}

/** What was filed is what is printed: of a filed compilation that is read whole, its frozen figures against the lines'. */
export async function frozenChecks(tx: Tx, extent: Extent, parts: readonly SummaryPart[]): Promise<Reckoning[]> {
  const { kind, id, counts, readable } = extent
  if (kind !== 'compilation' || extent.state !== 'filed' || readable < counts) return []
  const rows = await tx.execute<{ key: string; sum: string }>(sql`
    select f.key, sum(f.value::numeric)::text as sum
    from compilations m, jsonb_array_elements(m.frozen) x, jsonb_each_text(x -> 'figures') f
    where m.id = ${id} group by f.key`)
  const sums = new Map(rows.map(({ key, sum }) => [key, sum]))
  return Object.entries(kept).map(([key, { column, label }]) => ({
    name: `备案数：${label}`,
    words: '备案时的数 = 汇总的数（含派驻）',
    left: [{ figure: sums.get(column) ?? '0' }],
    right: parts.map((part) => ({ sheet: summaryTab, mark: markOf.all(part.stationed), column: key })),
  }))
}
