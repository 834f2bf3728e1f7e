import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { determinationCards, determinationClaimants, determinations } from '../../db/schema/determinations.ts'
import { amongParties } from '../access/scope.ts'
import { unitsOn } from '../access/units.ts'
import { blocking, holdReasons, holdsOn } from '../assets/holds.ts'
import type { CardPanel, CardUses } from '../assets/ports.ts'
import { doneBy } from '../kernel/act.ts'
import { type Actor, scopeKey, type Track } from '../kernel/actor.ts'
import { NotFound } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { keyset, type Place, paged, pageSize } from '../kernel/paging.ts'
import { addDays } from '../records/calendar.ts'
import { loadCalendar } from '../records/calendar-queries.ts'
import { countdown, soonDays } from '../records/countdown.ts'
import { decisionOn } from '../records/decision-queries.ts'
import { paperPanel, papersOn } from '../records/paper-queries.ts'
import { type Determination, determinationKind, determinationWorkflow } from './workflow.ts'

/** The whole document, when the actor reads for one of its parties. */
export async function loadDetermination(tx: Tx, acting: Acting, id: string): Promise<Determination | undefined> {
  const { actor, clock } = acting
  const [row] = await tx
    .select()
    .from(determinations)
    .where(sql`${determinations.id} = ${id} and ${amongParties(actor, determinations.partyKeys)}`)
  if (!row) return undefined
  const units = new Map((await unitsOn(tx, clock.today())).map((unit) => [unit.id, unit.name]))
  const name = (unitId: string | null) => (unitId === null ? null : (units.get(unitId) ?? unitId))
  const cards = await tx.execute<Determination['cards'][number] & { owner_unit_id: string }>(sql`
    select c.id, c.code, c.name, c.track, c.cost, c.owner_unit_id
    from ${determinationCards} dc join cards c on c.id = dc.card_id
    where dc.determination_id = ${id} order by c.id`)
  const holds = await holdsOn(
    tx,
    cards.map((card) => card.id),
  )
  const document = { kind: determinationKind, id, no: row.no }
  return {
    ...row,
    applicantName: name(row.applicantId) ?? '',
    proposedOwnerName: name(row.proposedOwnerId) ?? '',
    decidedOwnerName: name(row.decidedOwnerId),
    cards: cards.map((card) => ({ ...card, owner: name(card.owner_unit_id) ?? '' })),
    claimants: (
      await tx.select().from(determinationClaimants).where(eq(determinationClaimants.determinationId, id))
    ).map((claimant) => ({ ...claimant, name: name(claimant.unitId) ?? '' })),
    papers: (await papersOn(tx, 'determination', id)).filter(({ withdrawnAt }) => withdrawnAt === null),
    blocks: holdReasons('determine', blocking('determine', holds, document)),
    parties: { applicant: [scopeKey(row.applicantId, row.track as Track)] },
    doneBy: await doneBy(tx, { kind: 'determination', id }),
  }
}

/** The papers the document rests on, as its page shows them. */
export const papersOfDetermination = (tx: Tx, actor: Actor, no: string) => paperPanel(tx, actor, 'determination', no)
/** The document behind a number people see. */
export async function findDetermination(tx: Tx, acting: Acting, no: string): Promise<Determination> {
  const id = await determinationId(tx, acting.actor, no)
  const document = id === undefined ? undefined : await loadDetermination(tx, acting, id)
  if (!document) throw new NotFound()
  return document
}

/** The id behind a number people see; undefined outside the actor's scope. */
export async function determinationId(tx: Tx, actor: Actor, no: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: determinations.id })
    .from(determinations)
    .where(sql`${determinations.no} = ${no} and ${amongParties(actor, determinations.partyKeys)}`)
  return row?.id
}

export type DeterminationRow = {
  id: string
  no: string
  state: string
  track: string
  reason: string
  applicant: string
  cards: string
  created_at: string
  due_on: string | null
  due_unit: string | null
  recorded: boolean
}

