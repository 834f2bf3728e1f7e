import type { Tx } from '../../db/client.ts'
import { resolutions } from '../../db/schema/notices.ts'
import { scopeKey, type Track } from '../kernel/actor.ts'
import { type Acting, record } from '../kernel/events.ts'
import { documentNumber } from '../kernel/numbers.ts'
import { type Matter, ruleOn, shortcomings } from './quorum-rules.ts'
import type { ResolutionValues } from './resolution-form.ts'

export type NewResolution = ResolutionValues & {
  matter: Matter
  unitId: string
  track: Track
  /** The document it was made on. */
  about: { kind: 'count'; id: string; no: string; path: string }
}

export type Recorded = { id: string; no: string; passed: boolean; reasons: readonly string[]; unruled: boolean }

/**
 * Writes down what a body resolved and what the law of that day makes of it. One that did not pass is kept as such: a
 * statute decides, nobody overrides it. Where no law had a rule yet, the vote of those present decides, and it is said so.
 */
export async function recordResolution(
  tx: Tx,
  acting: Acting,
  { about, ...resolution }: NewResolution,
): Promise<Recorded> {
  const { clock, actor } = acting
  const rule = ruleOn(resolution.bodyKind, resolution.heldOn)
  const reasons = rule ? shortcomings(rule, resolution, resolution) : []
  const passed = rule ? reasons.length === 0 : resolution.inFavour * 2 > resolution.present
  const no = await documentNumber(tx, 'JY', clock.today())
  const [row] = await tx
    .insert(resolutions)
    .values({
      ...resolution,
      no,
      [`${about.kind}Id`]: about.id,
      passed,
      rule: rule?.key ?? 'none',
      recordedBy: actor.personId,
      recordedAt: clock.now(),
      partyKeys: [scopeKey(resolution.unitId, resolution.track)],
    })
    .returning({ id: resolutions.id })
  if (!row) throw new Error('the resolution was not written')
  const { kind, no: aboutNo, path } = about
  await record(
    tx,
    acting,
    { kind: 'resolution', id: row.id },
    {
      action: 'resolution.record',
      effectiveOn: resolution.heldOn,
      detail: { document: { kind, no: aboutNo, path }, passed },
    },
  )
  return { id: row.id, no, passed, reasons, unruled: rule === undefined }
}
