import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { cards } from '../../../db/schema/assets.ts'
import { countLines, counts } from '../../../db/schema/inventory.ts'
import { within } from '../../access/scope.ts'
import { type Actor, holds } from '../../kernel/actor.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../../kernel/errors.ts'
import { type Acting, changed, record } from '../../kernel/events.ts'
import { told } from './differences.ts'

export type Line = typeof countLines.$inferSelect
export type LineAt = { countId: string; no: number }
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
  const [saved] = await tx
    .update(countLines)
    .set({ ...side, ...countedNow(acting, via), returned: null, version: sql`${countLines.version} + 1` })
    .where(and(eq(countLines.id, line.id), eq(countLines.version, line.version)))
    .returning()
  if (!saved) throw new Stale()
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

export function countedNow({ actor, clock }: Acting, countedVia: CountedVia) {
  return { countedBy: actor.personId, countedName: actor.name, countedAt: clock.now(), countedVia }
}

/** A line of a count that stays open meanwhile, for whoever counts there or uses the thing. */
export async function openLine(tx: Tx, actor: Actor, { countId, no }: LineAt) {
  const [row] = await tx
    .select({
      line: countLines,
      state: counts.state,
      scopeKey: counts.scopeKey,
      userKey: cards.userKey,
      card: {
        voided: cards.voided,
        usage: cards.usage,
        quantity: cards.quantity,
        valueKind: cards.valueKind,
        parts: cards.parts,
      },
    })
    .from(countLines)
    .innerJoin(counts, eq(counts.id, countLines.countId))
    .leftJoin(cards, eq(cards.id, countLines.cardId))
    .where(
      and(
        eq(countLines.countId, countId),
        eq(countLines.no, no),
        sql`(${within(actor, counts.scopeKey)} or ${within(actor, cards.userKey)})`,
      ),
    )
    .for('share', { of: counts })
  if (!row) throw new NotFound()
  if (!mayCount(actor, row)) throw new Forbidden()
  if (row.state !== 'counting') throw new RuleBroken(notOpen)
  return row
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
