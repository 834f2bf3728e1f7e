import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { list, names, namesOf } from '../../db/sql.ts'
import { type Acting, eventColumns, type Happening } from '../kernel/events.ts'
import { stateColumns } from './card-sql.ts'

/**
 * Keeps the present state of many locked cards as a version each, with the event that supersedes it. `cards` is a query
 * of card_id and detail; the caller gives the cards their next state in the same transaction, at the same moment `now`.
 */
export async function keepVersions(
  tx: Tx,
  acting: Acting,
  { happening, cards, now }: { happening: Happening & { effectiveOn: string }; cards: SQL; now: Date },
): Promise<void> {
  const events = eventColumns(acting, happening)
  await tx.execute(sql`
    with told as (
      insert into events (${names([...Object.keys(events), 'card_id', 'detail'])})
      select ${list([...Object.values(events), sql`s.card_id`, sql`s.detail`])} from (${cards}) s
      returning id, card_id)
    insert into card_versions (${names([...stateColumns, 'card_id', 'valid_to', 'recorded_at', 'superseded_at', 'event_id'])})
    select ${namesOf(sql`c`, stateColumns)}, c.id, ${happening.effectiveOn}::date, c.updated_at, ${now.toISOString()}::timestamptz, t.id
    from told t join cards c on c.id = t.card_id`)
}
