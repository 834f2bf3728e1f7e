import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type County, openCounty, type Tx } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { divisions } from '../../db/schema/access.ts'
import { openServer } from '../../db/server.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { asSystem } from '../../server/access/system.ts'
import { cardTarget } from '../../server/assets/import-target.ts'
import { commitBatch, numberBatch, openBatch } from '../../server/imports/actions.ts'
import { readBatch } from '../../server/imports/read.ts'
import { systemClock } from '../../server/kernel/clock.ts'
import { openFileStore } from '../../server/records/file-store.ts'
import { settle } from '../support/county.ts'
import { databaseUrl, once, testSchema } from '../support/test-server.ts'
import { against, type Bench, type Figure, told } from './figure.ts'
import { columns, villages, writeWorkbook } from './ledger.ts'

/** Rows of the ledger that is compared. */
const sizes = { full: 100_000, quick: 2_000 }

/** From the file to the register and back, against reading the file alone and plain COPY of the same cards. */
export const bench: Bench = async ({ quick, scratch }) => {
  const rows = quick ? sizes.quick : sizes.full
  const path = join(scratch, `import-${rows}.xlsx`)
  await writeWorkbook(path, rows)
  const server = await openServer({ dataDir: join(scratch, 'database'), log: () => undefined })
  const county = openCounty({ dsn: server.url, schema: testSchema }, { max: 4 })
  try {
    await migrate(server.url, testSchema)
    const store = openFileStore(join(scratch, 'files'))
    const unitId = await county.transaction({}, prepare)
    const scan = await seconds(() => readAll(path))
    const run = await imported(county, path, unitId, await store.keep(createReadStream(path)))
    const floor = scan + (await copied(county, server.url))
    return [...figuresOf(run, rows, scan, floor)]
  } finally {
    await county.driver.end({ timeout: 5 })
    await server.stop()
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

async function readAll(path: string): Promise<void> {
  for await (const _ of readWorkbook(path));
}

type Run = { total: number; phases: Map<string, number> }

async function imported(
  county: County,
  path: string,
  unitId: string,
  file: { sha256: string; size: number },
): Promise<Run> {
  const phases = new Map<string, number>()
  let phase = ''
  let since = performance.now()
  const enter = (next: string) => {
    if (next === phase) return
    const now = performance.now()
    phases.set(phase, (phases.get(phase) ?? 0) + (now - since) / 1000)
    since = now
    phase = next
  }
  const watch = { signal: new AbortController().signal, progress: (state: { phase: string }) => enter(state.phase) }
  const acting = asSystem(systemClock)
  const target: ImportTarget<Tx> = cardTarget('510923', acting)
  const today = systemClock.today()
  const session = { timeout: 600_000 }
  const start = performance.now()
  enter('上传')
  const batch = await county.transaction(session, async (tx) =>
    numberBatch(
      tx,
      acting,
      await openBatch(tx, acting, 'cards', {
        file,
        fileName: 'a.xlsx',
        unitId,
        track: 'collective',
        effectiveOn: today,
      }),
    ),
  )
  await county.transaction(session, (tx) => readBatch(tx, batch, path, target, {}, watch))
  enter('提交')
  await county.transaction(session, (tx) =>
    commitBatch(tx, acting, target, batch.id, { version: 2, mode: 'all' }, watch),
  )
  enter('')
  return { total: (performance.now() - start) / 1000, phases }
}

/** Plain COPY of the cards that the import made into an empty table of the same kind, with all its indexes and checks. */
async function copied(from: County, url: string): Promise<number> {
  await once(url, (maker) => maker.unsafe('create database floor'))
  const floor = databaseUrl(url, 'floor')
  await migrate(floor, testSchema)
  const to = openCounty({ dsn: floor, schema: testSchema }, { max: 1 })
  await to.transaction({}, prepare)
  const columns = await from.driver<{ name: string }[]>`
    select column_name as name from information_schema.columns
    where table_schema = ${testSchema} and table_name = 'cards' and is_generated = 'NEVER' order by ordinal_position`
  const names = `${testSchema}.cards (${columns.map(({ name }) => name).join(', ')})`
  const chunks: Buffer[] = []
  const out = await from.driver
    .unsafe(`copy (select ${names.slice(names.indexOf('(') + 1, -1)} from ${testSchema}.cards) to stdout`)
    .readable()
  await pipeline(out, async (stream: AsyncIterable<Buffer>) => {
    for await (const chunk of stream) chunks.push(chunk)
  })
  const spent = await seconds(async () => {
    const stream = await to.driver.unsafe(`copy ${names} from stdin`).writable()
    await pipeline(Readable.from(chunks), stream)
  })
  await to.driver.end({ timeout: 5 })
  return spent
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

function figuresOf({ total, phases }: Run, rows: number, scan: number, floor: number): Figure[] {
  const name = `${rows.toLocaleString('en')} × ${columns.length}`
  const base = told('import', `${name}, floor: scan and COPY`, floor, 's')
  return [
    told('import', `${name}, scan alone`, scan, 's'),
    base,
    against(told('import', `${name}, upload to committed`, total, 's'), base, { most: 2.5 }),
    ...[...phases].flatMap(([phase, spent]) => (phase ? [told('import', `  ${phase}`, spent, 's')] : [])),
  ]
}
