import { readFile } from 'node:fs/promises'
import postgres from 'postgres'
import { schemaName } from './client.ts'

const folder = new URL('./migrations/', import.meta.url)

type Journal = { entries: { idx: number; when: number; tag: string }[] }

/**
 * Brings one county's schema up to date in a single transaction; running it again changes nothing.
 * Each county keeps its own list of applied migrations, so counties move and upgrade one by one.
 */
export async function migrate(url: string, schema: string): Promise<void> {
  const county = schemaName(schema)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const { entries } = JSON.parse(await readFile(new URL('meta/_journal.json', folder), 'utf8')) as Journal
    await prepare(sql, county)
    await sql.begin(async (tx) => {
      await tx.unsafe(`set local search_path = ${county}, public; set local lock_timeout = '5s'`)
      // The first row is the lock: rows exclude each other on every node, advisory locks only on one.
      await tx`select 1 from migrations where tag = 'lock' for update`
      const applied = new Set((await tx`select tag from migrations`).map((row) => String(row.tag)))
      for (const { tag } of entries) {
        if (!applied.has(tag)) await apply(tx, county, tag)
      }
    })
  } finally {
    await sql.end()
  }
}

async function prepare(sql: postgres.Sql, county: string): Promise<void> {
  await sql.unsafe('create extension if not exists pg_trgm schema public')
  await sql.unsafe('create extension if not exists btree_gist schema public')
  const [search] = await sql`select cardinality(show_trgm('村部办公楼')) > 0 as works`
  if (!search?.works) {
    throw new Error('数据库的区域设置不能检索中文，请用 UTF-8 区域（如 C.UTF-8）重新建库。')
  }
  await sql.unsafe(`create schema if not exists ${county}`)
  await sql.unsafe(
    `create table if not exists ${county}.migrations (tag text primary key, applied_at timestamptz not null default now())`,
  )
  await sql.unsafe(`insert into ${county}.migrations (tag) values ('lock') on conflict do nothing`)
}

async function apply(tx: postgres.TransactionSql, county: string, tag: string): Promise<void> {
  const text = await readFile(new URL(`${tag}.sql`, folder), 'utf8')
  // Generated SQL names the schema it was drawn from; a county's tables live wherever the search path says.
  const statements = text.replaceAll('"public".', '').replaceAll('__SCHEMA__', county).split('--> statement-breakpoint')
  for (const statement of statements) {
    await tx.unsafe(statement)
  }
  await tx`insert into migrations (tag) values (${tag})`
}
