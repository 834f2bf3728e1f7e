import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { once, testSchema } from '../support/test-server.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

describe('the schema', () => {
  it('keeps to what a county can move to another server with', async () => {
    expect(await planted(async () => undefined)).toEqual([])
  })

  it.each([
    ['no primary key', 'create table plain (name text)'],
    ['unlogged', 'create unlogged table quick (id bigint primary key)'],
    ['function without search_path', `create function one() returns int language plpgsql as 'begin return 1; end'`],
    [
      'restrictive policy',
      'alter table cards enable row level security; create policy tight on cards as restrictive using (true)',
    ],
    ['policy with a sub-select', 'create policy wide on cards using (id in (select card_id from holds))'],
    [
      'trigger that notifies',
      `create function tell() returns trigger language plpgsql set search_path = public as 'begin notify changed; return new; end'`,
    ],
    [
      'foreign key that leaves the schema',
      'create table public.words (id bigint primary key); create table leaving (id bigint primary key, word bigint references public.words)',
    ],
    [
      'constraint name over 50 characters',
      `create table named (id bigint primary key, constraint ${'long_'.repeat(10)}name check (id > 0))`,
    ],
    ['id that is no identity', 'create table counted (id bigserial primary key)'],
    [
      'rule',
      'create table ruled (id bigint primary key); create rule nothing as on delete to ruled do instead nothing',
    ],
    ['inheritance', 'create table heir () inherits (cards); alter table heir add primary key (id)'],
  ])('is told of a %s', async (what, statements) => {
    const found = await planted((sql) => sql.unsafe(statements))
    expect(found.map(([violation]) => violation)).toContain(what)
  })
})

describe('what may only grow', () => {
  it.each([
    ['update events set comment = null'],
    ['delete from events'],
    ['truncate events cascade'],
    ['update card_versions set name = name'],
    ['delete from card_versions'],
    ['truncate card_versions'],
    ['delete from cards'],
    ['truncate cards cascade'],
  ])('refuses: %s', async (statement) => {
    await expect(arranged((sql) => sql.unsafe(statement))).rejects.toMatchObject({ code: 'P0A01' })
  })

  it('takes new rows', async () => {
    await expect(arranged((sql) => sql`select 1 from events`)).resolves.toHaveLength(1)
  })
})

/** Runs in a transaction that is undone, in the county's schema. */
async function undone<T>(work: (sql: postgres.TransactionSql) => Promise<T>): Promise<T> {
  const keep: { result?: T } = {}
  const stop = new Error('undo')
  await once(database.url, (sql) =>
    sql
      .begin(async (tx) => {
        await tx.unsafe(`set local search_path = ${testSchema}, public`)
        keep.result = await work(tx)
        throw stop
      })
      .catch((error: unknown) => {
        if (error !== stop) throw error
      }),
  )
  return keep.result as T
}

/** One card with one old version and one event, then the work. */
function arranged<T>(work: (sql: postgres.TransactionSql) => Promise<T>): Promise<T> {
  return undone(async (tx) => {
    await tx.unsafe(`
      insert into divisions (code, name, level) values ('510923100210', '古井村', 5);
      insert into units (code, kind) values ('510923100210J01', 'village_collective');
      insert into cards (code, name, track, card_type, owner_unit_id, division_code, valid_from, created_at, updated_at)
        select '51092300000001', '办公楼', 'collective', 'house', id, '510923100210', '2026-01-01', now(), now() from units;
      insert into events (at, actor_name, action, card_id) select now(), '系统', 'card.create', id from cards;
      insert into card_versions (card_id, name, track, card_type, owner_unit_id, division_code, valid_from, valid_to,
          recorded_at, superseded_at, event_id)
        select c.id, '办公房', 'collective', 'house', owner_unit_id, '510923100210', '2026-01-01', '2026-02-01', now(), now(), e.id
        from cards c, events e;`)
    return work(tx)
  })
}

/** What breaks the rules for counties on several servers, after something was planted. */
function planted(plant: (sql: postgres.TransactionSql) => Promise<unknown>): Promise<[string, string][]> {
  return undone(async (tx) => {
    await plant(tx)
    const rows = await tx<{ violation: string; name: string }[]>`
      with s as (select oid from pg_namespace where nspname = ${testSchema}),
      c as (select c.* from pg_class c join s on s.oid = relnamespace),
      p as (select p.* from pg_proc p join s on s.oid = pronamespace),
      k as (select k.* from pg_constraint k join c on c.oid = conrelid)
      select 'no primary key' as violation, relname::text as name from c
        where relkind in ('r', 'p') and not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary)
      union all select 'unlogged', relname from c where relpersistence = 'u' and relkind = 'r'
      union all select 'function without search_path', proname from p join pg_language l on l.oid = prolang
        where lanname = 'plpgsql'
          and not exists (select 1 from unnest(coalesce(proconfig, '{}')) x where x like 'search_path=%')
      union all select 'restrictive policy', polname from pg_policy join c on c.oid = polrelid where not polpermissive
      union all select 'policy with a sub-select', polname from pg_policy join c on c.oid = polrelid
        where concat(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) ~* '\\mselect\\M'
      union all select 'trigger that notifies', proname from p
        where prorettype = 'trigger'::regtype and prosrc ~* 'notify'
      union all select 'foreign key that leaves the schema', conname from k join pg_class f on f.oid = confrelid
        where contype = 'f' and f.relnamespace <> k.connamespace
      union all select 'constraint name over 50 characters', conname from k where length(conname) > 50
      union all select 'id that is no identity', relname from c join pg_attribute a on a.attrelid = c.oid
        where relkind = 'r' and attname = 'id' and a.attidentity <> 'a'
      union all select 'rule', rulename from pg_rewrite r join c on c.oid = ev_class where relkind = 'r'
      union all select 'inheritance', relname from c join pg_inherits on inhrelid = c.oid where relkind = 'r'`
    return rows.map(({ violation, name }) => [violation, name])
  })
}
