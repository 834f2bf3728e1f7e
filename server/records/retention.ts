import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { numberOn } from '../settings/settings.ts'
import { keptUntil } from './paper-kinds.ts'

type Row = {
  id: string
  title: string
  kind: string
  issued_on: string | null
  added_on: string
  cards: { disposedOn: string | null }[]
}

/** Papers out of use that no document rests on. What a document cites is never cleared away. */
const uncited = sql`p.withdrawn_at is not null
  and not exists (
    select from paper_links l left join determinations d on d.id = l.determination_id
    where l.paper_id = p.id and (l.restriction_id is not null or l.decision_id is not null
      or d.state not in ('draft', 'withdrawn')))`

/** The day from which a withdrawn paper need no longer be kept; null while it must stay, as things stand. */
export async function retentionOf(tx: Tx, paperId: string, today: string): Promise<string | null> {
  const [found] = await withEnd(tx, sql`p.id = ${paperId}`, today)
  return found?.until ?? null
}

/** Withdrawn papers whose time is over. */
export async function papersPastRetention(tx: Tx, today: string): Promise<{ id: string; title: string }[]> {
  const found = await withEnd(tx, sql`true`, today)
  return found.filter(({ until }) => until !== null && until <= today)
}

async function withEnd(tx: Tx, which: SQL, today: string) {
  const contractYears = await numberOn(tx, 'contractYears', today)
  const rows = await tx.execute<Row>(sql`
    select p.id, p.title, p.kind, p.issued_on::text as issued_on, (p.created_at at time zone 'Asia/Shanghai')::date::text as added_on,
      coalesce((
        select json_agg(json_build_object('disposedOn',
          case when c.voided then (c.updated_at at time zone 'Asia/Shanghai')::date when c.usage = 'disposed' then c.valid_from end))
        from paper_links l join cards c on c.id = l.card_id where l.paper_id = p.id), '[]'::json) as cards
    from papers p where ${uncited} and ${which} order by p.id`)
  return rows.map(({ id, title, kind, issued_on, added_on, cards }) => ({
    id,
    title,
    until: keptUntil({ kind, issuedOn: issued_on, addedOn: added_on, cards, contractYears }),
  }))
}
