import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importMappings } from '../../db/schema/imports.ts'
import { type Answers, answersOf, type Recalled, withAnswers } from '../../imports/answers.ts'
import type { Actor } from '../kernel/actor.ts'
import { NotFound, RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { keyset, type Place, paged, pageSize } from '../kernel/paging.ts'
import type { BatchRow, Reading } from './actions.ts'
import { allOfferedTo, isScoped } from './offers.ts'

const subject = { kind: 'topic', id: 'import mappings' } as const

export type MappingRow = typeof importMappings.$inferSelect

/** What people of the actor's unit decided for earlier files, to be looked up while a file is read. */
export function recallOf(tx: Tx, acting: Acting, target: string): (fingerprint: string) => Promise<Recalled | null> {
  return async (fingerprint) => {
    const [row] = await tx
      .update(importMappings)
      .set({ usedAt: acting.clock.now() })
      .where(and(ofUnit(acting.actor), eq(importMappings.target, target), eq(importMappings.fingerprint, fingerprint)))
      .returning()
    return row ? { answers: answersOf(row.answers), headers: row.headers } : null
  }
}

/** Keeps what was decided for the next file of the layout; words of earlier files stay known. */
export async function remember(tx: Tx, acting: Acting, batch: BatchRow, decided: Answers): Promise<void> {
  // What words mean for people's rights is decided every time, by who grants them.
  const answers = isScoped(batch.target) ? decided : { ...decided, values: {} }
  const { fingerprint, columns } = batch.reading as Reading
  const { clock, actor } = acting
  const key = and(ofUnit(actor), eq(importMappings.target, batch.target), eq(importMappings.fingerprint, fingerprint))
  const [known] = await tx.select().from(importMappings).where(key).for('update')
  const headers = columns.map(({ column, header }) => ({ column, header }))
  const kept = known ? { ...answers, values: withAnswers(answersOf(known.answers), answers).values } : answers
  const values = { name: batch.fileName, headers, answers: kept, updatedBy: actor.personId, updatedAt: clock.now() }
  if (!known) {
    await tx
      .insert(importMappings)
      .values({ ...values, target: batch.target, fingerprint, unitId: actor.unitId, createdAt: clock.now() })
    await record(tx, acting, subject, { action: 'mapping.remember', detail: { name: batch.fileName, batch: batch.no } })
    return
  }
  if (same(answersOf(known.answers), kept) && same(known.headers, headers)) return
  await tx
    .update(importMappings)
    .set({ ...values, version: sql`${importMappings.version} + 1` })
    .where(eq(importMappings.id, known.id))
  await record(tx, acting, subject, { action: 'mapping.change', detail: { name: batch.fileName, batch: batch.no } })
}

export async function listMappings(tx: Tx, actor: Actor, place: Place) {
  const order = { by: sql`m.updated_at`, type: 'timestamptz', id: sql`m.id`, descending: true } as const
  const { where, orderBy } = keyset(order, place)
  const rows = await tx.execute<{
    id: string
    name: string
    target: string
    headers: MappingRow['headers']
    person: string | null
    at: string
    used: string | null
  }>(sql`
    select m.id, m.name, m.target, m.headers, p.name as person, m.updated_at::text as at, m.used_at::text as used
    from import_mappings m left join people p on p.id = m.updated_by
    where m.unit_id is not distinct from ${actor.unitId}::bigint and m.target = any(${`{${allOfferedTo(actor).join(',')}}`}::text[])
      and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageSize + 1}`)
  return paged([...rows], place, (row) => ({ value: row.at, id: row.id }))
}

/** A mapping of the actor's unit, of what they may import. */
export async function findMapping(tx: Tx, actor: Actor, id: string): Promise<MappingRow> {
  const [row] = await tx
    .select()
    .from(importMappings)
    .where(and(ofUnit(actor), inArray(importMappings.target, [...allOfferedTo(actor)]), eq(importMappings.id, id)))
  if (!row) throw new NotFound()
  return row
}

export async function changeMapping(
  tx: Tx,
  acting: Acting,
  id: string,
  { version, answers }: { version: number; answers: Answers },
): Promise<void> {
  const row = await lockMapping(tx, acting, id, version)
  if (same(answersOf(row.answers), answers)) throw new RuleBroken('没有改动，不用保存。')
  await tx
    .update(importMappings)
    .set({
      answers,
      updatedBy: acting.actor.personId,
      updatedAt: acting.clock.now(),
      version: sql`${importMappings.version} + 1`,
    })
    .where(eq(importMappings.id, id))
  await record(tx, acting, subject, { action: 'mapping.change', detail: { name: row.name } })
}

export async function forgetMapping(tx: Tx, acting: Acting, id: string, version: number): Promise<void> {
  const row = await lockMapping(tx, acting, id, version)
  await tx.delete(importMappings).where(eq(importMappings.id, id))
  await record(tx, acting, subject, { action: 'mapping.forget', detail: { name: row.name } })
}

async function lockMapping(tx: Tx, acting: Acting, id: string, version: number): Promise<MappingRow> {
  await findMapping(tx, acting.actor, id)
  const [row] = await tx.select().from(importMappings).where(eq(importMappings.id, id)).for('update')
  if (!row || row.version !== version) throw new Stale()
  return row
}

function ofUnit({ unitId }: Actor) {
  return sql`${importMappings.unitId} is not distinct from ${unitId}::bigint`
}

/** Compared as they are stored, whatever the order of their keys. */
function same(one: unknown, other: unknown): boolean {
  const sorted = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value
  return JSON.stringify(one, sorted) === JSON.stringify(other, sorted)
}
