import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { determinationCards, determinationClaimants, determinations } from '../../db/schema/determinations.ts'
import { placeHolds, releaseHolds } from '../assets/holds.ts'
import type { Machine } from '../kernel/act.ts'
import { holds, scopeKey, type Track } from '../kernel/actor.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { documentNumber } from '../kernel/numbers.ts'
import { withClocks } from './clocks.ts'
import { loadDetermination } from './queries.ts'
import { recordResult } from './recorded.ts'
import { cardIds, holder, settle } from './settle.ts'
import { type Determination, determinationWorkflow } from './workflow.ts'

export type Draft = {
  cards: readonly { id: string; code: string; ownerUnitId: string; track: Track }[]
  reason: string
  proposedOwnerId: string
  proposedTrack: Track
  claimants: readonly { unitId: string; claim: string }[]
}

/** Drafts a determination over cards of one owner and one track. */
export async function draftDetermination(tx: Tx, acting: Acting, draft: Draft): Promise<{ id: string; no: string }> {
  const applicant = applicantOf(acting, draft)
  const { clock } = acting
  const no = await documentNumber(tx, 'QD', clock.today())
  const [row] = await tx
    .insert(determinations)
    .values({ ...columnsOf(draft, applicant), no, createdAt: clock.now(), updatedAt: clock.now() })
    .returning({ id: determinations.id })
  if (!row) throw new Error('the determination was not written')
  await writeLines(tx, row.id, draft)
  await record(tx, acting, { kind: 'determination', id: row.id }, { action: 'determination.draft', toState: 'draft' })
  return { id: row.id, no }
}

/** Rewrites a draft as a whole; what was submitted before stays in its events. */
export async function redraftDetermination(
  tx: Tx,
  acting: Acting,
  id: string,
  version: number,
  draft: Draft,
): Promise<void> {
  await tx.select({ id: determinations.id }).from(determinations).where(eq(determinations.id, id)).for('update')
  const document = await loadDetermination(tx, acting, id)
  if (!document) throw new NotFound()
  if (document.version !== version) throw new Stale()
  if (document.state !== 'draft') throw new RuleBroken('只有草稿可以修改；已提交的请先退回或撤回。')
  const applicant = applicantOf(acting, draft)
  await tx
    .update(determinations)
    .set({ ...columnsOf(draft, applicant), version: sql`${determinations.version} + 1`, updatedAt: acting.clock.now() })
    .where(eq(determinations.id, id))
  for (const table of [determinationCards, determinationClaimants]) {
    await tx.delete(table).where(eq(table.determinationId, id))
  }
  await writeLines(tx, id, draft)
  await record(tx, acting, { kind: 'determination', id }, { action: 'determination.redraft' })
}

/** The document with its table and what its steps do to cards and holds. */
export const determinationMachine: Machine<Determination, typeof determinations> = {
  workflow: determinationWorkflow,
  subject: 'determination',
  table: determinations,
  load: loadDetermination,
  effects: withClocks({
    submit: async (tx, acting, document) => {
      await placeHolds(
        tx,
        acting,
        cardIds(document).map((cardId) => ({ cardId })),
        'undetermined',
        holder(document),
      )
      return undefined
    },
    return: release,
    object: release,
    withdraw: release,
    decide: settle,
    record: recordResult,
  }),
}

async function release(tx: Tx, acting: Acting, document: Determination) {
  await releaseHolds(tx, acting, holder(document))
  return undefined
}

function applicantOf(acting: Acting, { cards }: Draft): { unitId: string; track: Track } {
  const [first] = cards
  if (!first) throw new RuleBroken([{ field: 'cards', text: '请写明要界定的资产。' }])
  if (cards.some((card) => card.ownerUnitId !== first.ownerUnitId || card.track !== first.track)) {
    throw new RuleBroken([{ field: 'cards', text: '一份界定只列同一单位、同一属性的资产，请分开办理。' }])
  }
  if (!holds(acting.actor, ['keeper', 'lead'], scopeKey(first.ownerUnitId, first.track))) throw new Forbidden()
  return { unitId: first.ownerUnitId, track: first.track }
}

function columnsOf(draft: Draft, applicant: { unitId: string; track: Track }) {
  return {
    applicantId: applicant.unitId,
    track: applicant.track,
    reason: draft.reason,
    proposedOwnerId: draft.proposedOwnerId,
    proposedTrack: draft.proposedTrack,
    partyKeys: [
      ...new Set([
        scopeKey(applicant.unitId, applicant.track),
        scopeKey(draft.proposedOwnerId, draft.proposedTrack),
        ...draft.claimants.flatMap(({ unitId }) => [scopeKey(unitId, 'state'), scopeKey(unitId, 'collective')]),
      ]),
    ],
  }
}

async function writeLines(tx: Tx, determinationId: string, { cards, claimants }: Draft): Promise<void> {
  await tx.insert(determinationCards).values(cards.map(({ id: cardId }) => ({ determinationId, cardId })))
  if (claimants.length > 0) {
    await tx.insert(determinationClaimants).values(claimants.map((claimant) => ({ determinationId, ...claimant })))
  }
}
