import type { Tx } from '../../db/client.ts'
import type { determinations } from '../../db/schema/determinations.ts'
import { settleOwnership } from '../assets/actions.ts'
import { releaseHolds } from '../assets/holds.ts'
import type { Effect } from '../kernel/act.ts'
import { scopeKey, type Track } from '../kernel/actor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import type { Values } from '../kernel/forms.ts'
import { type Determination, determinationKind } from './workflow.ts'

/** Puts the decision on the cards: owner and track from its day on, the holds released. */
export async function settle(
  tx: Tx,
  acting: Acting,
  document: Determination,
  values: Values,
): Promise<Effect<typeof determinations> & { patch: { partyKeys: string[] } }> {
  const { decidedOwner, decidedTrack, decidingBody, documentNo, decidedOn } = values
  if (!decidedOwner || !decidedTrack || !decidingBody || !documentNo || !decidedOn) {
    throw new RuleBroken('请写全界定结果：权属单位、资产属性、界定机关、文号和日期。')
  }
  await releaseHolds(tx, acting, holder(document))
  const { kind, no, path } = holder(document)
  await settleOwnership(
    tx,
    acting,
    cardIds(document),
    { ownerUnitId: decidedOwner, track: decidedTrack as Track },
    { effectiveOn: decidedOn, detail: { document: { kind, no, path } } },
  ).catch(atDecision)
  const keys = [scopeKey(decidedOwner, decidedTrack as Track)]
  return {
    effectiveOn: decidedOn,
    patch: {
      decidedOwnerId: decidedOwner,
      decidedTrack,
      decidingBody,
      documentNo,
      decidedOn,
      partyKeys: [...new Set([...Object.values(document.parties).flat(), ...readersOf(document), ...keys])],
    },
  }
}

export function cardIds(document: Determination): string[] {
  return document.cards.map(({ id }) => id)
}

export function holder({ id, no }: Determination) {
  return { kind: determinationKind, id, no, path: `/determinations/${no}` }
}

/** A card's effective day is the decision's day on this form. */
function atDecision(error: unknown): never {
  if (!(error instanceof RuleBroken)) throw error
  throw new RuleBroken(
    error.problems.map(({ field, text }) =>
      field === 'effectiveOn' ? { field: 'decidedOn', text: text.replace('生效日期', '界定日期') } : { field, text },
    ),
  )
}

function readersOf(document: Determination): string[] {
  return [
    scopeKey(document.proposedOwnerId, document.proposedTrack as Track),
    ...document.claimants.flatMap(({ unitId }) => [scopeKey(unitId, 'state'), scopeKey(unitId, 'collective')]),
  ]
}
