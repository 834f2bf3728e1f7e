import { isDeepStrictEqual } from 'node:util'
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import type { RowProblem } from '../db/schema/imports.ts'
import { isEdited, withEdits } from './edits.ts'
import { dropTables, enterKeys, enterMoved, enterRepeated, keysOf, openTables } from './match-tables.ts'
import { type Repetition, repetition } from './repetition.ts'
import { resolvedOf } from './resolved.ts'
import { type StagedRow, stagedFinding, stagedRows, type Verdict, writeVerdicts } from './staging.ts'
import type { Batch, ImportTarget, Resolver, RowToResolve, TargetVerbs } from './target.ts'
import type { Watch } from './watch.ts'

/**
 * Finds for every staged row the stored entry it means, in sets: the identities in their order over all rows, so that
 * what names an entry goes before what only looks like it. Then judges the rows for which something was found, or was
 * found before and is no more. Returns how many rows come to something else than before; repeatable until the batch is
 * committed.
 */
export async function matchRows(
  tx: Tx,
  batch: Batch,
  target: ImportTarget<Tx>,
  verbs: TargetVerbs<Tx>,
  resolver: Resolver,
  watch: Watch,
): Promise<number> {
  watch.progress({ phase: '正在与台账比对', rows: 0, of: null })
  const alike = target.identities.flatMap(({ unique }, at) => (unique ? [] : [at + 1]))
  await openTables(tx)
  await verbs.candidates(tx, batch, (rule) => keysOf(batch, rule))
  await tx.execute(sql`create index on match_candidates (rule, key)`)
  await tx.execute(sql`analyze match_candidates`)
  await enterRepeated(tx, batch, target)
  const known = await tx.execute<{ rule: number }>(
    sql`select rule from match_candidates union select rule from match_repeated`,
  )
  for (const { rule } of known) await enterKeys(tx, batch, target, rule)
  await tx.execute(sql`create index on match_keys (rule, key)`)
  await tx.execute(sql`analyze match_keys`)
  for (const [at, { unique }] of target.identities.entries()) if (unique) await matchUnique(tx, at + 1)
  for (const rule of alike) await matchAlike(tx, rule, false)
  for (const rule of alike) await matchAlike(tx, rule, true)
  await enterMoved(tx, batch, verbs.revisit?.(batch))
  const changed = await judgeMoved(tx, batch, target, verbs, resolver, watch)
  await dropTables(tx)
  return changed
}

/** Rows that a pair has been found for, or that repeat another one, are settled. */
const unsettled = sql`not exists (select from match_pairs p where p.row_id = k.row_id)`

async function matchUnique(tx: Tx, rule: number): Promise<void> {
  await tx.execute(sql`
    insert into match_pairs (row_id, rule, repeats)
    select k.row_id, ${rule}, k.first from (
      select k.row_id, first_value(k.row_id) over (partition by k.key order by k.pos) as first
      from match_keys k where k.rule = ${rule}) k
    where k.row_id <> k.first and ${unsettled}`)
  await pair(
    tx,
    rule,
    sql`
      select distinct on (k.row_id) k.row_id, k.pos, c.entry_id, c.version
      from match_keys k join match_candidates c on c.rule = k.rule and c.key = k.key
      where k.rule = ${rule} and ${unsettled} order by k.row_id, c.spent, c.nth`,
  )
}

/** Rows with most numbers of their own first: they have least to choose from. */
async function matchAlike(tx: Tx, rule: number, spent: boolean): Promise<void> {
  const kinds = await tx.execute<{ numbers: number }>(sql`
    select distinct k.numbers from match_keys k join match_candidates c on c.rule = k.rule and c.key = k.key
    where k.rule = ${rule} and c.spent = ${spent} order by k.numbers desc`)
  for (const { numbers } of kinds) {
    await pair(
      tx,
      rule,
      sql`
        select r.row_id, r.pos, c.entry_id, c.version from (
          select k.row_id, k.pos, k.key, row_number() over (partition by k.key order by k.pos) as n
          from match_keys k where k.rule = ${rule} and k.numbers = ${numbers} and ${unsettled}) r
        join (
          select c.key, c.entry_id, c.version, row_number() over (partition by c.key order by c.nth) as n
          from match_candidates c
          where c.rule = ${rule} and c.spent = ${spent} and c.numbers & ${numbers}::int = 0
            and (${spent} or not exists (select from match_pairs p where p.entry_id = c.entry_id))) c
          on c.key = r.key and c.n = r.n`,
    )
  }
}

/** An entry is meant by one row: the first in the file has it, the others repeat that one. */
async function pair(tx: Tx, rule: number, found: SQL): Promise<void> {
  await tx.execute(sql`
    with found as (${found}), ranked as (
      select f.*, p.row_id as holder, first_value(f.row_id) over w as leader, row_number() over w as place
      from found f left join match_pairs p on p.entry_id = f.entry_id
      window w as (partition by f.entry_id order by f.pos))
    insert into match_pairs (row_id, entry_id, version, rule, repeats)
    select row_id, case when holder is null and place = 1 then entry_id end,
      case when holder is null and place = 1 then version end, ${rule},
      case when holder is not null then holder when place > 1 then leader end
    from ranked`)
}

type Pair = { entryId: string | null; version: number | null; rule: number; repeats: number | null } & Repetition

