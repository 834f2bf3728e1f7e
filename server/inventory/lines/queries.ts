import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { cards } from '../../../db/schema/assets.ts'
import { countLines, counts } from '../../../db/schema/inventory.ts'
import { amongParties, within } from '../../access/scope.ts'
import type { Actor } from '../../kernel/actor.ts'
import { NotFound } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import { keyset, type Place, paged } from '../../kernel/paging.ts'
import { paperPanel } from '../../records/paper-queries.ts'
import { differsFromBefore } from '../counts/handed-in.ts'
import type { Line } from './open.ts'

/** What a list of lines can be narrowed to. */
export const shows = {
  uncounted: { label: '未盘', where: sql`l.origin = 'booked' and l.counted_quantity is null` },
  returned: { label: '被退回', where: sql`l.returned is not null` },
  moved: { label: '有变动待复核', where: sql`l.origin = 'booked' and l.card_version <> c.version` },
  missing: { label: '盘亏', where: sql`l.missing_quantity > 0` },
  surplus: { label: '盘盈', where: sql`l.origin = 'surplus'` },
  scrap: { label: '待报废', where: sql`l.scrap_quantity > 0` },
  undetermined: { label: '待界定', where: sql`l.undetermined_quantity > 0` },
  changed: { label: '信息变更', where: sql`l.changes <> '{}'` },
  again: { label: '与上次提交不同', where: differsFromBefore },
} as const satisfies Record<string, { label: string; where: SQL }>
export type Show = keyof typeof shows

export type LineFilter = { show?: string | undefined; q?: string | undefined } & Place

/** What a list shows of a line. */
export type LineRow = Pick<
  Line,
  | 'no'
  | 'origin'
  | 'code'
  | 'name'
  | 'cardType'
  | 'specification'
  | 'unitOfMeasure'
  | 'location'
  | 'usage'
  | 'bookQuantity'
  | 'bookCost'
  | 'countedQuantity'
  | 'missingQuantity'
  | 'missingReason'
  | 'scrapQuantity'
  | 'undeterminedQuantity'
  | 'surplusQuantity'
  | 'surplusCost'
  | 'changes'
  | 'countedName'
  | 'returned'
  | 'version'
> & { countedAt: string | null; moved: boolean; parted: boolean; photos: number }

const pageLines = 50

/** One page of a count's lines, in their order. The count was found within the actor's scope. */
export async function listLines(tx: Tx, countId: string, filter: LineFilter) {
  const { where, orderBy } = keyset(
    { by: sql`l.no::numeric`, type: 'numeric', id: sql`l.id`, descending: false },
    filter,
  )
  const shown = shows[filter.show as Show]?.where ?? sql`true`
  const rows = await tx.execute<LineRow & { id: string }>(sql`
    select ${rowColumns} from count_lines l left join cards c on c.id = l.card_id
    where l.count_id = ${countId} and ${shown} and ${found(filter.q)} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageLines + 1}`)
  return paged([...rows], filter, (row) => ({ value: String(row.no), id: row.id }), pageLines)
}

/** A single line as lists show it. */
export async function lineRow(tx: Tx, countId: string, no: number): Promise<LineRow | undefined> {
  const [row] = await tx.execute<LineRow>(sql`
    select ${rowColumns} from count_lines l left join cards c on c.id = l.card_id
    where l.count_id = ${countId} and l.no = ${no}`)
  return row
}

const rowColumns = sql`l.id::text as id, l.no, l.origin, l.code, l.name, l.card_type as "cardType", l.specification,
  l.unit_of_measure as "unitOfMeasure", l.location, l.usage, l.book_quantity as "bookQuantity", l.book_cost as "bookCost",
  l.counted_quantity as "countedQuantity", l.missing_quantity as "missingQuantity", l.missing_reason as "missingReason",
  l.scrap_quantity as "scrapQuantity", l.undetermined_quantity as "undeterminedQuantity",
  l.surplus_quantity as "surplusQuantity", l.surplus_cost as "surplusCost", l.changes, l.counted_name as "countedName",
  l.counted_at::text as "countedAt", l.returned, l.version,
  l.origin = 'booked' and l.card_version is distinct from c.version as moved,
  coalesce(jsonb_array_length(c.parts) > 0, false) as parted,
  (select count(*)::int from paper_links k join papers p on p.id = k.paper_id
    where k.count_line_id = l.id and p.withdrawn_at is null) as photos`

/** Any part of name, code, place or number. */
function found(q: string | undefined): SQL {
  const text = q?.normalize('NFKC').trim()
  if (!text) return sql`true`
  const like = `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  return sql`(l.name ilike ${like} or l.code like ${like} or l.location ilike ${like} or l.original_code ilike ${like}
    or l.no::text = ${text})`
}

export type LineAtHand = {
  line: Line
  count: typeof counts.$inferSelect
  card: typeof cards.$inferSelect | null
}

/** A line for whoever reads its count, or uses the thing. */
export async function findLine(tx: Tx, { actor }: Acting, countNo: string, no: number): Promise<LineAtHand> {
  const [row] = await tx
    .select({ line: countLines, count: counts, card: cards })
    .from(countLines)
    .innerJoin(counts, eq(counts.id, countLines.countId))
    .leftJoin(cards, eq(cards.id, countLines.cardId))
    .where(
      and(
        eq(counts.no, countNo),
        eq(countLines.no, no),
        sql`(${amongParties(actor, counts.partyKeys)} or ${within(actor, cards.userKey)})`,
      ),
    )
  if (!row) throw new NotFound()
  return row
}

/** The line next to be counted after this one; null where none is left. */
export async function nextUncounted(tx: Tx, countId: string, no: number): Promise<number | null> {
  const [row] = await tx.execute<{ no: number }>(sql`
    select l.no from count_lines l where l.count_id = ${countId} and l.origin = 'booked' and l.counted_quantity is null
    order by l.no < ${no}, l.no limit 1`)
  return row?.no ?? null
}

/** The number of the line that a code stands for: the card's own, or the unit's own number for it. */
export async function lineOfCode(tx: Tx, countId: string, code: string): Promise<number | null> {
  const [row] = await tx.execute<{ no: number }>(sql`
    select l.no from count_lines l where l.count_id = ${countId} and (l.code = ${code} or l.original_code = ${code})
    order by l.code = ${code} desc, l.no limit 1`)
  return row?.no ?? null
}

/** Photos and papers that hang on a line. */
export function photosOfLine(tx: Tx, actor: Actor, { count, line }: LineAtHand) {
  return paperPanel(tx, actor, 'countLine', `${count.no}-${line.no}`)
}
