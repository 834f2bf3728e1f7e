import { readFile } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApp, type TestApp } from '../support/app.ts'
import { enterCards } from '../support/cards.ts'

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