export async function listDeterminations(
  tx: Tx,
  actor: Actor,
  filter: { state?: string | undefined; due?: string | undefined } & Place,
  today: string,
) {
  const order = { by: sql`x.created_at`, type: 'timestamptz', id: sql`x.id`, descending: true } as const
  const { where, orderBy } = keyset(order, filter)
  const rows = await tx.execute<DeterminationRow>(sql`
    select x.id, x.no, x.state, x.track, x.reason, p.name as applicant, x.created_at::text as created_at,
      (select count(*)::text from determination_cards dc where dc.determination_id = x.id) as cards,
      exists (select from decisions y where y.determination_id = x.id) as recorded, t.due_on::text as due_on, t.unit as due_unit
    from determinations x
    left join deadlines t on t.determination_id = x.id and t.met_on is null and t.cancelled_on is null
    join unit_periods p on p.unit_id = x.applicant_id and p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})
    where ${amongParties(actor, sql`x.party_keys`)} and ${filter.state ? sql`x.state = ${filter.state}` : sql`true`}
      and ${dueWithin(filter.due, today)} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageSize + 1}`)
  const calendar = await loadCalendar(tx)
  const page = paged([...rows], filter, (row) => ({ value: row.created_at, id: row.id }))
  return {
    ...page,
    rows: page.rows.map((row) => {
      const due = row.due_on && countdown(calendar, today, { dueOn: row.due_on, unit: row.due_unit })
      return { ...row, due: due ? { badge: due.text, tone: due.tone } : null }
    }),
  }
}

/** The record behind a decision of a body without an account; null where the county decided here. */
export async function recordedOn(tx: Tx, document: Determination) {
  return document.state === 'decided' ? decisionOn(tx, document.id) : null
}

export const dueFilters = [
  { value: 'late', label: '已逾期' },
  { value: 'soon', label: `${soonDays} 天内到期` },
]

function dueWithin(due: string | undefined, today: string) {
  if (due === 'late') return sql`t.due_on < ${today}`
  return due === 'soon' ? sql`t.due_on between ${today} and ${addDays(today, soonDays)}` : sql`true`
}

/** Documents whose next step is this actor's, for the workbench. */
export async function determinationsWaiting(tx: Tx, actor: Actor) {
  const turns = { draft: ['keeper'], submitted: ['lead'], reviewed: ['approver'] } as const
  const found = await Promise.all(
    Object.entries(turns).map(async ([state, wanted]) => {
      const keys = actor.grants
        .filter(({ role }) => (wanted as readonly string[]).includes(role))
        .flatMap(({ keys: own }) => [...own])
      const [row] = await tx.execute<{ count: number }>(sql`
        select count(*)::int as count from determinations
        where state = ${state} and applicant_id * 2 + (case when track = 'collective' then 1 else 0 end) = any(${`{${keys.join(',')}}`}::bigint[])`)
      return { state, count: row?.count ?? 0 }
    }),
  )
  return found
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => ({
      title: `权属界定：${determinationWorkflow.states[state as keyof typeof turns].label}`,
      href: `/determinations?state=${state}`,
      count,
      note: '',
    }))
}

/** What the card's page says of determinations that concern it. */
export const determinationsOfCard: CardPanel = async (tx, actor, card) => {
  const rows = await tx.execute<{ no: string; state: string; reason: string; recorded: boolean }>(sql`
    select x.no, x.state, x.reason, exists (select from decisions y where y.determination_id = x.id) as recorded, x.created_at::date::text as created_at
    from determinations x join determination_cards dc on dc.determination_id = x.id
    where dc.card_id = ${card.id} and ${amongParties(actor, sql`x.party_keys`)} order by x.created_at desc`)
  if (rows.length === 0) return null
  return {
    title: '权属界定',
    rows: rows.map(({ no, state, reason, recorded }) => {
      const known = determinationWorkflow.states[state as keyof typeof determinationWorkflow.states]
      return {
        text: no,
        href: `/determinations/${no}`,
        badge: recorded ? `${known.label}（代录）` : known.label,
        tone: known.tone,
        note: reason,
      }
    }),
  }
}

/** What was applied for after a moment concerns the card as it was then, however it ended. */
export const determinationUses: CardUses = (touched) => sql`
  select t.card_id, '权属界定 ' || d.no || ' 写到它' as reason, '/determinations/' || d.no as path
  from (${touched}) t join determination_cards l on l.card_id = t.card_id
  join determinations d on d.id = l.determination_id and d.updated_at >= t.since`
