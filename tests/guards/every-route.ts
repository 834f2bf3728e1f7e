import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { desc, eq, sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { importMappings } from '../../db/schema/imports.ts'
import { decisions } from '../../db/schema/records.ts'
import { savedViews } from '../../db/schema/views.ts'
import type { Access } from '../../server/plugins/declared-access.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { addBasis, picture } from '../support/papers.ts'

export type Route = { method: 'GET' | 'POST'; url: string; access: Access | undefined }

/** The application together with every route it has; style sheets and scripts are not counted. */
export async function openWithRoutes(): Promise<{ test: TestApp; routes: Route[] }> {
  const routes: Route[] = []
  const watch = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url, config }) => {
      for (const one of [method].flat()) {
        if (!url.startsWith('/static/')) routes.push({ method: one as Route['method'], url, access: config?.access })
      }
    })
  }
  subscribe('fastify.initialization', watch)
  try {
    return { test: await openTestApp(), routes }
  } finally {
    unsubscribe('fastify.initialization', watch)
  }
}

/** Enters a card as a browser would; the answer is its code. */
export async function enterCard(visitor: Visitor, fields: Record<string, string>): Promise<string> {
  return placeOf(
    await visitor.post('/assets', {
      cardType: 'house',
      effectiveOn: '2026-03-01',
      token: crypto.randomUUID(),
      ...fields,
    }),
  )
}

/** Drafts a determination over one card, claimed by its proposed owner unless told otherwise; the answer is its number. */
export async function draftDetermination(
  visitor: Visitor,
  card: string,
  owner: string,
  claimed = true,
): Promise<string> {
  const no = placeOf(
    await visitor.post('/determinations', {
      cards: card,
      reason: '权属说法不一',
      proposedOwner: owner,
      proposedTrack: 'state',
      ...(claimed ? { claimant1: owner, claim1: '出资建设' } : {}),
      token: crypto.randomUUID(),
    }),
  )
  await addBasis(visitor, no)
  return no
}

/** Hangs a photo on a card; the answer is the paper's id. */
export async function addPhoto(test: TestApp, visitor: Visitor, card: string): Promise<string> {
  const said = { card, kind: 'photo', title: '门头', token: crypto.randomUUID() }
  placeOf(await visitor.upload('/papers', said, { name: '门头.jpg', bytes: await picture() }))
  const [row] = await test.db((tx) => tx.execute<{ id: string }>(sql`select max(id)::text as id from papers`))
  return row?.id ?? ''
}

/** Takes a determination over one card to its end, decided by a body without an account; the answer is the record's number. */
export async function recordDecision(test: TestApp, keeper: Visitor, card: string, owner: string): Promise<string> {
  const no = await draftDetermination(keeper, card, owner)
  const nong = await test.as('nong')
  await keeper.post(`/determinations/${no}/steps`, { action: 'submit', version: '1' })
  await nong.post(`/determinations/${no}/steps`, { action: 'review', version: '2' })
  placeOf(await nong.post(`/determinations/${no}/recorded`, { ...recordedPaper, decidedOwner: owner, version: '3' }))
  const [row] = await test.db((tx) => tx.select().from(decisions).orderBy(desc(decisions.id)).limit(1))
  return row?.no ?? ''
}

/** A paper of the county government as it is recorded. */
export const recordedPaper = {
  bodyKind: 'county_government',
  body: '大英县人民政府',
  documentNo: '大府函〔2026〕12 号',
  decidedOn: '2026-03-10',
  summary: '同意界定为村集体所有',
  decidedTrack: 'collective',
}

/** Records a dispute over a card; the answer is its number. */
export async function recordRestriction(visitor: Visitor, card: string): Promise<string> {
  return placeOf(await visitor.post('/restrictions', { ...dispute(card), token: crypto.randomUUID() }))
}

export function dispute(card: string): Record<string, string> {
  return { card, kind: 'disputed', body: '村民代表李某', since: '2026-03-02', reason: '房屋归属说法不一' }
}

/** Uploads a table of one asset; the answer is the batch's number. */
export async function uploadTable(visitor: Visitor, unit: string, track: string): Promise<string> {
  return placeOf(await visitor.upload('/imports', uploadFields(unit, track), table()))
}

/** The newest mapping, after one more file was confirmed. */
export async function keepMapping(test: TestApp, visitor: Visitor, unit: string, track: string) {
  const no = await uploadTable(visitor, unit, track)
  placeOf(await visitor.post(`/imports/${no}/mapping`, { version: '2' }))
  const [kept] = await test.db((tx) =>
    tx
      .select({ id: importMappings.id, version: importMappings.version })
      .from(importMappings)
      .orderBy(desc(importMappings.id))
      .limit(1),
  )
  if (!kept) throw new Error('no mapping was kept')
  return kept
}

/** A view of the list under a name of its own; the answer is its number. */
export async function keepView(test: TestApp, visitor: Visitor): Promise<string> {
  const name = crypto.randomUUID().slice(0, 30)
  placeOf(await visitor.post('/views', { name, from: '/assets?type=house' }))
  const [kept] = await test.db((tx) =>
    tx.select({ id: savedViews.id }).from(savedViews).where(eq(savedViews.name, name)),
  )
  return kept?.id ?? ''
}

export function uploadFields(unit: string, track: string): Record<string, string> {
  return { unit, track, effectiveOn: '2026-03-01', token: crypto.randomUUID() }
}

/** Never the same twice. */
export function table(): { name: string; bytes: Uint8Array } {
  const text = `资产名称,资产类别,账面原值（元）,备注\n抽水机,设备,1200,${crypto.randomUUID()}\n`
  return { name: '资产.csv', bytes: new TextEncoder().encode(text) }
}

function placeOf(reply: { statusCode: number; headers: Record<string, unknown>; body: string }): string {
  if (reply.statusCode !== 303) throw new Error(`not accepted: ${reply.statusCode} ${reply.body.slice(0, 2000)}`)
  return String(reply.headers.location).split('/')[2] ?? ''
}
