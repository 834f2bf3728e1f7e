import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { modelOf, prepared } from '../../../db/prepared.ts'
import { cards } from '../../../db/schema/assets.ts'
import { countLines, counts } from '../../../db/schema/inventory.ts'
import { within } from '../../access/scope.ts'
import { type Actor, holds } from '../../kernel/actor.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../../kernel/errors.ts'
import { type Acting, changed, record } from '../../kernel/events.ts'
import { told } from './differences.ts'

type Card = typeof cards.$inferSelect
export type Line = typeof countLines.$inferSelect
export type LineAt = { countId: string; no: number }
/** By the number people see, as addresses have it. */
export type LineNamed = { countNo: string; no: number }
export type CountedVia = 'screen' | 'phone' | 'sheet'

/**
 * Gives a line its next count side with one event. Another save since the line was read makes it stale.
 */
export async function write(
  tx: Tx,
  acting: Acting,
  line: Line,
  side: Partial<typeof countLines.$inferInsert>,
  via: CountedVia,
): Promise<Line> {
  const by = countedNow(acting, via)
  const [stored] = await tx
    .update(countLines)
    .set({ ...side, ...by, returned: null, version: sql`${countLines.version} + 1` })
    .where(and(eq(countLines.id, line.id), eq(countLines.version, line.version)))
    .returning(columnsOf(side))
    .prepare('write_line')
    .execute()
  if (!stored) throw new Stale()
  const saved: Line = { ...line, ...by, ...stored, returned: null }
  const changes = changed(told(line), told(saved))
  await record(
    tx,
    acting,
    { kind: 'count', id: line.countId },
    {
      action: 'count.line',
      detail: { line: line.no, code: line.code, name: line.name, ...(changes ? { changes } : {}) },
    },
  )
  return saved
}

/** What a save reads back: how the database has what was sent, and nothing of what stays. */
function columnsOf(side: Partial<typeof countLines.$inferInsert>) {
  const { version, ...columns } = getTableColumns(countLines)
  const sent = Object.entries(columns).filter(([key]) => key in side)
  return { version, ...(Object.fromEntries(sent) as Partial<typeof columns>) }
}

export function countedNow({ actor, clock }: Acting, countedVia: CountedVia) {
  return { countedBy: actor.personId, countedName: actor.name, countedAt: clock.now(), countedVia }
}

/** What the card itself may keep from being said of its line. */
export type CardNow = Pick<Card, 'voided' | 'usage' | 'quantity' | 'valueKind' | 'parts'>
export type OpenLine = { line: Line; card: CardNow | null }

/** A line of a count that stays open meanwhile, for whoever counts there or uses the thing. */
export async function openLine(tx: Tx, actor: Actor, at: LineAt | LineNamed): Promise<OpenLine> {
  const count = 'countId' in at ? sql`l.count_id = ${at.countId}` : sql`t.no = ${at.countNo}`
  const [row] = await prepared<Opened>(
    tx,
    sql`
    select l.*, t.state as count_state, t.scope_key as count_key, c.user_key, c.voided as card_voided,
      c.usage as card_usage, c.quantity as card_quantity, c.value_kind as card_value_kind, c.parts as card_parts
    from count_lines l join counts t on t.id = l.count_id left join cards c on c.id = l.card_id
    where ${count} and l.no = ${at.no} and (${within(actor, sql`t.scope_key`)} or ${within(actor, sql`c.user_key`)})
    for share of t`,
  )
  if (!row) throw new NotFound()
  if (!mayCount(actor, { scopeKey: row.count_key, userKey: row.user_key })) throw new Forbidden()
  if (row.count_state !== 'counting') throw new RuleBroken(notOpen)
  const { card_voided: voided, card_usage: usage, card_quantity: quantity, card_value_kind: valueKind } = row
  const card = voided === null ? null : { voided, usage, quantity, valueKind, parts: row.card_parts }
  return { line: modelOf(countLines, row), card }
}

/** The card behind a line that is open. */
export async function cardOf(tx: Tx, cardId: string): Promise<Card> {
  const [row] = await prepared(tx, sql`select c.* from cards c where c.id = ${cardId}`)
  if (!row) throw new NotFound()
  return modelOf(cards, row)
}

type Opened = Record<string, unknown> & {
  count_state: string
  count_key: string
  user_key: string | null
  card_voided: boolean | null
  card_usage: string | null
  card_quantity: string | null
  card_value_kind: string | null
  card_parts: Card['parts']
}

export async function openCount(tx: Tx, actor: Actor, countId: string, lock: 'no key update' | 'share') {
  const [count] = await tx
    .select()
    .from(counts)
    .where(sql`${counts.id} = ${countId} and ${within(actor, counts.scopeKey)}`)
    .for(lock)
  if (!count) throw new NotFound()
  if (!mayCount(actor, { ...count, userKey: null })) throw new Forbidden()
  if (count.state !== 'counting') throw new RuleBroken(notOpen)
  return count
}

export const notOpen = '清查结果已经提交，不能再改；需要更正的，请审核的单位退回这几项。'

/** Keepers and leads of the unit count; so does whoever keeps the unit that uses the thing. */
export function mayCount(actor: Actor, { scopeKey, userKey }: { scopeKey: string; userKey: string | null }): boolean {
  return (
    actor.personId === null ||
    holds(actor, ['keeper', 'lead'], scopeKey) ||
    (userKey !== null && holds(actor, ['keeper'], userKey))
  )
}
