import { inArray, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { events } from '../../db/schema/kernel.ts'
import { type Telling, timeline } from '../kernel/timeline.ts'
import type { Card } from './card.ts'

/** The code of the card in which a spent code lives on, over as many merges as it takes; whether one may read it is not asked. */
export async function livingCode(tx: Tx, spent: string): Promise<string | undefined> {
  const [row] = await tx.execute<{ code: string }>(sql`
    with recursive onward as (
      select id, code, merged_into_id from cards where id = (select merged_into_id from cards where code = ${spent})
      union all
      select c.id, c.code, c.merged_into_id from onward o join cards c on c.id = o.merged_into_id
    )
    select code from onward where merged_into_id is null`)
  return row?.code
}

/** Cards into which a code that is spent now was merged; for searching by any code that stands on an old paper. */
export function withSpentCode(cardId: SQL, pattern: string): SQL {
  return sql`${cardId} in (
    with recursive onward as (
      select merged_into_id as id from cards where merged_into_id is not null and code like ${pattern}
      union
      select c.merged_into_id from onward o join cards c on c.id = o.id where c.merged_into_id is not null
    )
    select id from onward)`
}

/** Every card that has gone into this one, directly or through another. */
export async function mergedInto(tx: Tx, cardId: string): Promise<{ id: string; code: string; name: string }[]> {
  return tx.execute<{ id: string; code: string; name: string }>(sql`
    with recursive gone as (
      select id, code, name from cards where merged_into_id = ${cardId}
      union all
      select c.id, c.code, c.name from gone g join cards c on c.merged_into_id = g.id
    )
    select id::text as id, code, name from gone order by id`)
}

/** The history of a card together with that of the cards merged into it, whose lines say whose they are. */
export async function cardTimeline(tx: Tx, card: Card, sentences: Readonly<Record<string, string>>, telling: Telling) {
  const gone = await mergedInto(tx, card.id)
  const codes = new Map(gone.map(({ id, code }) => [id, code]))
  const rows = await tx
    .select()
    .from(events)
    .where(inArray(events.cardId, [card.id, ...codes.keys()]))
    .orderBy(events.at, events.id)
  const owners = rows.map(({ cardId }) => codes.get(cardId ?? '')).reverse()
  return timeline(rows, sentences, telling).map((line, index) => {
    const code = owners[index]
    return code ? { ...line, sentence: `${code}：${line.sentence}` } : line
  })
}
