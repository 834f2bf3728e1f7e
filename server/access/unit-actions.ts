import { desc, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { unitPeriods, units } from '../../db/schema/access.ts'
import { NotFound, RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, changed, record } from '../kernel/events.ts'
import { takeNumbers } from '../kernel/numbers.ts'
import { lockTree, refuseCircle, refuseUnfit } from './unit-rules.ts'
import { kindLetters, type UnitKind } from './units.ts'

export type Regime = 'government' | 'collective' | 'none'

export type NewUnit = {
  kind: UnitKind
  name: string
  divisionCode: string
  parentId?: string | null
  /** The unit that keeps its books; itself when left out and it has a regime. */
  entityId?: string | null
  regime?: Regime
  validFrom: string
}

/** Opens a unit with its first dated row; the code is its division, the letter of its kind and a serial. */
export async function openUnit(tx: Tx, acting: Acting, unit: NewUnit): Promise<{ id: string; code: string }> {
  if (unit.parentId) await refuseUnfit(tx, unit.parentId, 'parent', unit.validFrom)
  if (unit.entityId) await refuseUnfit(tx, unit.entityId, 'entity', unit.validFrom)
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

/** What a dated row holds; a key left out stays as it is. */
export type UnitChange = {
  name?: string
  parentId?: string | null
  divisionCode?: string
  entityId?: string | null
  validFrom: string
}

/**
 * Changes a unit's name, managing parent, location or accounting entity from a day on. Figures of earlier days keep the
 * old row. On the very day the present row began, that row is corrected instead, since none may last no day.
 */
export async function changeUnit(
  tx: Tx,
  acting: Acting,
  unitId: string,
  change: UnitChange,
  version?: number,
): Promise<void> {
  await lockTree(tx)
  const [unit] = await tx.select().from(units).where(eq(units.id, unitId)).for('update')
  const [present] = await tx
    .select()
    .from(unitPeriods)
    .where(eq(unitPeriods.unitId, unitId))
    .orderBy(desc(unitPeriods.validFrom))
    .limit(1)
  if (!unit || !present) throw new NotFound()
  if (unit.state === 'closed') throw new RuleBroken(`本单位已于 ${unit.closedOn} 撤销，情况不再变更。`)
  if (version !== undefined && unit.version !== version) throw new Stale()
  if (change.validFrom < present.validFrom) {
    const text = `本单位已登记从 ${present.validFrom} 起的情况，请填这一天或更晚的日期。`
    throw new RuleBroken([{ field: 'validFrom', text }])
  }
  const { id, ...old } = present
  const next = { ...old, ...change }
  const changes = changed(await described(tx, old), await described(tx, next))
  if (!changes) throw new RuleBroken('还没有改动：请改好名称、隶属、属地或核算单位再保存。')
  if (next.parentId !== null && next.parentId !== old.parentId) {
    await refuseUnfit(tx, next.parentId, 'parent', change.validFrom)
    await refuseCircle(tx, unitId, next.parentId, change.validFrom)
  }
  if (next.entityId !== null && next.entityId !== old.entityId) {
    await refuseUnfit(tx, next.entityId, 'entity', change.validFrom)
  }
  if (change.validFrom === present.validFrom) {
    await tx.update(unitPeriods).set(next).where(eq(unitPeriods.id, id))
  } else {
    await tx.update(unitPeriods).set({ validTo: change.validFrom }).where(eq(unitPeriods.id, id))
    await tx.insert(unitPeriods).values({ ...next, validTo: null })
  }
  await tx
    .update(units)
    .set({ version: sql`${units.version} + 1` })
    .where(eq(units.id, unitId))
  await record(
    tx,
    acting,
    { kind: 'unit', id: unitId },
    {
      action: Object.keys(changes).every((key) => key === 'name') ? 'unit.rename' : 'unit.move',
      effectiveOn: change.validFrom,
      detail: { changes },
    },
  )
}

/** Gives a unit another name from a day on; the old name stays searchable and is printed for figures before that day. */
export async function renameUnit(
  tx: Tx,
  acting: Acting,
  unitId: string,
  change: { name: string; validFrom: string },
): Promise<void> {
  await changeUnit(tx, acting, unitId, change)
}

/** Takes back the newest row of a unit that has not begun yet; the one before holds on. */
export async function withdrawChange(tx: Tx, acting: Acting, unitId: string, version?: number): Promise<string> {
  await lockTree(tx)
  const [unit] = await tx.select().from(units).where(eq(units.id, unitId)).for('update')
  const [newest, before] = await tx
    .select()
    .from(unitPeriods)
    .where(eq(unitPeriods.unitId, unitId))
    .orderBy(desc(unitPeriods.validFrom))
    .limit(2)
  if (!unit || !newest) throw new NotFound()
  if (newest.validFrom <= acting.clock.today() || !before) {
    throw new RuleBroken('没有还未生效的变动可以撤回；已经生效的，请另行变更。')
  }
  if (version !== undefined && unit.version !== version) throw new Stale()
  if (before.parentId !== null) await refuseCircle(tx, unitId, before.parentId, newest.validFrom)
  const changes = changed(await described(tx, newest), await described(tx, before))
  await tx.delete(unitPeriods).where(eq(unitPeriods.id, newest.id))
  await tx.update(unitPeriods).set({ validTo: null }).where(eq(unitPeriods.id, before.id))
  await tx
    .update(units)
    .set({ version: sql`${units.version} + 1` })
    .where(eq(units.id, unitId))
  await record(
    tx,
    acting,
    { kind: 'unit', id: unitId },
    { action: 'unit.withdraw', effectiveOn: newest.validFrom, detail: changes ? { changes } : {} },
  )
  return newest.validFrom
}

/** The row in words, so that its event still tells when the tree has moved on. */
async function described(
  tx: Tx,
  row: { name: string; parentId: string | null; divisionCode: string; entityId: string | null; validFrom: string },
) {
  const [words] = await tx.execute<{ parent: string | null; division: string | null; entity: string | null }>(sql`
    select
      (select name from unit_periods where unit_id = ${row.parentId}::bigint order by valid_from desc limit 1) as parent,
      (select name from unit_periods where unit_id = ${row.entityId}::bigint order by valid_from desc limit 1) as entity,
      (select name from divisions where code = ${row.divisionCode}) as division`)
  return {
    name: row.name,
    parent: words?.parent ?? null,
    division: words?.division ?? row.divisionCode,
    entity: words?.entity ?? null,
  }
}
