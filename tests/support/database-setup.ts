import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { stopRunning } from '../../db/embedded/postmaster.ts'
import { isAlive } from '../../db/embedded/sharing.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { migrate } from '../../db/migrate.ts'
import { databaseUrl, dropDatabase, once, testSchema } from './test-server.ts'

const folderName = 'panhuo-test-'

type Server = { url: string; stop: () => Promise<void> }

/** Migrates one template database for the whole run; the tests clone it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openTestServer()
  const prefix = `panhuo_test_${process.pid}_`
  const template = `${prefix}template`
  try {
    await makeTemplate(server.url, template)
  } catch (error) {
    await server.stop()
    throw error
  }
  project.provide('testServer', { url: server.url, prefix, template })
  return async () => {
    await dropAll(server.url, prefix)
    await server.stop()
  }
}

async function openTestServer(): Promise<Server> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { url: given, stop: async () => undefined }
  return dockerAnswers() ? openContainer() : openEmbedded()
}

async function openContainer(): Promise<Server> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql')
  const container = await new PostgreSqlContainer('postgres:18')
    .withEnvironment({ POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'max_connections=60'])
    .start()
  return {
    url: container.getConnectionUri(),
    stop: async () => {
      await container.stop()
    },
  }
}

async function openEmbedded(): Promise<Server> {
  await sweep()
  const dataDir = mkdtempSync(join(tmpdir(), `${folderName}${process.pid}-`))
  const { url, stop } = await startEmbedded({ dataDir, durable: false, log: () => undefined })
  return {
    url,
    stop: async () => {
      await stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Removes what killed runs have left. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(folderName) || isAlive(Number(name.slice(folderName.length).split('-')[0]))) continue
    const left = join(tmpdir(), name)
    try {
      await stopRunning(join(left, 'database/cluster'))
      rmSync(left, { recursive: true, force: true })
    } catch {
      // Somebody else's: theirs to remove.
    }
  }
}

async function makeTemplate(server: string, template: string): Promise<void> {
  await once(server, (sql) => sql`create database ${sql(template)}`)
  await migrate(databaseUrl(server, template), testSchema)
}

async function dropAll(server: string, prefix: string): Promise<void> {
  const names = await once(
    server,
    (sql) => sql<{ datname: string }[]>`
    select datname from pg_database where starts_with(datname, ${prefix})`,
  )
  for (const { datname } of names) await dropDatabase(server, datname)
}

function dockerAnswers(): boolean {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 })
    return true
  } catch {
    return false
  }
}
