import type { Tx } from '../../db/client.ts'
import { restrictions } from '../../db/schema/restrictions.ts'
import { lockCard, mayKeep } from '../assets/actions.ts'
import type { Card } from '../assets/card.ts'
import { blocking, holdProblem, holdsOn, placeHolds, releaseHolds } from '../assets/holds.ts'
import { findCard } from '../assets/list.ts'
import type { Machine } from '../kernel/act.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { documentNumber } from '../kernel/numbers.ts'
import { loadRestriction } from './queries.ts'
import { mortgageProblems } from './rules.ts'
import { type Restriction, type RestrictionKind, restrictionKind, restrictionWorkflow } from './workflow.ts'

export type NewRestriction = {
  /** The card's code. */
  code: string
  kind: RestrictionKind
  /** None: the whole card. */
  partNos: readonly number[]
  body: string
  documentNo: string | null
  since: string
  reason: string
}

/** Records a mortgage or a dispute; from now on it holds the card, or the parts it names. */
export async function recordRestriction(
  tx: Tx,
  acting: Acting,
  { code, partNos, ...given }: NewRestriction,
): Promise<{ id: string; no: string }> {
  const card = await keptCard(tx, acting, code)
  if (card.voided || card.usage === 'disposed')
    throw new RuleBroken('已处置或已作废的资产不能登记限制，请核对资产编号。')
  const unknown = partNos.find((no) => !card.parts.some((part) => part.no === no))
  if (unknown !== undefined) throw new RuleBroken(`这张卡片上没有部位 ${unknown}，请重新打开页面再选。`)
  if (given.kind === 'mortgaged') {
    const held = blocking('restrict', await holdsOn(tx, [card.id]), undefined, partNos.length > 0 ? partNos : undefined)
    const landUse = card.details.landUse ?? null
    const problems = [...mortgageProblems({ ...card, landUse }), ...held.map((hold) => holdProblem('restrict', hold))]
    if (problems.length > 0) throw new RuleBroken(problems)
  }
  const { clock } = acting
  const no = await documentNumber(tx, 'XZ', clock.today())
  const [row] = await tx
    .insert(restrictions)
    .values({
      ...given,
      no,
      cardId: card.id,
      partNos: [...partNos],
      partyKeys: [card.ownerKey],
      createdAt: clock.now(),
      updatedAt: clock.now(),
    })
    .returning({ id: restrictions.id })
  if (!row) throw new Error('the restriction was not written')
  const subject = { kind: 'restriction', id: row.id } as const
  await record(tx, acting, subject, { action: 'restriction.record', toState: 'in_force', effectiveOn: given.since })
  await placeHolds(tx, acting, [{ cardId: card.id, parts: partNos }], given.kind, holder({ id: row.id, no }))
  return { id: row.id, no }
}

/** The number was typed: what is not there to keep is a mistake in it. */
async function keptCard(tx: Tx, { actor }: Acting, code: string): Promise<Card> {
  const found = await findCard(tx, actor, code)
  if (found && mayKeep(actor, found)) return lockCard(tx, actor, code)
  throw new RuleBroken([{ field: 'card', text: `台账中没有您经办的资产 ${code}，请核对编号。` }])
}

export const restrictionMachine: Machine<Restriction, typeof restrictions> = {
  workflow: restrictionWorkflow,
  subject: 'restriction',
  table: restrictions,
  load: loadRestriction,
  effects: {
    lift: async (tx, acting, document, { liftedBy, liftedOn }) => {
      if (!liftedBy || !liftedOn) throw new RuleBroken('请写明解除方和解除日期。')
      if (liftedOn < document.since) {
        throw new RuleBroken([{ field: 'liftedOn', text: `解除日期不能早于起始日期 ${document.since}，请改正。` }])
      }
      await releaseHolds(tx, acting, holder(document))
      return { effectiveOn: liftedOn, patch: { liftedBy, liftedOn } }
    },
  },
}

function holder({ id, no }: { id: string; no: string }) {
  return { kind: restrictionKind, id, no, path: `/restrictions/${no}` }
}
