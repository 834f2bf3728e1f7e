import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cardDistinctions } from '../../db/schema/assets.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import type { Card } from './card.ts'

type Pair = Pick<Card, 'id' | 'code'>

/** What was found about two cards that look like one, if anything was. */
export async function findDistinction(tx: Tx, one: Pair, two: Pair) {
  const [row] = await tx.select().from(cardDistinctions).where(isPair(one, two))
  return row
}

/** Two cards were looked at and are two assets: they are no longer suspected. The caller has locked both. */
export async function keepApart(tx: Tx, acting: Acting, one: Card, two: Card, reason: string): Promise<void> {
  if (one.voided || two.voided) throw new RuleBroken('已作废的卡片不用再确认。')
  const { first, second } = ordered(one, two)
  const [made] = await tx
    .insert(cardDistinctions)
    .values({
      firstCardId: first.id,
      secondCardId: second.id,
      reason,
      decidedBy: acting.actor.personId,
      decidedAt: acting.clock.now(),
    })
    .onConflictDoNothing()
    .returning({ id: cardDistinctions.id })
  if (!made) throw new RuleBroken('这两张卡片已经确认不是同一资产。')
  await tell(tx, acting, one, two, 'card.distinguish', reason)
}

/** Takes that back: they may be suspected and merged again. */
export async function withdrawApart(
  tx: Tx,
  acting: Acting,
  one: Card,
  two: Card,
  reason: string | null,
): Promise<void> {
  const gone = await tx.delete(cardDistinctions).where(isPair(one, two)).returning({ id: cardDistinctions.id })
  if (gone.length === 0) throw new RuleBroken('这两张卡片没有确认过，不用撤回。')
  await tell(tx, acting, one, two, 'card.undistinguish', reason)
}

async function tell(tx: Tx, acting: Acting, one: Card, two: Card, action: string, comment: string | null) {
  for (const [card, other] of [
    [one, two],
    [two, one],
  ] as const) {
    const document = { kind: 'card', no: other.code, path: `/assets/${other.code}` }
    await record(tx, acting, { kind: 'card', id: card.id }, { action, comment, detail: { document } })
  }
}

function isPair(one: Pair, two: Pair) {
  const { first, second } = ordered(one, two)
  return and(
    eq(cardDistinctions.firstCardId, sql`${first.id}::bigint`),
    eq(cardDistinctions.secondCardId, sql`${second.id}::bigint`),
  )
}

function ordered<Of extends Pair>(one: Of, two: Of): { first: Of; second: Of } {
  return BigInt(one.id) < BigInt(two.id) ? { first: one, second: two } : { first: two, second: one }
}
