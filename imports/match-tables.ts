import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import type { Batch, ImportTarget } from './target.ts'

// Temporary tables of one matching: the keys of the rows, what they may mean, what is found, and what that changes.

export async function openTables(tx: Tx): Promise<void> {
  await tx.execute(sql`
    create temp table match_keys (row_id bigint, pos bigint, rule int, key text, numbers int) on commit drop`)
  await tx.execute(sql`
    create temp table match_candidates (rule int, key text, entry_id bigint, version int, nth bigint, numbers int,
      spent boolean) on commit drop`)
  await tx.execute(sql`
    create temp table match_pairs (row_id bigint primary key, entry_id bigint unique, version int, rule int,
      repeats bigint) on commit drop`)
}

/** The different keys of a batch's rows by one rule. */
export function keysOf(batch: Batch, rule: number): SQL {
  return sql`
    select distinct r.keys[${rule}::int] as key from import_rows r
    where r.batch_id = ${batch.id} and r.handling is null and r.keys[${rule}::int] is not null`
}

/** Keys that name one entry and that several rows have. */
export async function enterRepeated(tx: Tx, batch: Batch, { identities }: ImportTarget<Tx>): Promise<void> {
  const unique = identities.flatMap((identity, at) => (identity.unique ? [at + 1] : []))
  await tx.execute(sql`
    create temp table match_repeated on commit drop as
    select u.rule, r.keys[u.rule] as key from import_rows r cross join unnest(${`{${unique.join(',')}}`}::int[]) u (rule)
    where r.batch_id = ${batch.id} and r.handling is null and r.keys[u.rule] is not null
    group by 1, 2 having count(*) > 1`)
}

/**
 * Keys that something stored has too or, where they name one entry, other rows have. `numbers` is a set of bits: which of
 * the identities that are numbers a row or an entry has.
 */
export async function enterKeys(tx: Tx, batch: Batch, { identities }: ImportTarget<Tx>, rule: number): Promise<void> {
  const bits = identities.flatMap(({ number }, at) => (number ? [{ rule: at + 1, bit: 2 ** at }] : []))
  const numbers = sql.join(
    [
      sql`0`,
      ...bits.map((known) => sql`case when r.keys[${known.rule}::int] is null then 0 else ${known.bit}::int end`),
    ],
    sql` + `,
  )
  // Nothing is known of rows that were staged just now, and a loop would go through all candidates for each of them.
  await tx.execute(sql`set local enable_nestloop = off`)
  await tx.execute(sql`
    insert into match_keys (row_id, pos, rule, key, numbers)
    select r.id, r.block * 2000000::bigint + r.row, ${rule}, r.keys[${rule}::int], ${numbers}
    from import_rows r
    where r.batch_id = ${batch.id} and r.handling is null and r.keys[${rule}::int] in (
      select c.key from match_candidates c where c.rule = ${rule}
      union all
      select d.key from match_repeated d where d.rule = ${rule})`)
  await tx.execute(sql`set local enable_nestloop = on`)
}

/**
 * Rows that were matched otherwise when they were last looked at, or that people handle otherwise since; and those that
 * `more`, a query of their ids, asks for.
 */
export async function enterMoved(tx: Tx, batch: Batch, more: SQL = sql`select null::bigint`): Promise<void> {
  await tx.execute(sql`
    create temp table match_moved on commit drop as
    select r.id as row_id from import_rows r left join match_pairs p on p.row_id = r.id
    where r.batch_id = ${batch.id} and (
      p.repeats is not null or r.status = 'duplicate' or p.version is distinct from r.entry_version
      or (p.entry_id is not null and p.entry_id is distinct from r.entry_id)
      or (r.status = 'skipped') <> (r.handling is not distinct from 'skip')
      or r.id in (${more}))`)
  await tx.execute(sql`create unique index on match_moved (row_id)`)
  await tx.execute(sql`analyze match_moved`)
}

export async function dropTables(tx: Tx): Promise<void> {
  await tx.execute(sql`drop table match_keys, match_candidates, match_repeated, match_pairs, match_moved`)
}
