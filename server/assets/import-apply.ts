import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { assignments, list, names } from '../../db/sql.ts'
import { resolvedState, resolvedText } from '../../imports/resolved.ts'
import type { Batch } from '../../imports/target.ts'
import type { Watch } from '../../imports/watch.ts'
import { refuseEnded } from '../access/enterable.ts'
import { mayEnter, type Track } from '../kernel/actor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, eventColumns } from '../kernel/events.ts'
import { takeNumbers } from '../kernel/numbers.ts'
import { refuseFuture } from './actions.ts'
import { columnsFrom } from './card-sql.ts'
import { blocking, holdSentence, holdsOn } from './holds.ts'
import { keepVersions } from './versions.ts'

/**
 * Makes the new and changed rows of a batch so, whatever their number in a handful of statements: cards, versions and one
 * event each, in the order of the file. The rows have been judged in this transaction.
 */
export async function applyBatch(tx: Tx, acting: Acting, county: string, batch: Batch, watch: Watch): Promise<void> {
  refuseFuture(batch.effectiveOn, acting.clock.today())
  await refuseOwners(tx, acting, batch)
  await changeCards(tx, acting, batch, watch)
  await enterCards(tx, acting, county, batch, watch)
}

const rowsOf = (batch: Batch, status: 'new' | 'changed') => sql`r.batch_id = ${batch.id} and r.status = ${status}`

/** How the file wrote what is taken from it. */
const writtenOf = sql`(r.written - array(select jsonb_object_keys(r.edits)))`
/** Rows in their order with what they would be stored as, put together once for all the columns taken from it. */
const statesOf = (batch: Batch, status: 'new' | 'changed') =>
  sql`(select r.*, ${resolvedState} as state from import_rows r where ${rowsOf(batch, status)}
    order by r.block, r.row offset 0)`

/** The document that brought a card, and the row of it. */
export const detailOf = ({ no }: Batch) => sql`jsonb_build_object('document',
  jsonb_build_object('kind', 'import', 'no', ${no}::text, 'path', ${`/imports/${no}`}::text), 'row', r.row)`

/** Who commits need not be who looked: both enter only for units of theirs, and none that has ended since. */
async function refuseOwners(tx: Tx, { actor }: Acting, batch: Batch): Promise<void> {
  const named = await tx.execute<{ status: string; owner: string; user: string | null }>(sql`
    select distinct r.status, ${resolvedText('ownerUnit')} as owner,
      case when r.status = 'new' or r.changes ? 'usingUnit' then ${resolvedText('usingUnit')} end as user
    from import_rows r where r.batch_id = ${batch.id} and r.status in ('new', 'changed')`)
  const foreign = named.find(({ owner }) => !mayEnter(actor, owner, batch.track as Track))
  if (foreign) throw new RuleBroken('表里有您不经办的单位的资产，请由经办人导入。')
  const fresh = named.filter(({ status }) => status === 'new')
  await refuseEnded(
    tx,
    fresh.map(({ owner }) => owner),
    'ownerUnit',
    true,
  )
  await refuseEnded(
    tx,
    named.map(({ user }) => user),
    'usingUnit',
  )
}

async function enterCards(tx: Tx, acting: Acting, county: string, batch: Batch, watch: Watch): Promise<void> {
  const [found] = await tx.execute<{ count: number }>(
    sql`select count(*)::int as count from import_rows r where ${rowsOf(batch, 'new')}`,
  )
  if (!found || found.count === 0) return
  watch.signal.throwIfAborted()
  watch.progress({ phase: '正在记录变动', rows: 0, of: found.count })
  // Cards come last: until they are committed, every list that shows the newest first has to pass them over.
  const events = eventColumns(acting, { action: 'card.import', effectiveOn: batch.effectiveOn })
  await tx.execute(sql`
    insert into events (${names([...Object.keys(events), 'card_id', 'detail'])})
    select ${list([...Object.values(events), sql`r.entry_id`, detailOf(batch)])}
    from import_rows r where ${rowsOf(batch, 'new')} order by r.block, r.row`)
  watch.signal.throwIfAborted()
  watch.progress({ phase: '正在写入台账', rows: 0, of: found.count })
  const first = await takeNumbers(tx, 'card', found.count)
  const now = acting.clock.now()
  const columns = columnsFrom(sql`r.state`)
  const values = {
    ...columns,
    id: sql`r.entry_id`,
    code: sql`${county}::text || lpad((${first.toString()}::bigint - 1 + row_number() over (order by r.block, r.row))::text, 8, '0')`,
    extra: sql`r.extra || r.unplaced`,
    written: writtenOf,
    values_on: sql`${batch.effectiveOn}::date`,
    valid_from: sql`${batch.effectiveOn}::date`,
    created_at: sql`${now.toISOString()}::timestamptz`,
    updated_at: sql`${now.toISOString()}::timestamptz`,
  }
  await tx.execute(sql`
    insert into cards (${names(Object.keys(values))}) overriding system value
    select ${list(Object.values(values))}
    from ${statesOf(batch, 'new')} r order by r.block, r.row`)
}

