import { and, eq, sql } from 'drizzle-orm'
import { type County, openCounty } from '../../db/client.ts'
import { countLines } from '../../db/schema/inventory.ts'
import { saveLine } from '../../server/inventory/lines/actions.ts'
import { record } from '../../server/kernel/events.ts'
import { type CountStory, seconds } from './count-story.ts'
import { against, bounded, type Figure, median, told } from './figure.ts'
import type { LargeRegister } from './large-register.ts'

const people = 50

/** One line saved by its verb against a plain update of the same row with its event, in turns on one connection; then many at once. */
export async function saving({ county, entry }: LargeRegister, story: CountStory, quick: boolean): Promise<Figure[]> {
  const countId = await story.reopened()
  const spent: Record<'plain' | 'verb', number[]> = { plain: [], verb: [] }
  for (let time = 0; time < (quick ? 10 : 310); time++) {
    const no = 1 + (time % 900)
    const plain = await seconds(() => plainly(county, story, countId, no))
    const version = await versionOf(county, countId, no)
    const verb = await seconds(() => byVerb(county, story, countId, no, version))
    if (time < 5) continue
    spent.plain.push(plain * 1000)
    spent.verb.push(verb * 1000)
  }
  const plain = told('inventory', 'a row updated with its event, plainly', median(spent.plain), 'ms')
  const verb = told('inventory', 'a line saved', median(spent.verb), 'ms')
  const many = openCounty(entry, { max: people })
  try {
    return [plain, against(verb, plain, { most: 2 }), ...(await together(many, story, countId, quick ? 2 : 18))]
  } finally {
    await many.driver.end({ timeout: 5 })
  }
}

function plainly(county: County, { keeper: { acting, keys } }: CountStory, countId: string, no: number) {
  return county.transaction({ keys }, async (tx) => {
    await tx
      .update(countLines)
      .set({
        ...{ countedQuantity: '1', remark: `先 ${no}`, countedName: acting.actor.name, countedAt: acting.clock.now() },
        version: sql`${countLines.version} + 1`,
      })
      .where(and(eq(countLines.countId, countId), eq(countLines.no, no)))
    const detail = { line: no, changes: { 盘点说明: { old: null, new: `先 ${no}` } } }
    await record(tx, acting, { kind: 'count', id: countId }, { action: 'count.line', detail })
  })
}

function byVerb(
  county: County,
  { keeper: { acting, keys } }: CountStory,
  countId: string,
  no: number,
  version: number,
) {
  const none = { missingReason: null, scrapReason: null, undeterminedReason: null }
  return county.transaction({ keys }, (tx) =>
    saveLine(
      tx,
      acting,
      { countId, no },
      {
        ...{ version, changes: {}, condition: null, remark: `后 ${no}`, via: 'screen' },
        findings: { counted: '1', scrap: '0', undetermined: '0', ...none },
      },
    ),
  )
}

async function versionOf(county: County, countId: string, no: number): Promise<number> {
  const [line] = await county.transaction({}, (tx) =>
    tx
      .select({ version: countLines.version })
      .from(countLines)
      .where(and(eq(countLines.countId, countId), eq(countLines.no, no))),
  )
  return line?.version ?? 0
}

/** Fifty people over fifty connections, each at their own lines: what is lost, and how many they save in a second. */
async function together(county: County, story: CountStory, countId: string, turns: number): Promise<Figure[]> {
  const state = () =>
    county.transaction({}, async (tx) => {
      const [row] = await tx.execute<{ versions: number; events: number }>(sql`
        select (select sum(version)::int from count_lines where count_id = ${countId}) as versions,
          (select count(*)::int from events where count_id = ${countId} and action = 'count.line') as events`)
      return row ?? { versions: 0, events: 0 }
    })
  const before = await state()
  const spent = await seconds(() =>
    Promise.all(
      Array.from({ length: people }, async (_, person) => {
        for (let turn = 0; turn < turns; turn++) {
          const no = 1 + person * turns + turn
          await byVerb(county, story, countId, no, await versionOf(county, countId, no))
        }
      }),
    ),
  )
  const after = await state()
  const saves = people * turns
  const lost = 2 * saves - (after.versions - before.versions) - (after.events - before.events)
  return [
    bounded(told('inventory', `${people} people at once, saves lost`, lost, 'saves'), { most: 0 }),
    told('inventory', `${people} people at once`, saves / spent, 'saves/s'),
  ]
}
