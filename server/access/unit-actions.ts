import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { unitPeriods, units } from '../../db/schema/access.ts'
import { type Acting, record } from '../kernel/events.ts'
import { takeNumbers } from '../kernel/numbers.ts'
import { kindLetters, type UnitKind } from './units.ts'

export type NewUnit = {
  kind: UnitKind
  name: string
  divisionCode: string
  parentId?: string | null
  /** The unit that keeps its books; itself when left out and it has a regime. */
  entityId?: string | null
  regime?: 'government' | 'collective' | 'none'
  validFrom: string
}

/** Opens a unit with its first dated row; the code is its division, the letter of its kind and a serial. */
export async function openUnit(tx: Tx, acting: Acting, unit: NewUnit): Promise<{ id: string; code: string }> {
  const letter = kindLetters[unit.kind]
  const serial = await takeNumbers(tx, `unit ${unit.divisionCode}${letter}`)
  const code = `${unit.divisionCode}${letter}${String(serial).padStart(2, '0')}`
  const regime = unit.regime ?? 'none'
  const [row] = await tx
    .insert(units)
    .values({ code, kind: unit.kind, regime, createdAt: acting.clock.now() })
    .returning({ id: units.id, code: units.code })
  if (!row) throw new Error('the unit was not written')
  await tx.insert(unitPeriods).values({
    unitId: row.id,
    validFrom: unit.validFrom,
    name: unit.name,
    divisionCode: unit.divisionCode,
    parentId: unit.parentId ?? null,
    entityId: unit.entityId ?? (regime === 'none' ? null : row.id),
  })
  await record(
    tx,
    acting,
    { kind: 'unit', id: row.id },
    {
      action: 'unit.open',
      effectiveOn: unit.validFrom,
      detail: { name: unit.name, code },
    },
  )
  return row
}

/** Gives a unit another name from a day on; the old name stays searchable and is printed for figures before that day. */
export async function renameUnit(
  tx: Tx,
  acting: Acting,
  unitId: string,
  change: { name: string; validFrom: string },
): Promise<void> {
  const [open] = await tx
    .select()
    .from(unitPeriods)
    .where(and(eq(unitPeriods.unitId, unitId), isNull(unitPeriods.validTo)))
    .for('update')
  if (!open) throw new Error('the unit has no open period')
  await tx.update(unitPeriods).set({ validTo: change.validFrom }).where(eq(unitPeriods.id, open.id))
  const { id: _id, ...rest } = open
  await tx.insert(unitPeriods).values({ ...rest, name: change.name, validFrom: change.validFrom, validTo: null })
  await tx
    .update(units)
    .set({ version: sql`${units.version} + 1` })
    .where(eq(units.id, unitId))
  await record(
    tx,
    acting,
    { kind: 'unit', id: unitId },
    {
      action: 'unit.rename',
      effectiveOn: change.validFrom,
      detail: { changes: { name: { old: open.name, new: change.name } } },
    },
  )
}
