import postgres from 'postgres'
import type { Access } from './cluster.ts'

/**
 * Makes the application's account and database unless they are there. The account is no superuser: a statement that
 * slipped through would otherwise reach files and programs of the machine.
 */
export async function prepareDatabase(access: Access, port: number): Promise<void> {
  await withRoot(access, port, 'postgres', async (sql) => {
    const [role] = await sql`select 1 from pg_roles where rolname = 'panhuo'`
    if (!role) await made(sql.unsafe(`create role panhuo login createdb password '${access.password}'`))
    const [database] = await sql`select 1 from pg_database where datname = 'panhuo'`
    if (!database) await made(sql`create database panhuo owner panhuo`)
  })
  await withRoot(access, port, 'panhuo', async (sql) => {
    const installed = await sql`select extname from pg_extension where extname in ('pg_trgm', 'btree_gist')`
    if (installed.length < 2) {
      await made(sql`create extension if not exists pg_trgm schema public`)
      await made(sql`create extension if not exists btree_gist schema public`)
      await made(sql`grant execute on function pg_backup_start, pg_backup_stop, pg_switch_wal to panhuo`)
    }
    if (!(await searchesChinese(sql))) {
      throw new Error('数据库不识别汉字，无法按名称查找：请换一个数据目录重新建立数据库。')
    }
  })
}

/** With a wrong locale the trigram index holds no Chinese at all, and nothing else would tell. */
async function searchesChinese(sql: postgres.Sql): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`select cardinality(show_trgm('村部办公楼')) > 0 as found`
  return row?.found === true
}

/** Whether a server answers there with our password, and from that cluster. */
export async function answers(access: Access, port: number, cluster: string): Promise<boolean> {
  try {
    return await withRoot(access, port, 'postgres', async (sql) => {
      const [row] = await sql<{ folder: string }[]>`select current_setting('data_directory') as folder`
      return row?.folder === cluster
    })
  } catch {
    return false
  }
}

async function withRoot<T>(
  access: Access,
  port: number,
  database: string,
  task: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const sql = postgres({
    host: '127.0.0.1',
    port,
    username: 'postgres',
    password: access.rootPassword,
    database,
    max: 1,
    connect_timeout: 10,
    onnotice: () => undefined,
  })
  try {
    return await task(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Two commands may start at once: what the other one has just made is as good (duplicate object, database, key). */
async function made(statement: Promise<unknown>): Promise<void> {
  try {
    await statement
  } catch (error) {
    const code = error instanceof postgres.PostgresError ? error.code : ''
    if (!['42710', '42P04', '23505'].includes(code)) throw error
  }
}
