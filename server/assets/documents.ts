import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { keyArray } from '../access/scope.ts'

/** By card, the first thing that speaks of it beside its own history: a document, a restriction, a paper, a card. */
export async function firstDocuments(tx: Tx, cardIds: readonly string[]): Promise<Map<string, string>> {
  if (cardIds.length === 0) return new Map()
  const rows = await tx.execute<{ id: string; what: string }>(sql`
    select distinct on (card_id) card_id::text as id, what from (
      select card_id, '事项 ' || document_no as what, 1 as place from holds
      union all
      select l.card_id, '权属界定 ' || d.no, 2 from determination_cards l join determinations d on d.id = l.determination_id
      union all
      select card_id, '限制登记 ' || no, 3 from restrictions
      union all
      select l.card_id, '材料「' || p.title || '」', 4 from paper_links l join papers p on p.id = l.paper_id
        where l.card_id is not null
      union all
      select merged_into_id, '并入的资产 ' || code, 5 from cards where merged_into_id is not null
    ) found where card_id = any(${keyArray(cardIds)}) order by card_id, place`)
  return new Map(rows.map(({ id, what }) => [String(id), what]))
}
