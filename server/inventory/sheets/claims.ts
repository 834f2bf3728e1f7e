import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { names } from '../../../db/sql.ts'
import { type ClaimKind, claimCategories } from '../../../imports/sheets/claim-choices.ts'
import { claimsCensusSheet, debtsCensusSheet } from '../../../imports/sheets/claims.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import type { SheetRow } from '../../../imports/sheets/sheet.ts'
import type { Reckoning } from '../../../imports/writing/reckonings.ts'
import type { Section, Worksheet } from '../../../imports/writing/worksheet.ts'
import { openCursor } from '../../kernel/cursor.ts'
import { fromStored } from '../../kernel/partial-date.ts'
import type { Extent } from './extent.ts'
import { next, type printed } from './printing.ts'

const tabs: Record<ClaimKind, { name: string; sheet: typeof claimsCensusSheet }> = {
  claim: { name: '债权清查登记表', sheet: claimsCensusSheet },
  debt: { name: '债务清查登记表', sheet: debtsCensusSheet },
}
const kinds = Object.keys(tabs) as ClaimKind[]

/** Amounts of claim line l: what was found more and less than booked, and what nobody has checked yet. */
const figures = {
  book: sql`l.book_amount`,
  more: sql`nullif(greatest(l.counted_amount - l.book_amount, 0), 0)`,
  less: sql`nullif(greatest(l.book_amount - l.counted_amount, 0), 0)`,
  open: sql`case when l.counted_amount is null then l.book_amount end`,
  counted: sql`l.counted_amount`,
}
type Figure = keyof typeof figures
const figureKeys = Object.keys(figures) as Figure[]

type Line = Record<Figure, string | null> & {
  unit: string
  no: string | null
  category: string
  counterparty: string
  occurredOn: string | null
  occurredPrecision: string | null
  purpose: string | null
  reason: string | null
  remark: string | null
}

/** 债权、债务清查登记表, category by category, after the forms of the census of collective assets. */
export async function claimWorksheets(
  tx: Tx,
  extent: Extent,
  head: ReturnType<typeof printed>,
): Promise<{ worksheets: Worksheet[]; ownChecks: Reckoning[] }> {
  const worksheets: Worksheet[] = []
  const ownChecks: Reckoning[] = []
  for (const kind of kinds) {
    worksheets.push(await worksheetOf(tx, extent, head, kind))
    ownChecks.push(...(await checksOf(tx, extent, kind)))
  }
  return { worksheets, ownChecks }
}

async function worksheetOf(
  tx: Tx,
  { which, baseOn }: Extent,
  head: ReturnType<typeof printed>,
  kind: ClaimKind,
): Promise<Worksheet> {
  const { name, sheet } = tabs[kind]
  const own = sql`${which} and l.kind = ${kind}`
  const groups = await tx.execute<{ category: string; lines: number }>(sql`
    select l.category, count(*)::int as lines ${fromLines} where ${own} group by 1 order by ${categoryOrder}`)
  const amounts = sql.join(
    figureKeys.map((key) => sql`(${figures[key]})::text as ${names([key])}`),
    sql`, `,
  )
  const lines = await openCursor(
    tx,
    `${kind}_lines`,
    sql`select t.unit_name as unit, k.no, l.category, l.counterparty, l.occurred_on::text as "occurredOn",
        l.occurred_precision as "occurredPrecision", l.purpose, l.reason, l.remark, ${amounts}
      ${fromLines} left join claims k on k.id = l.claim_id where ${own}
      order by ${categoryOrder}, l.category, t.unit_code, l.no`,
    printedRow,
  )
  const rows = lines[Symbol.asyncIterator]()
  const sections: Section[] = groups.map(({ category, lines: count }) => ({
    rows: next(rows, count),
    subtotal: `${choiceLabel(claimCategories, category)}小计`,
  }))
  return {
    ...{ sheet, name, ...head, sections },
    notes: [
      ...head.notes,
      `注：账面数是通知发出时台账里 ${baseOn} 以前的${kind === 'claim' ? '债权' : '债务'}；账外发现的账面数为 0，计入调增。`,
      '注：栏目为推荐格式；“农清明细”是农村集体资产清产核资报表中对应的表号。',
    ],
  }
}

function printedRow({ occurredOn, occurredPrecision, ...line }: Line): SheetRow {
  return {
    ...line,
    form: claimCategories.find(({ value }) => value === line.category)?.form ?? null,
    occurredOn: fromStored(occurredOn, occurredPrecision),
  }
}

/** The sheet's sums against one another, and against what the lines come to. */
async function checksOf(tx: Tx, { which }: Extent, kind: ClaimKind): Promise<Reckoning[]> {
  const sums = sql.join(
    (['book', 'counted'] as const).map((key) => sql`coalesce(sum(${figures[key]}), 0)::text as ${names([key])}`),
    sql`, `,
  )
  const [row] = await tx.execute<{ book: string; counted: string; lines: number }>(sql`
    select count(*)::int as lines, ${sums} ${fromLines} where ${which} and l.kind = ${kind}`)
  if (!row || row.lines === 0) return []
  const { name } = tabs[kind]
  const at = (column: Figure, minus = false) => ({ sheet: name, mark: 'total', column, ...(minus ? { minus } : {}) })
  return [
    {
      name: `${name}：核实数`,
      words: '核实数 = 账面数 + 调增 − 调减 − 未核对',
      left: [at('counted')],
      right: [at('book'), at('more'), at('less', true), at('open', true)],
    },
    ...(['book', 'counted'] as const).map((column) => ({
      name: `${name}：${column === 'book' ? '账面数' : '核实数'}`,
      words: '登记表合计 = 各单位清查单之和',
      left: [at(column)],
      right: [{ figure: row[column] }],
    })),
  ]
}

const fromLines: SQL = sql`from counts t join claim_lines l on l.count_id = t.id`
const categoryOrder: SQL = sql`array_position(${`{${claimCategories.map(({ value }) => value).join(',')}}`}::text[], l.category)`
