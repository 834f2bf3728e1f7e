import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type County, openCounty, type Tx } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { divisions } from '../../db/schema/access.ts'
import { openServer } from '../../db/server.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { allKeys } from '../../server/access/actor-for.ts'
import { asSystem } from '../../server/access/system.ts'
import { cardTarget } from '../../server/assets/import-target.ts'
import { cardUses } from '../../server/card-uses.ts'
import { commitBatch, numberBatch, openBatch } from '../../server/imports/actions.ts'
import { readBatch } from '../../server/imports/read.ts'
import { undoBatch } from '../../server/imports/undo.ts'
import { systemClock } from '../../server/kernel/clock.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { openFileStore } from '../../server/records/file-store.ts'
import { settle } from '../support/county.ts'
import { databaseUrl, once, testSchema } from '../support/test-server.ts'
import { villages } from './ledger.ts'

/** A small county on a database of its own, whose town takes ledgers in and gives them back. */
export type ImportCounty = {
  imported(path: string): Promise<Run>
  undone(batch: string): Promise<Run>
  copied(): Promise<number>
  close(): Promise<void>
}

/** Seconds altogether, and by the phases that people are shown. */
export type Run = { batch: string; total: number; phases: Map<string, number> }

export async function openImportCounty(scratch: string): Promise<ImportCounty> {
  const server = await openServer({ dataDir: join(scratch, 'database'), log: () => undefined })
  await migrate(server.url, testSchema)
  const county = openCounty({ dsn: server.url, schema: testSchema }, { max: 4 })
  const store = openFileStore(join(scratch, 'files'))
  const unitId = await county.transaction({}, prepare)
  const acting = asSystem(systemClock, await county.transaction({}, allKeys))
  return {
    imported: async (path) => imported(county, acting, path, unitId, await store.keep(createReadStream(path))),
    undone: (batch) => undone(county, acting, batch),
    copied: () => copied(county, server.url),
    close: async () => {
      await county.driver.end({ timeout: 5 })
      await server.stop()
    },
  }
}

async function prepare(tx: Tx): Promise<string> {
  const { units } = await settle(tx, systemClock)
  const places = villages.map((name, at) => ({
    ...{ code: `5109231003${String(at + 10)}`, name: `${name}委会`, level: 5, parentCode: '510923100000' },
  }))
  await tx.insert(divisions).values(places).onConflictDoNothing()
  return units.蓬莱镇人民政府 ?? ''
}

const session = { timeout: 600_000, sets: true }
const targetOf = (acting: Acting): ImportTarget<Tx> => cardTarget('510923', acting, cardUses)

/** Times what is done under a watch by its phases. */
async function timed(
  work: (watch: { signal: AbortSignal; progress(state: { phase: string }): void }) => Promise<string>,
) {
  const phases = new Map<string, number>()
  let phase = ''
  let since = performance.now()
  const start = since
  const enter = (next: string) => {
    if (next === phase) return
    const now = performance.now()
    if (phase !== '') phases.set(phase, (phases.get(phase) ?? 0) + (now - since) / 1000)
    since = now
    phase = next
  }
  enter('正在打开')
  const batch = await work({ signal: new AbortController().signal, progress: (state) => enter(state.phase) })
  enter('')
  return { batch, total: (performance.now() - start) / 1000, phases }
}

function imported(
  county: County,
  acting: Acting,
  path: string,
  unitId: string,
  file: { sha256: string; size: number },
): Promise<Run> {
  const upload = { file, fileName: '台账.xlsx', unitId, track: 'collective' as const, effectiveOn: systemClock.today() }
  const target = targetOf(acting)
  return timed(async (watch) => {
    const batch = await county.transaction(session, async (tx) =>
      numberBatch(tx, acting, await openBatch(tx, acting, 'cards', upload)),
    )
    await county.transaction(session, (tx) => readBatch(tx, batch, path, target, { guessed: true }, watch))
    await county.transaction(session, (tx) =>
      commitBatch(tx, acting, target, batch.id, { version: 2, mode: 'all' }, watch),
    )
    return batch.id
  })
}

function undone(county: County, acting: Acting, id: string): Promise<Run> {
  return timed(async (watch) => {
    await county.transaction(session, (tx) =>
      undoBatch(tx, acting, targetOf(acting), id, { version: 3, reason: '传错' }, watch),
    )
    return id
  })
}

/**
 * Plain COPY of the cards that the import made into an empty table of the same kind, with all its indexes and checks. They
 * go in as living cards whether the import has been undone meanwhile or not: voided ones are left out of an index.
 */
async function copied(from: County, url: string): Promise<number> {
  await once(url, (maker) => maker.unsafe('create database floor'))
  const floor = databaseUrl(url, 'floor')
  await migrate(floor, testSchema)
  const to = openCounty({ dsn: floor, schema: testSchema }, { max: 1 })
  await to.transaction({}, prepare)
  const columns = await from.driver<{ name: string }[]>`
    select column_name as name from information_schema.columns
    where table_schema = ${testSchema} and table_name = 'cards' and is_generated = 'NEVER' order by ordinal_position`
  const names = columns.map(({ name }) => name)
  const values = names.map((name) => (name === 'voided' ? 'false' : name))
  const chunks: Buffer[] = []
  const out = await from.driver
    .unsafe(`copy (select ${values.join(', ')} from ${testSchema}.cards) to stdout`)
    .readable()
  await pipeline(out, async (stream: AsyncIterable<Buffer>) => {
    for await (const chunk of stream) chunks.push(chunk)
  })
  const spent = await seconds(async () => {
    const stream = await to.driver.unsafe(`copy ${testSchema}.cards (${names.join(', ')}) from stdin`).writable()
    await pipeline(Readable.from(chunks), stream)
  })
  await to.driver.end({ timeout: 5 })
  await once(url, (maker) => maker.unsafe('drop database floor'))
  return spent
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