const moved = sql`import_rows.id in (select row_id from match_moved)`

async function judgeMoved(
  tx: Tx,
  batch: Batch,
  target: ImportTarget<Tx>,
  verbs: TargetVerbs<Tx>,
  resolver: Resolver,
  watch: Watch,
): Promise<number> {
  let changed = 0
  let done = 0
  const total = await countMoved(tx)
  if (total === 0) return 0
  watch.progress({ phase: '正在核对', rows: 0, of: total })
  for await (const rows of stagedRows(tx, batch.id, moved)) {
    watch.signal.throwIfAborted()
    const pairs = await pairsOf(tx, rows)
    const matched = rows.flatMap((row) => {
      const { entryId, version } = pairs.get(row.id) ?? {}
      return entryId ? [{ ...row, entryId, entryVersion: version ?? null }] : []
    })
    const judged = new Map((await verbs.judge(tx, batch, resolver, matched)).map((verdict) => [verdict.id, verdict]))
    const verdicts = rows.map((row) => {
      const verdict = judged.get(row.id)
      if (!verdict) return alone(row, target, resolver, pairs.get(row.id))
      return { ...verdict, findings: [...typed(row, withEdits(row, target)), ...verdict.findings] }
    })
    const news = verdicts.filter((verdict, at) => isNews(verdict, rows[at]))
    await writeVerdicts(tx, rows, news, verbs.reserve)
    changed += verdicts.filter((verdict, at) => isOther(verdict, rows[at])).length
    done += rows.length
    watch.progress({ phase: '正在核对', rows: done, of: total })
  }
  return changed
}

async function countMoved(tx: Tx): Promise<number> {
  const [row] = await tx.execute<{ count: number }>(sql`select count(*)::int as count from match_moved`)
  return row?.count ?? 0
}

/** A row that means nothing stored: what it comes to by itself, unless it repeats another or is skipped. */
function alone(row: StagedRow, target: ImportTarget<Tx>, resolver: Resolver, pair: Pair | undefined): Verdict {
  const given = withEdits(row, target)
  const { status, differing, unplaced, findings, keys } = resolver.resolve(given)
  const resolved = resolvedOf({ values: given.values, resolved: differing })
  const verdict: Verdict = {
    ...{ id: row.id, status, resolved, unplaced, changes: null, keys, entryId: null, entryVersion: null },
    findings: [...typed(row, given), ...findings.map(stagedFinding)],
  }
  if (row.handling === 'skip') return { ...verdict, status: 'skipped' }
  if (!pair || pair.repeats === null) return verdict
  const told = repetition(target, given.values, { ...pair, repeats: pair.repeats })
  return { ...verdict, status: 'duplicate', findings: [...verdict.findings, told] }
}

/** What reading a row says once people typed over it: kept among the findings, see `problemsOf`. */
function typed(row: StagedRow, given: RowToResolve): readonly RowProblem[] {
  return isEdited(row) ? given.problems : []
}

/** Whether a row comes to something else than people saw: where only the rest of its entry is another, it does not. */
function isOther(verdict: Verdict, row: StagedRow | undefined): boolean {
  const { status, changes, entryId, entryVersion } = verdict
  return (
    row === undefined ||
    row.status !== status ||
    (status === 'new' && !isDeepStrictEqual(resolvedOf(row), verdict.resolved)) ||
    !isDeepStrictEqual(row.changes, changes) ||
    (entryVersion !== null && row.entryVersion !== null && row.entryId !== entryId)
  )
}

function isNews(verdict: Verdict, row: StagedRow | undefined): boolean {
  return (
    row === undefined ||
    row.status !== verdict.status ||
    row.entryVersion !== verdict.entryVersion ||
    (verdict.entryId !== null && row.entryId !== verdict.entryId) ||
    !isDeepStrictEqual(
      [resolvedOf(row), row.changes, row.findings],
      [verdict.resolved, verdict.changes, verdict.findings],
    )
  )
}

async function pairsOf(tx: Tx, rows: readonly StagedRow[]): Promise<Map<string, Pair>> {
  const found = await tx.execute<Pair & { id: string }>(sql`
    select p.row_id::text as id, p.entry_id::text as "entryId", p.version, p.rule, f.row as repeats,
      p.repeats is not null and not exists (
        select from match_keys a join match_keys b on b.rule = a.rule and b.key = a.key
        where a.row_id = p.row_id and b.row_id = p.repeats and a.rule = p.rule) as "sameEntry",
      case when f.edits = '{}' then f."values" end as first
    from match_pairs p left join import_rows f on f.id = p.repeats
    where p.row_id = any(${`{${rows.map(({ id }) => id).join(',')}}`}::bigint[])`)
  return new Map(found.map(({ id, ...pair }) => [id, pair]))
}

/**
 * Resolves rows anew after people changed them, so that they can be matched again: what they come to by themselves is
 * written, and no longer the entry they meant.
 */
export async function resolveAnew(
  tx: Tx,
  target: ImportTarget<Tx>,
  verbs: TargetVerbs<Tx>,
  resolver: Resolver,
  rows: readonly StagedRow[],
): Promise<void> {
  await writeVerdicts(
    tx,
    rows,
    rows.map((row) => alone(row, target, resolver, undefined)),
    verbs.reserve,
  )
}
