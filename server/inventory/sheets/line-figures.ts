import { type SQL, sql } from 'drizzle-orm'
import { namesOf } from '../../../db/sql.ts'
import type { CountFigureKey } from '../../../imports/sheets/count-summary.ts'

/** What one line l says, under the keys that sheets print; unknown amounts stay unknown. */
export const lineFigures: Readonly<Record<CountFigureKey, SQL>> = {
  bookQuantity: sql`nullif(l.book_quantity, 0)`,
  bookCost: sql`l.book_cost`,
  bookDepreciation: sql`l.book_depreciation`,
  bookNet: sql`l.book_net_value`,
  surplusQuantity: sql`nullif(l.surplus_quantity, 0)`,
  surplusCost: sql`l.surplus_cost`,
  surplusDepreciation: sql`l.surplus_depreciation`,
  surplusNet: surplusNet(),
  missingQuantity: sql`nullif(l.missing_quantity, 0)`,
  missingCost: sql`l.missing_cost`,
  missingDepreciation: sql`l.missing_depreciation`,
  missingNet: netOf('missing'),
  uncountedQuantity: uncounted(sql`l.book_quantity`),
  uncountedCost: uncounted(sql`l.book_cost`),
  uncountedDepreciation: uncounted(sql`l.book_depreciation`),
  uncountedNet: uncounted(sql`l.book_net_value`),
  countedQuantity: sql`l.counted_quantity`,
  countedCost: counted(sql`l.book_cost`, sql`l.surplus_cost`, sql`l.missing_cost`),
  countedDepreciation: counted(sql`l.book_depreciation`, sql`l.surplus_depreciation`, sql`l.missing_depreciation`),
  countedNet: counted(sql`l.book_net_value`, surplusNet(), netOf('missing')),
  scrapQuantity: sql`nullif(l.scrap_quantity, 0)`,
  scrapCost: sql`l.scrap_cost`,
  scrapDepreciation: sql`l.scrap_depreciation`,
  scrapNet: netOf('scrap'),
  undeterminedQuantity: sql`nullif(l.undetermined_quantity, 0)`,
  undeterminedCost: sql`l.undetermined_cost`,
  undeterminedDepreciation: sql`l.undetermined_depreciation`,
  undeterminedNet: netOf('undetermined'),
}

/**
 * 净值 − (原值 − 累计折旧) of a line of which not all three are known: nobody can say whether they agree, so the check of
 * the sums leaves it out.
 */
export const lineGaps = {
  bookGap: gap(lineFigures.bookNet, lineFigures.bookCost, lineFigures.bookDepreciation),
  countedGap: gap(lineFigures.countedNet, lineFigures.countedCost, lineFigures.countedDepreciation),
}

function surplusNet(): SQL {
  return sql`(l.surplus_cost - coalesce(l.surplus_depreciation, 0))`
}

/** What a part of a booked line is worth net; the whole line is worth what the books say. */
function netOf(part: 'missing' | 'scrap' | 'undetermined'): SQL {
  const [quantity, cost, depreciation] = ['quantity', 'cost', 'depreciation'].map((name) =>
    namesOf(sql`l`, [`${part}_${name}`]),
  )
  return sql`(case when ${quantity} = 0 then null when ${quantity} = l.book_quantity then l.book_net_value
    when l.book_net_value is not null then ${cost} - coalesce(${depreciation}, 0) end)`
}

function uncounted(book: SQL): SQL {
  return sql`(case when l.counted_quantity is null then ${book} end)`
}

/** 账面 + 盘盈 − 盘亏; nothing while the line is not counted. */
function counted(book: SQL, surplus: SQL, missing: SQL): SQL {
  return sql`(case when l.counted_quantity is not null and num_nonnulls(${book}, ${surplus}) > 0
    then coalesce(${book}, 0) + coalesce(${surplus}, 0) - coalesce(${missing}, 0) end)`
}

function gap(net: SQL, cost: SQL, depreciation: SQL): SQL {
  return sql`(case when num_nulls(${net}, ${cost}, ${depreciation}) in (1, 2)
    then coalesce(${net}, 0) - coalesce(${cost}, 0) + coalesce(${depreciation}, 0) else 0 end)`
}