async function changeCards(tx: Tx, acting: Acting, batch: Batch, watch: Watch): Promise<void> {
  const locked = await tx.execute<{ id: string; code: string; row: number; moved: boolean }>(sql`
    select c.id::text as id, c.code, r.row, c.version <> r.entry_version as moved
    from import_rows r join cards c on c.id = r.entry_id where ${rowsOf(batch, 'changed')}
    order by c.id for update of c`)
  if (locked.length === 0) return
  watch.progress({ phase: '正在更新卡片', rows: 0, of: locked.length })
  const moved = locked.find((card) => card.moved)
  // Someone saved between matching and this lock: what the row was compared with is no longer what is stored.
  if (moved) {
    throw new RuleBroken(`第 ${moved.row} 行对应的资产 ${moved.code} 刚被别人改过，台账没有改动，请再点一次导入。`)
  }
  await refuseHeld(tx, locked)
  const now = acting.clock.now()
  const changes = sql`(select jsonb_object_agg(k, v) from jsonb_each(r.changes) e (k, v) where k not like 'extra.%')`
  const extras = sql`(select jsonb_object_agg(k, v) from jsonb_each(r.changes) e (k, v) where k like 'extra.%')`
  const detail = sql`${detailOf(batch)}
    || case when ${extras} is null then '{}' else jsonb_build_object('extras', ${extras}) end
    || case when ${changes} is null then '{}' else jsonb_build_object('changes', ${changes}) end`
  await keepVersions(tx, acting, {
    happening: { action: 'card.reimport', effectiveOn: batch.effectiveOn },
    cards: sql`select r.entry_id as card_id, ${detail} as detail from import_rows r where ${rowsOf(batch, 'changed')}`,
    now,
  })
  const columns: Record<string, SQL> = {
    ...columnsFrom(sql`r.state`),
    // What the card says itself is no extra field of it.
    extra: sql`c.extra || coalesce((select jsonb_object_agg(substr(k, 7), v -> 'new')
      from jsonb_each(r.changes) e (k, v) where k like 'extra.%'), '{}')`,
    written: sql`(c.written - array(select jsonb_object_keys(r.changes))) || ${writtenOf}`,
    values_on: sql`case when r.changes ?| array['cost', 'depreciation', 'netValue'] then ${batch.effectiveOn}::date else c.values_on end`,
    valid_from: sql`${batch.effectiveOn}::date`,
    version: sql`c.version + 1`,
    updated_at: sql`${now.toISOString()}::timestamptz`,
  }
  await tx.execute(sql`
    update cards c set ${assignments(columns)}
    from ${statesOf(batch, 'changed')} r where r.entry_id = c.id`)
}

/** A hold leaves the version as it is. */
async function refuseHeld(tx: Tx, locked: readonly { id: string; code: string; row: number }[]): Promise<void> {
  for (let from = 0; from < locked.length; from += 1000) {
    const part = locked.slice(from, from + 1000)
    const held = await holdsOn(
      tx,
      part.map(({ id }) => id),
    )
    for (const { id, code, row } of part) {
      const [block] = blocking(
        'edit',
        held.filter(({ cardId }) => cardId === id),
      )
      if (block) throw new RuleBroken(`第 ${row} 行对应的资产 ${code} ${holdSentence('edit', block)}`)
    }
  }
}
