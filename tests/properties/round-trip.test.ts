import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tx } from '../../db/client.ts'
import { cardTypes } from '../../imports/sheets/card-choices.ts'
import type { Choice } from '../../imports/sheets/fields.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { loadActor } from '../../server/access/actor.ts'
import { asSystem, systemActor } from '../../server/access/system.ts'
import { changeCard, createCards } from '../../server/assets/actions.ts'
import { type Cut, statesOn } from '../../server/assets/as-of.ts'
import { valuesOf } from '../../server/assets/card.ts'
import { cardsOf as cardsSheetOf } from '../../server/assets/cards-sheet.ts'
import { filteredRegister } from '../../server/assets/export.ts'
import { mergeCards } from '../../server/assets/merge-actions.ts'
import { arrangeParts } from '../../server/assets/parts-actions.ts'
import { splitCard } from '../../server/assets/split-actions.ts'
import { villageStatusOf } from '../../server/assets/village-status.ts'
import { scopeKey } from '../../server/kernel/actor.ts'
import { freeze } from '../../server/kernel/cursor.ts'
import { RuleBroken } from '../../server/kernel/errors.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { statisticsWorkbook } from '../../server/overview/statistics-sheet.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { readAgain } from '../support/round-trip.ts'
import { type DrawnCard, everything, register, valuesFor } from './any-register.ts'
import { cardOf } from './commands.ts'

const county = '510923'
let test: TestApp
let folder: string
beforeAll(async () => {
  test = await openTestApp()
  folder = await mkdtemp(join(tmpdir(), 'panhuo-trip-'))
})
afterAll(async () => {
  await test.close()
  await rm(folder, { recursive: true, force: true })
})

type Make = (tx: Tx, acting: Acting, cut: Cut, unit: string) => Promise<Worksheet[]>

const chosen = ['code', 'remark', 'landArea', 'cost', 'netValue', 'name', 'acquiredOn', 'ownerUnit', 'usage'] as const
const sheets: Record<string, Make> = {
  资产台账: async (tx, { actor }, { day }) => [await filteredRegister(tx, actor, {}, day)],
  选定栏目: async (tx, { actor }, { day }) => [await filteredRegister(tx, actor, {}, day, chosen)],
  清理统计表: (tx, { actor }, cut, unit) => statisticsWorkbook(tx, actor, cut, { unit }),
  村资产现状表: async (tx, { actor }, cut, unit) => [await villageStatusOf(tx, actor, cut, unit)],
  单位资产卡片: async (tx, { actor }, cut, unit) => [await cardsSheetOf(tx, actor, cut, unit)],
  ...Object.fromEntries(
    cardTypes.map(({ value, label }): [string, Make] => [
      `资产台账 ${label}`,
      async (tx, { actor }, { day }) => [await filteredRegister(tx, actor, { type: value }, day)],
    ]),
  ),
}

/** Who exports what is theirs and imports it again, for which unit. */
const people: [Account, string, 'state' | 'collective'][] = [
  ['zhang', village, 'collective'],
  ['cai', '蓬莱镇人民政府', 'state'],
  ['nong', '蓬莱镇人民政府', 'collective'],
]

const seen: Record<string, number> = {}

it('what is exported from any register changes nothing when it is imported again', async () => {
  await fc.assert(
    fc.asyncProperty(register, fc.constantFrom(...people), fc.constantFrom(...cardTypes), (drawn, person, cardType) =>
      undone((tx) => told(tx, drawn, person, cardType)),
    ),
    {
      // Shrinking takes longer than looking at what was drawn.
      endOnFailure: true,
      numRuns: Number(process.env.TRIP_RUNS ?? 6),
      examples: people.map((person) => [everything, person, { value: 'house', label: '房屋' }]),
    },
  )
  for (const name of Object.keys(sheets).slice(0, 5)) expect(seen[name], name).toBeGreaterThan(0)
}, 3_600_000)

