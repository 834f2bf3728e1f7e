import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { sources } from '../../../imports/sheets/card-choices.ts'
import { additionsSheet } from '../../../imports/sheets/count-lists.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import type { SheetRow } from '../../../imports/sheets/sheet.ts'
import { printDate } from '../../../imports/writing/cells.ts'
import type { Worksheet } from '../../../imports/writing/worksheet.ts'
import { isAddition } from '../baseline/queries.ts'
import type { Extent } from './extent.ts'
import { apart, next, ofPart, type printed } from './printing.ts'
import { type LineRow, openLines } from './queries.ts'

/** 新增资产: what was counted and came after the earlier census, by source; all of it where the call names no census. */
export async function additionsWorksheet(tx: Tx, extent: Extent, head: ReturnType<typeof printed>): Promise<Worksheet> {
  const { baselineOn, baselineName } = extent
  const since = baselineOn === null ? sql`true` : isAddition
  const join = sql`join calls c on c.id = t.call_id`
  const sections = async (stationed: boolean) => {
    const which = ofPart(extent, stationed)
    const where = sql`l.counted_quantity > 0 and ${since}`
    const place = sql`coalesce(array_position(${`{${sources.map(({ value }) => value).join(',')}}`}::text[], l.source), 99)`
    const groups = await tx.execute<{ source: string | null; lines: number }>(sql`
      select l.source, count(*)::int as lines from counts t join count_lines l on l.count_id = t.id ${join}
      where ${which} and ${where} group by l.source, ${place} order by ${place}`)
    const cursor = stationed ? 'stationed_additions' : 'addition_lines'
    const rows = printing(await openLines(tx, { cursor, which, where, join }, sql`${place}, t.unit_code, l.no`))
    return groups.map(({ source, lines }) => {
      const label = source === null ? '来源未填' : choiceLabel(sources, source)
      return { heading: label, rows: next(rows, lines), subtotal: `${label}小计` }
    })
  }
  const [undated] = await tx.execute<{ lines: number }>(sql`
    select count(*)::int as lines from counts t join count_lines l on l.count_id = t.id ${join}
    where ${extent.which} and l.counted_quantity > 0 and l.acquired_on is null and not ${isAddition}`)
  const without = baselineOn === null ? 0 : (undated?.lines ?? 0)
  return {
    sheet: additionsSheet,
    name: '新增资产',
    ...head,
    sections: await sections(false),
    ...(extent.mixed ? { apart: apart(await sections(true)) } : {}),
    notes: [
      ...head.notes,
      baselineOn === null
        ? '注：清查通知没有写明以前的清查，本表按来源列出全部盘点到的资产。'
        : `注：本表列${baselineName ?? ''}时点（${printDate(baselineOn)}）之后取得的，和基准清单里没有的资产。`,
      ...(without > 0 ? [`注：有 ${without} 项没有取得时间，无法判断是否新增，没有列入；请补填取得时间。`] : []),
    ],
  }
}

async function* printing(rows: AsyncIterable<LineRow>): AsyncGenerator<SheetRow> {
  for await (const row of rows) yield { ...row, unit: row.unitName }
}
