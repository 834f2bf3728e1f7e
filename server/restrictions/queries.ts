import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { restrictions } from '../../db/schema/restrictions.ts'
import { amongParties, within } from '../access/scope.ts'
import { unitsOn } from '../access/units.ts'
import { partLabel } from '../assets/parts.ts'
import type { CardPanel, CardUses } from '../assets/ports.ts'
import { doneBy } from '../kernel/act.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Acting } from '../kernel/events.ts'
import { keyset, type Place, paged, pageSize } from '../kernel/paging.ts'
import { paperPanel } from '../records/paper-queries.ts'
import { type Restriction, type RestrictionKind, restrictionKinds, restrictionWorkflow } from './workflow.ts'

/** The papers it rests on, as its page shows them. */
export const papersOfRestriction = (tx: Tx, actor: Actor, no: string) => paperPanel(tx, actor, 'restriction', no)

/** The document, when the actor reads for whoever owned the card then or owns it now; the present owner acts. */
export async function loadRestriction(tx: Tx, { actor, clock }: Acting, id: string): Promise<Restriction | undefined> {
  const [found] = await tx
    .select({ row: restrictions, card: cards })
    .from(restrictions)
    .innerJoin(cards, eq(cards.id, restrictions.cardId))
    .where(sql`${restrictions.id} = ${id} and ${readable(actor)}`)
  if (!found) return undefined
  const { row, card } = found
  const [owner] = await unitsOn(tx, clock.today(), sql`u.id = ${card.ownerUnitId}`)
  return {
    ...row,
    kind: row.kind as RestrictionKind,
    card: { id: card.id, code: card.code, name: card.name, owner: owner?.name ?? '' },
    extent: extentOf(row.partNos, card.parts),
    parties: { owner: [card.ownerKey] },
    doneBy: await doneBy(tx, { kind: 'restriction', id }),
  }
}

/** The id behind a number people see; undefined outside the actor's scope. */
export async function restrictionId(tx: Tx, actor: Actor, no: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: restrictions.id })
    .from(restrictions)
    .innerJoin(cards, eq(cards.id, restrictions.cardId))
    .where(sql`${restrictions.no} = ${no} and ${readable(actor)}`)
  return row?.id
}

export type RestrictionRow = {
  id: string
  no: string
  state: string
  kind: RestrictionKind
  code: string
  name: string
  parts: string
  body: string
  since: string
  lifted_on: string | null
  created_at: string
}

export async function listRestrictions(
  tx: Tx,
  actor: Actor,
  filter: { state?: string | undefined; kind?: string | undefined } & Place,
) {
  const order = { by: sql`r.created_at`, type: 'timestamptz', id: sql`r.id`, descending: true } as const
  const { where, orderBy } = keyset(order, filter)
  const rows = await tx.execute<RestrictionRow>(sql`
    select r.id, r.no, r.state, r.kind, c.code, c.name, array_to_string(r.part_nos, '、') as parts, r.body,
      r.since::text as since, r.lifted_on::text as lifted_on, r.created_at::text as created_at
    from restrictions r join cards c on c.id = r.card_id
    where (${amongParties(actor, sql`r.party_keys`)} or ${within(actor, sql`c.owner_key`)})
      and ${filter.state ? sql`r.state = ${filter.state}` : sql`true`}
      and ${filter.kind ? sql`r.kind = ${filter.kind}` : sql`true`} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageSize + 1}`)
  return paged([...rows], filter, (row) => ({ value: row.created_at, id: row.id }))
}

/** What the card's page says of restrictions on it; whoever reads the card reads them. */
export const restrictionsOfCard: CardPanel = async (tx, _actor, card) => {
  const rows = await tx
    .select()
    .from(restrictions)
    .where(eq(restrictions.cardId, card.id))
    .orderBy(sql`${restrictions.createdAt} desc, ${restrictions.id} desc`)
  if (rows.length === 0) return null
  return {
    title: '限制登记',
    rows: rows.map(({ no, state, kind, partNos, body, since }) => {
      const known = restrictionWorkflow.states[state as keyof typeof restrictionWorkflow.states]
      const note = `${restrictionKinds[kind as RestrictionKind]}，${extentOf(partNos, card.parts)}，${body}，自 ${since}`
      return { text: no, href: `/restrictions/${no}`, badge: known.label, tone: known.tone, note }
    }),
  }
}

/** What secures a debt or is disputed was written down for the card as it was then. */
export const restrictionUses: CardUses = (touched) => sql`
  select t.card_id, '限制登记 ' || x.no || ' 写到它' as reason, '/restrictions/' || x.no as path
  from (${touched}) t join restrictions x on x.card_id = t.card_id and x.updated_at >= t.since`

/** The parts by name; one that has left since by its number. */
function extentOf(partNos: readonly number[], parts: readonly { no: number; name: string }[]): string {
  if (partNos.length === 0) return '整项资产'
  return partNos
    .map((no) => {
      const part = parts.find((candidate) => candidate.no === no)
      return part ? partLabel(part) : `部位 ${no}`
    })
    .join('、')
}

function readable(actor: Actor) {
  return sql`(${amongParties(actor, restrictions.partyKeys)} or ${within(actor, cards.ownerKey)})`
}
