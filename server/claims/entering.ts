import type { Tx } from '../../db/client.ts'
import { claims } from '../../db/schema/claims.ts'
import { type EventDetail, events } from '../../db/schema/kernel.ts'
import { refuseEnded } from '../access/enterable.ts'
import { type Acting, changed, eventRow } from '../kernel/events.ts'
import { documentNumbers } from '../kernel/numbers.ts'
import { type ClaimValues, columnsOf } from './claim.ts'

/** A claim to enter, under an id that was reserved for it or a new one. */
export type Entry = { id?: string; unitId: string; values: ClaimValues; detail?: EventDetail }

/**
 * Enters claims that have been checked, a handful of statements for all of them, each with its event; their ids and numbers
 * come in the order of the entries.
 */
export async function insertClaims(
  tx: Tx,
  acting: Acting,
  entries: readonly Entry[],
  { action, effectiveOn = null }: { action: string; effectiveOn?: string | null },
): Promise<{ id: string; no: string }[]> {
  if (entries.length === 0) return []
  const { clock } = acting
  const units = entries.map(({ unitId }) => unitId)
  await refuseEnded(tx, units, 'unit', true)
  const { prefix, serial } = await documentNumbers(tx, 'ZQ', clock.today(), entries.length)
  const rows = entries.map(({ id, unitId, values }, at) => ({
    ...columnsOf(values),
    ...(id === undefined ? {} : { id }),
    ...{ unitId, no: `${prefix}${String(Number(serial) + at).padStart(4, '0')}` },
    ...{ createdAt: clock.now(), updatedAt: clock.now() },
  }))
  const made = await tx.insert(claims).overridingSystemValue().values(rows).returning({ id: claims.id, no: claims.no })
  const ids = new Map(made.map(({ id, no }) => [no, id]))
  const entered = rows.map(({ no }) => ({ no, id: ids.get(no) ?? '' }))
  await tx
    .insert(events)
    .values(
      entries.map(({ values, detail }, at) =>
        eventRow(
          acting,
          { kind: 'claim', id: entered[at]?.id ?? '' },
          { action, effectiveOn, detail: { ...detail, changes: changed({}, values) ?? {} } },
        ),
      ),
    )
  return entered
}