async function told(
  tx: Tx,
  drawn: readonly DrawnCard[],
  [account, unit, track]: (typeof people)[number],
  cardType: Choice,
) {
  test.clock.set('2026-03-06T02:00:00Z')
  for (const card of drawn) await enter(tx, card)
  test.clock.set('2026-03-10T02:00:00Z')
  const actor = await loadActor(tx, test.fixture.people[account] ?? '', test.clock.today())
  if (!actor) throw new Error(`no ${account}`)
  const acting: Acting = { actor, clock: test.clock, requestId: null }
  const typed = `资产台账 ${cardType.label}`
  for (const name of [...Object.keys(sheets).slice(0, 5), typed]) {
    const path = join(folder, 'exported.xlsx')
    const worksheets = (await sheets[name]?.(tx, acting, { day: test.clock.today() }, unit)) ?? []
    await writeWorkbook(worksheets, path)
    const type = name === typed ? cardType.value : undefined
    const count = await countCards(tx, acting, type)
    if (count === 0) continue
    const { counts, questions, rows } = await readAgain(tx, acting, path, {
      unitId: test.fixture.units[unit] ?? '',
      track,
      effectiveOn: '2026-03-10',
    })
    const nothing = { new: 0, changed: 0, duplicate: 0, wrong: 0, skipped: 0, unchanged: count }
    const news = rows.filter(({ status }) => status !== 'unchanged').slice(0, 5)
    expect({ name, counts, questions, news }).toEqual({ name, counts: nothing, questions: [], news: [] })
    seen[name] = (seen[name] ?? 0) + 1
  }
}

function keeperOfAll(): Acting {
  const keys = Object.values(test.fixture.units).flatMap((id) => [scopeKey(id, 'state'), scopeKey(id, 'collective')])
  const grant = {
    role: 'keeper',
    track: 'both',
    unitId: '',
    unitName: '',
    keys: new Set(keys),
    reads: new Set(keys),
  } as const
  return { ...asSystem(test.clock), actor: { ...systemActor(keys), grants: [grant] } }
}

async function countCards(tx: Tx, { actor }: Acting, type: string | undefined): Promise<number> {
  const [row] = await tx.execute<{ count: number }>(
    sql`select count(*)::int as count from ${statesOn(actor, { day: test.clock.today(), type })}`,
  )
  return row?.count ?? 0
}

async function enter(tx: Tx, drawn: DrawnCard): Promise<void> {
  const acting = keeperOfAll()
  const values = valuesFor(drawn, test.fixture.units)
  const { extra, written, fate } = drawn
  const effectiveOn = '2026-03-01'
  const cards = Array.from({ length: drawn.times + (fate === 'merged' ? 1 : 0) }, () => ({ values, extra, written }))
  const made = await createCards(tx, acting, county, cards, { action: 'card.create', effectiveOn })
  const { code = '' } = made[0] ?? {}
  const when = { version: 1, effectiveOn: '2026-03-02', comment: null }
  await tx
    .transaction(async (nested) => {
      const inner = nested as Tx
      if (fate === 'voided') {
        const card = await cardOf(inner, code)
        await changeCard(inner, acting, card, valuesOf(card), { action: 'card.void', effectiveOn }, { voided: true })
      } else if (fate === 'split' && values.quantity !== null) {
        await splitCard(inner, acting, county, code, { ...when, pieces: [{ quantity: '0.001' }] })
      } else if (fate === 'merged') {
        const other = made[1]?.code ?? ''
        const versions = { [code]: 1, [other]: 1 }
        await mergeCards(inner, acting, { ...when, kept: code, other, versions, choices: () => ({}) })
      } else if (fate === 'parts') {
        const part = { no: null, row: 1, name: '一楼', area: '0.01', usage: 'idle', idleSince: null }
        await arrangeParts(inner, acting, code, { ...when, entries: [part] })
      }
    })
    .catch((error) => {
      if (!(error instanceof RuleBroken)) throw error
    })
}

/** Everything of one run is undone, so that each begins with an empty register. */
async function undone(work: (tx: Tx) => Promise<void>): Promise<void> {
  const stop = new Error('undo')
  await test
    .db(async (tx) => {
      // Before the first query, as exports ask for it.
      await freeze(tx)
      await work(tx)
      throw stop
    })
    .catch((error) => {
      if (error !== stop) throw error
    })
}
