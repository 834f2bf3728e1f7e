import { asc, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { importBatches, importRows } from '../../db/schema/imports.ts'
import { events } from '../../db/schema/kernel.ts'
import type { Batch, CommitMode } from '../../imports/target.ts'
import { loadActor } from '../../server/access/actor.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeCard } from '../../server/assets/actions.ts'
import { type CardValues, valuesOf } from '../../server/assets/card.ts'
import { placeHolds, releaseHolds } from '../../server/assets/holds.ts'
import { commitBatch } from '../../server/imports/actions.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { verify } from '../../server/verify/verify.ts'
import { addPhoto, draftDetermination, recordRestriction } from '../guards/every-route.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, storedCard, village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { importing } from '../support/imports.ts'
import { cardsTarget, type SheetRow, stagedBatch } from '../support/staged.ts'
import { ledger } from '../support/workbook.ts'

let test: TestApp
let zhang: Visitor
const way = importing(
  () => test,
  () => zhang,
  village,
)
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(async () => {
  const findings = await test.db((tx) => verify(tx, { today: test.clock.today(), county: '510923' }))
  await test.close()
  expect(findings.filter(({ holds }) => !holds)).toEqual([])
})

describe('undoing an import', () => {
  it('voids what is new and gives back what was changed, from the day of the batch, with events that lead to it', async () => {
    const [code = ''] = await enterCards(test, [{ name: '老井', originalCode: 'UA-1', cost: '100.00', remark: '原样' }])
    const before = await storedCard(test, code)
    const batch = await imported([
      { originalCode: 'UA-1', name: '老井', cost: '250.00' },
      { name: '新井', cost: '5.00' },
    ])
    expect(await storedCard(test, code)).toMatchObject({ cost: '250.00', version: 2 })
    const page = await zhang.get(`/imports/${batch.no}/undo`)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('撤销导入（2 项）')
    const reply = await undo(batch)
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    expect(await storedCard(test, code)).toEqual({
      ...before,
      ...{ version: 3, validFrom: '2026-03-05', updatedAt: test.clock.now() },
    })
    const [made] = await test.db((tx) => tx.select().from(cards).where(eq(cards.name, '新井')))
    expect(made).toMatchObject({ voided: true, version: 2, validFrom: '2026-03-05' })
    const told = await test.db((tx) =>
      tx.select().from(events).where(eq(events.cardId, before.id)).orderBy(asc(events.id)),
    )
    expect(told.at(-1)).toMatchObject({
      action: 'card.import-reverted',
      effectiveOn: '2026-03-05',
      comment: '传错了文件',
      detail: { changes: { cost: { old: '250.00', new: '100.00' } }, document: { no: batch.no }, row: 2, restores: 1 },
    })
    const gone = await zhang.get(`/assets/${made?.code}`)
    expect(gone.body).toContain('那批导入已撤销')
    expect(gone.body).toContain(`/imports/${batch.no}`)
    const [stored] = await test.db((tx) => tx.select().from(importBatches).where(eq(importBatches.id, batch.id)))
    expect(stored).toMatchObject({ state: 'undone', undoneAt: test.clock.now() })
    const after = await zhang.get(`/imports/${batch.no}/undo`)
    expect(after.body).toContain('张会计')
    expect(after.body).toContain('传错了文件')
    expect(await keptOf(batch)).toEqual([])
  })

  it('is done once, by who enters for the unit, with a reason', async () => {
    const batch = await imported([{ name: '一次', cost: '5.00' }])
    const without = await undo(batch, { reason: '' })
    expect(without.statusCode).toBe(422)
    expect(without.body).toContain('请填写撤销原因')
    const hong = await test.as('hong')
    expect((await hong.post(`/imports/${batch.no}/undo`, await form(batch))).statusCode).toBe(404)
    const ji = await test.as('ji')
    expect((await ji.post(`/imports/${batch.no}/undo`, await form(batch))).statusCode).toBe(403)
    expect((await ji.get(`/imports/${batch.no}`)).body).not.toContain('撤销导入')
    expect((await ji.get(`/imports/${batch.no}/undo`)).statusCode).toBe(303)
    const sent = await form(batch)
    const nong = await test.as('nong')
    const replies = await Promise.all(
      [zhang, nong, zhang, nong].map((who) => who.post(`/imports/${batch.no}/undo`, sent)),
    )
    expect(replies.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1)
    expect((await undo(batch)).statusCode).toBe(422)
    expect((await ji.get(`/imports/${batch.no}/undo`)).statusCode).toBe(200)
  })
})

describe('what is kept', () => {
  it('is every card that something has happened to since, each with the reason and the way to it', async () => {
    const names = ['改', '占', '放', '界', '争', '材', '不同', '又导', '不动']
    const [other = ''] = await enterCards(test, [{ name: '别的' }])
    const batch = await imported(names.map((name) => ({ name: `留${name}`, originalCode: `K-${name}`, cost: '5.00' })))
    const code = new Map(await Promise.all(names.map(async (name) => [name, await codeOf(`留${name}`)] as const)))
    const of = (name: string) => code.get(name) ?? ''
    await edit(of('改'))
    const document = { kind: 'other', id: '1', no: 'YJ-1', path: '/transfers/1' }
    const by = await acting()
    for (const [name, no] of [
      ['占', 'YJ-1'],
      ['放', 'YJ-2'],
    ] as const) {
      const { id } = await storedCard(test, of(name))
      await test.db((tx) => placeHolds(tx, by, [{ cardId: id }], 'transferring', { ...document, id: no.slice(3), no }))
    }
    await test.db((tx) => releaseHolds(tx, by, { ...document, id: '2', no: 'YJ-2' }))
    const determination = await draftDetermination(zhang, of('界'), village, false)
    const restriction = await recordRestriction(zhang, of('争'))
    await addPhoto(test, zhang, of('材'))
    await zhang.post(`/assets/duplicates/${of('不同')}/${other}/apart`, { reason: '两处' })
    const later = await imported([{ name: '留又导', originalCode: 'K-又导', cost: '6.00' }])
    const wanted = [
      [2, `导入后修改过`],
      [3, '事项 YJ-1 占用它'],
      [4, '事项 YJ-2 占用过它'],
      [5, `权属界定 ${determination} 写到它`],
      [6, `限制登记 ${restriction} 写到它`],
      [7, expect.stringContaining('附有材料')],
      [8, `已确认与 ${other} 是两项资产`],
      [9, `后来的导入更新过它：${later.no}`],
    ]
    const page = await zhang.get(`/imports/${batch.no}/undo`)
    expect(page.body).toContain('撤销导入（1 项）')
    for (const href of [
      '/transfers/1',
      `/determinations/${determination}`,
      `/restrictions/${restriction}`,
      `/imports/${later.no}`,
    ]) {
      expect(page.body).toContain(`href="${href}"`)
    }
    const reply = await undo(batch)
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    expect(await keptOf(batch)).toEqual(wanted)
    for (const name of names) expect([name, (await storedCard(test, of(name))).voided]).toEqual([name, name === '不动'])
    const result = await zhang.get(`/imports/${batch.no}/undo`)
    expect(result.body).toContain(`/assets/${of('改')}`)
    expect(result.body).toContain(`后来的导入更新过它：${later.no}`)
  })

  it('leaves what hung on a card before the import out of it', async () => {
    const [code = ''] = await enterCards(test, [{ name: '早有材料', originalCode: 'B-1', cost: '1.00' }])
    await addPhoto(test, zhang, code)
    await recordRestriction(zhang, code)
    test.clock.set('2026-03-10T02:10:00Z')
    const batch = await imported([{ name: '早有材料', originalCode: 'B-1', cost: '2.00' }])
    expect((await undo(batch)).statusCode).toBe(303)
    expect(await storedCard(test, code)).toMatchObject({ cost: '1.00', version: 3 })
  })

  it('is said when it is everything, and nothing is undone', async () => {
    const batch = await imported([{ name: '都改了' }])
    await edit(await codeOf('都改了'))
    expect((await zhang.get(`/imports/${batch.no}/undo`)).body).toContain('不能撤销')
    const reply = await undo(batch)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('导入后都已有变动')
    expect(await keptOf(batch)).toEqual([])
  })

  it('is shown in pages where there is much of it', async () => {
    const names = Array.from({ length: 53 }, (_, at) => `多${at}`)
    const batch = await imported(names.map((name) => ({ name })))
    for (const name of names.slice(0, 52)) await edit(await codeOf(name))
    const first = await zhang.get(`/imports/${batch.no}/undo`)
    expect(first.body).toContain(await codeOf('多49'))
    expect(first.body).not.toContain(await codeOf('多50'))
    expect((await zhang.get(`/imports/${batch.no}/undo?page=2`)).body).toContain(await codeOf('多51'))
    expect((await undo(batch)).statusCode).toBe(303)
    expect((await zhang.get(`/imports/${batch.no}/undo?page=2`)).body).toContain(await codeOf('多50'))
  })
})

describe('several batches', () => {
  it('are undone from the last to the first, back to the beginning', async () => {
    const [code = ''] = await enterCards(test, [{ name: '两批', originalCode: 'L-1', cost: '1.00' }])
    const before = await storedCard(test, code)
    const first = await imported([
      { name: '两批', originalCode: 'L-1', cost: '2.00' },
      { name: '两批新', originalCode: 'L-2', cost: '7.00' },
    ])
    const second = await imported([
      { name: '两批', originalCode: 'L-1', cost: '3.00' },
      { name: '两批新', originalCode: 'L-2', cost: '8.00' },
    ])
    expect((await undo(first)).statusCode).toBe(422)
    expect((await undo(second)).statusCode).toBe(303)
    expect(await storedCard(test, code)).toMatchObject({ cost: '2.00', version: 4 })
    expect((await undo(first)).statusCode).toBe(303)
    expect(await storedCard(test, code)).toEqual({
      ...before,
      version: 5,
      validFrom: '2026-03-05',
      updatedAt: test.clock.now(),
    })
    expect(await storedCard(test, await codeOf('两批新'))).toMatchObject({ voided: true, cost: '7.00', version: 4 })
  })

  it('of different days leave the card from the later day on as it was', async () => {
    const [code = ''] = await enterCards(test, [{ name: '两日', originalCode: 'T-1', cost: '1.00' }])
    const first = await imported([{ name: '两日', originalCode: 'T-1', cost: '2.00' }], '2026-03-04')
    const second = await imported([{ name: '两日', originalCode: 'T-1', cost: '3.00' }], '2026-03-06')
    for (const batch of [second, first]) expect((await undo(batch)).statusCode).toBe(303)
    expect(await storedCard(test, code)).toMatchObject({ cost: '1.00', version: 5, validFrom: '2026-03-06' })
  })

  it('keep a card that was changed by hand between them', async () => {
    const [code = ''] = await enterCards(test, [{ name: '夹改', originalCode: 'J-1', cost: '1.00' }])
    const first = await imported([{ name: '夹改', originalCode: 'J-1', cost: '2.00' }, { name: '夹改陪' }])
    await edit(code)
    const second = await imported([{ name: '夹改', originalCode: 'J-1', cost: '3.00' }])
    expect((await undo(second)).statusCode).toBe(303)
    expect((await undo(first)).statusCode).toBe(303)
    expect(await keptOf(first)).toEqual([[2, '导入后修改过']])
    expect(await storedCard(test, code)).toMatchObject({ cost: '2.00', remark: '手改' })
  })
})

describe('the same file after an undo', () => {
  it('is imported again with new codes, and says that it was undone', async () => {
    const bytes = await ledger([[1, '重来', 'CL-1', '一组', '2010', 3, null, null]])
    const no = await uploadAndCommit(bytes)
    const [old] = await cardsNamed('重来')
    const [batch] = await test.db((tx) => tx.select().from(importBatches).where(eq(importBatches.no, no)))
    await zhang.post(`/imports/${no}/undo`, { reason: '传错了文件', version: String(batch?.version) })
    const again = await upload(bytes)
    const page = await zhang.get(`/imports/${again}`)
    expect(page.body).toContain('已撤销，可以重新导入')
    expect(page.body).toContain(`/imports/${no}`)
    await way.commit(again)
    const both = await cardsNamed('重来')
    expect(both.map(({ voided }) => voided)).toEqual([true, false])
    const third = await upload(bytes)
    expect((await zhang.get(`/imports/${third}`)).body).toContain('这份文件已经导入过')
    const spent = await imported([{ name: '旧号', code: old?.code ?? '' }, { name: '旧号陪' }], '2026-03-05', 'good')
    const [row] = await test.db((tx) =>
      tx.select().from(importRows).where(eq(importRows.batchId, spent.id)).orderBy(importRows.row),
    )
    expect(row?.status).toBe('wrong')
    expect(row?.findings[0]?.message).toBe(
      `台账中没有编号 ${old?.code} 的资产，作废的编号也不再用，请核对，或把编号留空取得新编号。`,
    )
  })
})

describe('suspected duplicates of an import', () => {
  it('are counted on its page and one click away, with the filter shown and removable', async () => {
    const [one = '', two = ''] = await enterCards(test, [
      { name: '甲屋', certificate: '川A0001' },
      { name: '乙屋', certificate: '川A0001' },
      { name: '丙屋', originalCode: 'D-9', certificate: '川B0002' },
    ])
    const batch = await imported([{ name: '别名丙屋', originalCode: 'D- 9' }])
    const other = await imported([{ name: '无人相像', originalCode: 'D-10' }])
    expect((await zhang.get(`/imports/${batch.no}`)).body).toContain('疑似重复 1 项')
    expect((await zhang.get(`/imports/${other.no}`)).body).not.toContain('疑似重复')
    expect((await zhang.get(`/assets/duplicates`)).body).toContain(one)
    const page = await zhang.get(`/assets/duplicates?batch=${batch.no}`)
    expect(page.body).toContain(await codeOf('别名丙屋'))
    expect(page.body).toContain(await codeOf('丙屋'))
    for (const code of [one, two]) expect(page.body).not.toContain(code)
    expect(page.body).toContain('共 1 组，2 张卡片')
    expect(page.body).toContain(`导入批次：${batch.no}`)
    expect(page.body).toContain('href="/assets/duplicates"')
    expect((await zhang.get(`/assets/duplicates?batch=${other.no}`)).body).toContain('这批导入没有疑似重复')
    const shi = await test.as('shi')
    expect((await shi.get(`/assets/duplicates?batch=${batch.no}`)).body).not.toContain(await codeOf('丙屋'))
    expect((await undo(batch)).statusCode).toBe(303)
    expect((await zhang.get(`/assets/duplicates?batch=${batch.no}`)).body).toContain('这批导入没有疑似重复')
  })
})

const upload = (bytes: Uint8Array) => way.upload(bytes, { effectiveOn: '2026-03-05' })

async function uploadAndCommit(bytes: Uint8Array): Promise<string> {
  const no = await upload(bytes)
  expect((await way.commit(no)).statusCode).toBe(303)
  return no
}

const cardsNamed = (name: string) =>
  test.db((tx) => tx.select().from(cards).where(eq(cards.name, name)).orderBy(cards.id))

async function codeOf(name: string): Promise<string> {
  return (await cardsNamed(name))[0]?.code ?? ''
}

async function edit(code: string): Promise<void> {
  const card = await storedCard(test, code)
  const effect = { action: 'card.edit', effectiveOn: '2026-03-05' }
  await test.db((tx) => changeCard(tx, asSystem(test.clock), card, { ...valuesOf(card), remark: '手改' }, effect))
}

async function acting(account: Account = 'zhang'): Promise<Acting> {
  const actor = await test.db((tx) => loadActor(tx, test.fixture.people[account] ?? '', test.clock.today()))
  if (!actor) throw new Error(`no ${account}`)
  return { actor, clock: test.clock, requestId: null }
}

async function imported(
  rows: readonly Partial<CardValues & { code: string }>[],
  effectiveOn = '2026-03-05',
  mode: CommitMode = 'all',
): Promise<Batch> {
  const by = await acting()
  const unitId = test.fixture.units[village] ?? ''
  return test.db(async (tx) => {
    const sheet: SheetRow[] = rows.map((values) => ({ values }))
    const batch = await stagedBatch(tx, by, { unitId, rows: sheet, effectiveOn })
    await commitBatch(tx, by, cardsTarget(by), batch.id, { version: 1, mode })
    return batch
  })
}

async function form(batch: Batch) {
  const [row] = await test.db((tx) => tx.select().from(importBatches).where(eq(importBatches.id, batch.id)))
  return { reason: '传错了文件', version: String(row?.version) }
}

async function undo(batch: Batch, more: Record<string, string> = {}) {
  return zhang.post(`/imports/${batch.no}/undo`, { ...(await form(batch)), ...more })
}

async function keptOf(batch: Batch): Promise<[number, string | null][]> {
  const rows = await test.db((tx) =>
    tx
      .select()
      .from(importRows)
      .where(sql`${importRows.batchId} = ${batch.id} and ${importRows.kept} is not null`)
      .orderBy(importRows.row),
  )
  return rows.map(({ row, kept }) => [row, kept])
}
