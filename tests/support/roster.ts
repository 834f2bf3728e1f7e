import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noAnswers } from '../../imports/answers.ts'
import { stagedRows } from '../../imports/staging.ts'
import { loadActor } from '../../server/access/actor.ts'
import { peopleTarget } from '../../server/access/import-target.ts'
import { systemActor } from '../../server/access/system.ts'
import { commitBatch, numberBatch, openBatch } from '../../server/imports/actions.ts'
import { readBatch } from '../../server/imports/read.ts'
import { undoBatch } from '../../server/imports/undo.ts'
import type { TestApp } from './app.ts'
import type { Account } from './county.ts'

export type Who = Account | '系统'

/** A list of people as bytes: a title, the header, the rows. */
export function roster(header: readonly string[], rows: readonly (readonly string[])[]): Uint8Array {
  const lines = [['人员名单'], header, ...rows].map((cells) => cells.join(','))
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n`)
}

/** Reads a list as somebody's import does, without a request. */
export async function readRoster(
  test: TestApp,
  who: Who,
  bytes: Uint8Array,
  {
    unit = '蓬莱镇人民政府',
    values = {},
  }: { unit?: string; values?: Record<string, Record<string, string | null>> } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'panhuo-roster-'))
  const path = join(folder, '名单.csv')
  await writeFile(path, bytes)
  try {
    return await test.db(async (tx) => {
      const acting = await actingOf(test, who, tx)
      const opened = await openBatch(tx, acting, 'people', {
        file: { sha256: String(crypto.randomUUID()).replaceAll('-', '').padEnd(64, '0'), size: bytes.length },
        fileName: '名单.csv',
        unitId: test.fixture.units[unit] ?? '',
        track: null,
        effectiveOn: test.clock.today(),
      })
      const answers = { ...noAnswers, values }
      await readBatch(tx, { ...opened, answers }, path, peopleTarget(acting), { guessed: true })
      const batch = await numberBatch(tx, acting, opened)
      const rows = (await Array.fromAsync(stagedRows(tx, batch.id))).flat()
      return { id: batch.id, no: batch.no, rows }
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function commitRoster(test: TestApp, who: Who, id: string, mode: 'all' | 'good' = 'all') {
  return test.db(async (tx) => {
    const acting = await actingOf(test, who, tx)
    return commitBatch(tx, acting, peopleTarget(acting), id, { version: 2, mode })
  })
}

export async function undoRoster(test: TestApp, who: Who, id: string) {
  return test.db(async (tx) => {
    const acting = await actingOf(test, who, tx)
    return undoBatch(tx, acting, peopleTarget(acting), id, { version: 3, reason: '传错了名单' })
  })
}

async function actingOf(test: TestApp, who: Who, tx: Parameters<Parameters<TestApp['db']>[0]>[0]) {
  const today = test.clock.today()
  const actor = who === '系统' ? systemActor() : await loadActor(tx, test.fixture.people[who] ?? '', today)
  if (!actor) throw new Error(`nobody is called ${who}`)
  return { actor, clock: test.clock, requestId: null }
}
