import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { calls, countLines, counts } from '../../db/schema/inventory.ts'
import { loadActor } from '../../server/access/actor.ts'
import { callMachine, draftCall } from '../../server/inventory/calls/actions.ts'
import { countMachine } from '../../server/inventory/counts/actions.ts'
import { asBooked, type LineEntry, saveLine } from '../../server/inventory/lines/actions.ts'
import { act } from '../../server/kernel/act.ts'
import type { Track } from '../../server/kernel/actor.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { postNotice } from '../../server/records/notice-actions.ts'
import { recordResolution } from '../../server/records/resolution-actions.ts'
import type { TestApp } from './app.ts'
import { village } from './cards.ts'
import type { Account } from './county.ts'

/** One transaction in which somebody acts, with the keys of that person. */
export async function acted<T>(
  test: TestApp,
  account: Account,
  work: (tx: Tx, acting: Acting) => Promise<T>,
): Promise<T> {
  const actor = await test.db((tx) => loadActor(tx, test.fixture.people[account] ?? '', test.clock.today()))
  if (!actor) throw new Error(`no ${account}`)
  return test.county.transaction({ keys: actor.keys }, (tx) => work(tx, { actor, clock: test.clock, requestId: null }))
}

export type IssuedCall = { id: string; no: string; counts: Record<string, { id: string; no: string }> }

/** Issues a call as the lead of the track, for these units, and finds their counts by the unit's name. */
export async function issueCall(
  test: TestApp,
  options: {
    by?: Account
    issuer?: string
    track?: Track
    units?: readonly string[]
    baseOn?: string
    census?: { name: string; on: string }
  } = {},
): Promise<IssuedCall> {
  const { by = 'nong', track = 'collective', units = [village], baseOn = '2026-03-05', census } = options
  const issuer = options.issuer ?? (track === 'state' ? '蓬莱镇财政办' : '蓬莱镇农业综合服务中心')
  const { id, no } = await acted(test, by, async (tx, acting) => {
    const call = await draftCall(tx, acting, {
      title: '2026年资产清查',
      track,
      issuerId: test.fixture.units[issuer] ?? '',
      baseOn,
      baseline: census ? 'census' : 'register',
      baselineName: census?.name ?? null,
      baselineOn: census?.on ?? null,
      dueOn: '2026-03-20',
      compileOn: '2026-03-31',
      note: null,
      unitIds: units.map((unit) => test.fixture.units[unit] ?? ''),
    })
    await act(tx, acting, callMachine, call.id, { action: 'issue', version: 1, comment: null })
    return call
  })
  const made = await test.db((tx) => tx.select().from(counts).where(eq(counts.callId, id)))
  return { id, no, counts: Object.fromEntries(made.map((count) => [count.unitName, { id: count.id, no: count.no }])) }
}

export async function linesOf(test: TestApp, countId: string) {
  return test.db((tx) => tx.select().from(countLines).where(eq(countLines.countId, countId)).orderBy(countLines.no))
}

export async function storedCount(test: TestApp, id: string) {
  const [count] = await test.db((tx) => tx.select().from(counts).where(eq(counts.id, id)))
  if (!count) throw new Error(`no count ${id}`)
  return count
}

export async function storedCall(test: TestApp, id: string) {
  const [call] = await test.db((tx) => tx.select().from(calls).where(eq(calls.id, id)))
  if (!call) throw new Error(`no call ${id}`)
  return call
}

/** What was found of a line; as booked unless told otherwise. */
export async function counted(
  test: TestApp,
  by: Account,
  at: { countId: string; no: number },
  found: Partial<LineEntry['findings']> & Partial<Omit<LineEntry, 'findings'>> = {},
) {
  const line = (await linesOf(test, at.countId)).find(({ no }) => no === at.no)
  if (!line) throw new Error(`no line ${at.no}`)
  const { version = line.version, changes = {}, condition = null, remark = null, via = 'screen', ...findings } = found
  return acted(test, by, (tx, acting) =>
    saveLine(tx, acting, at, {
      version,
      findings: { ...asBooked(line), ...findings },
      ...{ changes, condition, remark, via },
    }),
  )
}

/** A step of a count at its present version. */
export async function stepped(
  test: TestApp,
  by: Account,
  id: string,
  action: string,
  values: Record<string, string | null> = {},
  comment: string | null = null,
) {
  const { version } = await storedCount(test, id)
  return acted(test, by, (tx, acting) => act(tx, acting, countMachine, id, { action, version, comment, values }))
}

/** A notice and a resolution of a unit's count, made by its keeper; the answers are their numbers. */
export async function noticed(
  test: TestApp,
  by: Account,
  unit: string,
  count: { id: string; no: string },
  track: Track = 'collective',
) {
  const about = { kind: 'count', ...count, path: `/inventory/counts/${count.no}` } as const
  const own = { unitId: test.fixture.units[unit] ?? '', track, about }
  return acted(test, by, async (tx, acting) => {
    const notice = await postNotice(tx, acting, {
      ...own,
      title: '清查结果',
      body: '现将清查结果公示。',
      unitName: unit,
      columns: [{ key: 'name', header: '资产名称' }],
      rows: [{ name: '村部' }],
      place: '公开栏',
      contact: '会计',
    })
    const resolution = await recordResolution(tx, acting, {
      ...own,
      matter: 'count_confirmation',
      bodyKind: 'representatives',
      ...{ calledOn: null, heldOn: '2026-03-10', place: null, note: null },
      ...{ members: 30, present: 30, inFavour: 30, against: 0, abstained: 0 },
    })
    return { notice: notice.no, resolution: resolution.no }
  })
}
