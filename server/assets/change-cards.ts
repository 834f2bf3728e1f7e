import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { EventDetail } from '../../db/schema/kernel.ts'
import { assignments } from '../../db/sql.ts'
import { type Acting, changed } from '../kernel/events.ts'
import { type Effect, refuseFuture } from './actions.ts'
import { type Card, type CardValues, valuesOf } from './card.ts'
import { columnsFrom } from './card-sql.ts'
import { following, partChanges } from './parts.ts'
import { keepVersions } from './versions.ts'

/** A locked card with its next state, and what its event tells besides the difference. */
export type CardChange = { card: Card; values: CardValues; parts?: Card['parts']; detail?: EventDetail }

/** Cards per statement: their values go as one text. */
const portion = 1000

/**
 * Gives many locked cards their next states, a handful of statements for a thousand: each as `changeCard` gives it to one.
 * Cards that do not differ are left; how many did. A card whose last change is later than the day takes effect on that day.
 */
export async function changeCards(
  tx: Tx,
  acting: Acting,
  changes: readonly CardChange[],
  effect: Omit<Effect, 'always'>,
): Promise<number> {
  refuseFuture(effect.effectiveOn, acting.clock.today())
  const differing = changes.flatMap(({ card, values: next, parts = card.parts, detail }) => {
    const values = following(next, parts)
    const told = { ...changed(valuesOf(card), values), ...partChanges(card.parts, parts) }
    if (Object.keys(told).length === 0) return []
    const day = card.validFrom > effect.effectiveOn ? card.validFrom : effect.effectiveOn
    const own = { ...effect.detail, ...detail, changes: told }
    return [{ day, change: { id: card.id, values, parts, keys: Object.keys(told), detail: own } }]
  })
  for (const [effectiveOn, part] of Map.groupBy(differing, ({ day }) => day)) {
    for (let from = 0; from < part.length; from += portion) {
      const some = part.slice(from, from + portion).map(({ change }) => change)
      await apply(tx, acting, some, { ...effect, effectiveOn })
    }
  }
  return differing.length
}

type Change = { id: string; values: CardValues; parts: Card['parts']; keys: string[]; detail: EventDetail }

async function apply(tx: Tx, acting: Acting, changes: readonly Change[], effect: Effect): Promise<void> {
  const now = acting.clock.now()
  const rows = sql`(select (e ->> 'id')::bigint as id, e -> 'values' as "values", e -> 'parts' as parts, e -> 'keys' as keys,
    e -> 'detail' as detail from jsonb_array_elements(${JSON.stringify(changes)}::jsonb) e) r`
  await keepVersions(tx, acting, {
    happening: { action: effect.action, effectiveOn: effect.effectiveOn, comment: effect.comment ?? null },
    cards: sql`select r.id as card_id, r.detail from ${rows}`,
    now,
  })
  const columns = {
    ...columnsFrom(sql`r."values"`),
    parts: sql`r.parts`,
    // How a value was written once says nothing of the one that took its place.
    written: sql`c.written - array(select jsonb_array_elements_text(r.keys))`,
    valid_from: sql`${effect.effectiveOn}::date`,
    version: sql`c.version + 1`,
    updated_at: sql`${now.toISOString()}::timestamptz`,
  }
  await tx.execute(sql`update cards c set ${assignments(columns)} from ${rows} where c.id = r.id`)
}
