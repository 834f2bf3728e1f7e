import { readFile } from 'node:fs/promises'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { loadActor } from '../../server/access/actor.ts'
import { changeCard } from '../../server/assets/actions.ts'
import { valuesOf } from '../../server/assets/card.ts'
import { commitBatch } from '../../server/imports/actions.ts'
import { undoBatch } from '../../server/imports/undo.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import { cardsTarget, stagedBatch } from '../support/staged.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())

it('basis papers of old determinations become papers that hang on them', async () => {
  const [card = ''] = await enterCards(test, [{ name: '原古井小学', cardType: 'house' }])
  const zhang = await test.as('zhang')
  const said = { reason: '不清', proposedOwner: '蓬莱镇人民政府', proposedTrack: 'state' }
  const reply = await zhang.post('/determinations', { cards: card, ...said })
  const migration = await readFile(new URL('../../db/migrations/0004_papers.sql', import.meta.url), 'utf8')
  await test.db(async (tx) => {
    await tx.execute(sql`
      create table determination_papers (id bigint generated always as identity, determination_id bigint not null,
        kind text not null, no text, issuer text, issued_on date)`)
    await tx.execute(sql`
      insert into determination_papers (determination_id, kind, no, issuer, issued_on)
      select d.id, x.* from determinations d,
        (values ('建设批复', '蓬府〔2004〕7 号', '蓬莱镇人民政府', date '2004-03-02'), ('历史档案', null, null, null)) x`)
    for (const statement of migration.split('--> statement-breakpoint')) await tx.execute(sql.raw(statement))
  })
  const papers = await test.db((tx) =>
    tx.execute(sql`
      select p.kind, p.title, p.no, p.issued_on::text as day, p.issued_precision, w.account
      from papers p join paper_links l on l.paper_id = p.id join determinations d on d.id = l.determination_id
      left join people w on w.id = p.added_by order by p.kind desc`),
  )
  expect([...papers]).toEqual([
    {
      kind: 'reply',
      title: '建设批复',
      no: '蓬府〔2004〕7 号',
      day: '2004-03-02',
      issued_precision: 'day',
      account: 'zhang',
    },
    { kind: 'other', title: '历史档案', no: null, day: null, issued_precision: null, account: 'zhang' },
  ])
  const page = await zhang.get(String(reply.headers.location))
  expect(page.body).toContain('蓬府〔2004〕7 号 · 蓬莱镇人民政府 · 2004-03-02')
})

it('an import that was committed before imports could be undone is undone like any other', async () => {
  const migration = await readFile(new URL('../../db/migrations/0006_imports.sql', import.meta.url), 'utf8')
  const unitId = test.fixture.units[village] ?? ''
  await test.db(async (tx) => {
    const actor = await loadActor(tx, test.fixture.people.zhang ?? '', test.clock.today())
    if (!actor) throw new Error('no zhang')
    const acting: Acting = { actor, clock: test.clock, requestId: null }
    const rows = [
      { values: { name: '旧磨', originalCode: 'JM-1' } },
      { values: { name: '旧碾', originalCode: 'JM-2' } },
    ]
    const batch = await stagedBatch(tx, acting, { unitId, rows, effectiveOn: '2026-03-05' })
    await commitBatch(tx, acting, cardsTarget(acting), batch.id, { version: 1, mode: 'all' })
    await tx.execute(sql`update import_rows set entry_version = 1 where batch_id = ${batch.id}`)
    for (const statement of migration.split('--> statement-breakpoint')) {
      if (/^\s*(?:--[^\n]*\n)*UPDATE/.test(statement)) await tx.execute(sql.raw(statement))
    }
    const [edited] = await tx.select().from(cards).where(eq(cards.originalCode, 'JM-2'))
    if (!edited) throw new Error('no card')
    const effect = { action: 'card.edit', effectiveOn: '2026-03-06' }
    await changeCard(tx, acting, edited, { ...valuesOf(edited), remark: '已核实' }, effect)
    const counts = await undoBatch(tx, acting, cardsTarget(acting), batch.id, { version: 2, reason: '重来' })
    expect(counts).toEqual({ voided: 1, restored: 0, kept: 1 })
    const voided = await tx.select({ code: cards.originalCode }).from(cards).where(eq(cards.voided, true))
    expect(voided).toEqual([{ code: 'JM-1' }])
  })
})
