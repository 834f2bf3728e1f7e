import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { assignments, columnsOf } from '../../db/sql.ts'
import type { Batch, KeptRow, Stretch, UndoCounts, UndoVerbs } from '../../imports/target.ts'
import type { Watch } from '../../imports/watch.ts'
import { RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { mayKeep } from './actions.ts'
import { stateColumns } from './card-sql.ts'
import { detailOf } from './import-apply.ts'
import { judged } from './import-uses.ts'
import type { CardUses } from './ports.ts'
import { keepVersions } from './versions.ts'

/**
 * Takes an import of cards back, whatever their number in a handful of statements: new cards are voided, changed ones
 * get back the state before, and what something else has made use of since is kept.
 */
export function undoOfCards(acting: Acting, uses: readonly CardUses[]): UndoVerbs<Tx> {
  return {
    survey: (tx, batch, stretch) => survey(tx, batch, uses, stretch),
    revert: (tx, batch, reason, watch) => revert(tx, acting, batch, uses, reason, watch),
    kept: (tx, batch, stretch) => keptRows(tx, batch, stretch),
  }
}

async function survey(tx: Tx, batch: Batch, uses: readonly CardUses[], { skip, most }: Stretch) {
  const [found] = await tx.execute<{ counts: UndoCounts; kept: KeptRow[] }>(sql`
    with judged as materialized (${judged(batch, uses)})
    select jsonb_build_object('voided', count(*) filter (where reason is null and status = 'new'),
        'restored', count(*) filter (where reason is null and status = 'changed'),
        'kept', count(*) filter (where reason is not null)) as counts,
      (select coalesce(jsonb_agg(jsonb_build_object('row', k.row, 'name', c.code || ' ' || c.name,
          'href', '/assets/' || c.code, 'reason', k.reason, 'reasonHref', k.path) order by k.block, k.row), '[]')
        from (select * from judged where reason is not null order by block, row offset ${skip}::int limit ${most}::int) k
        join cards c on c.id = k.card_id) as kept
    from judged`)
  if (!found) throw new Error('nothing was counted')
  return found
}

async function keptRows(tx: Tx, batch: Batch, { skip, most }: Stretch): Promise<KeptRow[]> {
  return tx.execute<KeptRow>(sql`
    select r.row, c.code || ' ' || c.name as name, '/assets/' || c.code as href, r.kept as reason, null as "reasonHref"
    from import_rows r join cards c on c.id = r.entry_id
    where r.batch_id = ${batch.id} and r.kept is not null
    order by r.block, r.row offset ${skip}::int limit ${most}::int`)
}

async function revert(
  tx: Tx,
  acting: Acting,
  batch: Batch,
  uses: readonly CardUses[],
  reason: string,
  watch: Watch,
): Promise<UndoCounts> {
  const step = (phase: string, share: number) => {
    watch.signal.throwIfAborted()
    watch.progress({ phase, rows: 0, of: null, share })
  }
  step('正在核对后来的使用', 0)
  await lock(tx, batch)
  await tx.execute(sql`
    update import_rows r set kept = j.reason from (${judged(batch, uses)}) j where r.id = j.row_id and j.reason is not null`)
  const groups = await groupsOf(tx, batch)
  const taken = groups.filter(({ kept }) => !kept)
  if (taken.length === 0) {
    throw new RuleBroken('这批资产导入后都已有变动或被其他事项用到，不能撤销，请逐张处理。')
  }
  refuseForeign(acting, taken)
  const now = acting.clock.now()
  // One day, but for cards on which a later batch has been undone before: they cannot change before its day again.
  for (const day of [...new Set(taken.map((group) => group.day))].sort()) {
    step('正在作废新增的卡片', 0.2)
    await voidCards(tx, acting, batch, { day, reason, now })
    step('正在恢复变更的卡片', 0.5)
    await restoreCards(tx, acting, batch, { day, reason, now })
  }
  const count = (among: readonly Group[]) => among.reduce((sum, group) => sum + group.count, 0)
  return {
    voided: count(taken.filter(({ status }) => status === 'new')),
    restored: count(taken.filter(({ status }) => status === 'changed')),
    kept: count(groups.filter(({ kept }) => kept)),
  }
}

type Turn = { day: string; reason: string; now: Date }

const touchedRows = (batch: Batch) => sql`r.batch_id = ${batch.id} and r.status in ('new', 'changed')`
const reversed = (batch: Batch) => sql`${touchedRows(batch)} and r.kept is null`
const dayOf = (batch: Batch, card = sql`c`) => sql`greatest(${card}.valid_from, ${batch.effectiveOn}::date)`

/** Nobody changes or uses these cards from here on, nor closes a unit that gets its cards back. */
async function lock(tx: Tx, batch: Batch): Promise<void> {
  await tx.execute(sql`
    select count(*) from (
      select from import_rows r join cards c on c.id = r.entry_id where ${touchedRows(batch)} order by c.id for update of c) l`)
  await tx.execute(sql`
    select count(*) from (
      select from units where id in (
        select v.user_unit_id from import_rows r join card_versions v on v.card_id = r.entry_id and v.version = r.entry_version
        where ${touchedRows(batch)}) order by id for key share) l`)
}

/** Touched rows that are alike in whose they are, what becomes of them and on which day. */
type Group = { ownerKey: string; day: string; status: string; kept: boolean; count: number }

function groupsOf(tx: Tx, batch: Batch): Promise<Group[]> {
  return tx.execute<Group>(sql`
    select c.owner_key::text as "ownerKey", ${dayOf(batch)}::text as day, r.status, r.kept is not null as kept,
      count(*)::int as count
    from import_rows r join cards c on c.id = r.entry_id where ${touchedRows(batch)} group by 1, 2, 3, 4`)
}

/** Who undoes need not be who committed: both keep the cards of these units. */
function refuseForeign({ actor }: Acting, groups: readonly Group[]): void {
  if (actor.personId !== null && groups.some((card) => !mayKeep(actor, card))) {
    throw new RuleBroken('这批里有您不经办的单位的资产，请由经办人或牵头单位撤销。')
  }
}

async function voidCards(tx: Tx, acting: Acting, batch: Batch, { day, reason, now }: Turn): Promise<void> {
  const rows = sql`${reversed(batch)} and r.status = 'new'`
  await keepVersions(tx, acting, {
    happening: { action: 'card.import-undone', effectiveOn: day, comment: reason },
    cards: sql`select c.id as card_id, ${detailOf(batch)} as detail
      from import_rows r join cards c on c.id = r.entry_id
      where ${rows} and ${dayOf(batch)} = ${day}::date order by r.block, r.row`,
    now,
  })
  await tx.execute(sql`
    update cards u set ${assignments({ ...turned(day, now), voided: sql`true` })}
    from import_rows r where r.entry_id = u.id and ${rows} and ${dayOf(batch, sql`u`)} = ${day}::date`)
}

/**
 * The event names the version whose state is back, through as many undoings as lie between, so that what stands can be
 * told from what was changed: a card with a later batch undone is again as the earlier one left it.
 */
async function restoreCards(tx: Tx, acting: Acting, batch: Batch, { day, reason, now }: Turn): Promise<void> {
  const rows = sql`${reversed(batch)} and r.status = 'changed'`
  const back = sql`jsonb_build_object('old', v -> 'new', 'new', v -> 'old')`
  const told = (
    key: string,
    extra: boolean,
  ) => sql`coalesce((select jsonb_build_object(${key}::text, jsonb_object_agg(k, ${back}))
    from jsonb_each(r.changes) e (k, v) where (k like 'extra.%') = ${extra}::boolean having count(*) > 0), '{}')`
  await keepVersions(tx, acting, {
    happening: { action: 'card.import-reverted', effectiveOn: day, comment: reason },
    cards: sql`
      select c.id as card_id, ${detailOf(batch)} || jsonb_build_object('restores', coalesce((b.detail ->> 'restores')::int, r.entry_version))
        || ${told('changes', false)} || ${told('extras', true)} as detail
      from import_rows r join cards c on c.id = r.entry_id
      left join card_versions a on a.card_id = c.id and a.version = r.entry_version - 1
      left join events b on b.id = a.event_id and b.action = 'card.import-reverted'
      where ${rows} and ${dayOf(batch)} = ${day}::date order by r.block, r.row`,
    now,
  })
  await tx.execute(sql`
    update cards u set ${assignments({ ...columnsOf(sql`v`, stateColumns), ...turned(day, now) })}
    from import_rows r join card_versions v on v.card_id = r.entry_id and v.version = r.entry_version
    where u.id = r.entry_id and ${rows} and ${dayOf(batch, sql`u`)} = ${day}::date`)
}

function turned(day: string, now: Date): Record<string, SQL> {
  return {
    valid_from: sql`${day}::date`,
    version: sql`u.version + 1`,
    updated_at: sql`${now.toISOString()}::timestamptz`,
  }
}
