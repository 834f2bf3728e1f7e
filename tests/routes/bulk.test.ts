import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importBatches, importMappings } from '../../db/schema/imports.ts'
import { events } from '../../db/schema/kernel.ts'
import { loadActor } from '../../server/access/actor.ts'
import { reachesOf } from '../../server/assets/bulk.ts'
import { bulkFields } from '../../server/assets/bulk-form.ts'
import type { Reading } from '../../server/imports/actions.ts'
import { verify } from '../../server/verify/verify.ts'
import { openTestApp, type Reply, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, storedCard, village } from '../support/cards.ts'
import { importing, numberOf } from '../support/imports.ts'

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

const idle = { usage: 'idle', idleSince: '2025-09', effectiveOn: '2026-03-05', reason: '3 月清查' }
const edit = (query: string, fields: Record<string, string> = idle, by = zhang): Promise<Reply> =>
  by.post(`/assets/bulk?${query}`, { token: crypto.randomUUID(), ...fields })
const of = (codes: readonly string[]) => codes.map((code) => `code=${code}`).join('&')
const q = (text: string) => `q=${encodeURIComponent(text)}`

describe('editing in bulk', () => {
  it('shows what would change, changes it once it is confirmed, and takes it back to the byte', async () => {
    const codes = await enterCards(test, [
      { name: '甲楼教室', usage: 'in_use', cost: '10.00', remark: '原样' },
      { name: '乙楼教室', usage: 'idle', idleSince: '2025-09' },
      { name: '丙楼教室', usage: null },
      { name: '食堂', usage: 'in_use' },
    ])
    const before = await Promise.all(codes.map((code) => stateOf(code)))
    const form = await zhang.get(`/assets/bulk?${q('楼教室')}`)
    expect(form.statusCode).toBe(200)
    expect(form.body).toContain('符合条件的 3 项资产')
    const no = numberOf(await edit(q('楼教室')))
    const batch = await way.batchOf(no)
    expect(batch).toMatchObject({
      ...{ state: 'checked', origin: 'edit', reason: '3 月清查', fileName: '批量修改：使用状况、闲置起始时间' },
      ...{ effectiveOn: '2026-03-05', track: 'collective' },
    })
    expect(batch.counts).toMatchObject({ new: 0, changed: 2, unchanged: 1, wrong: 0 })
    const page = await zhang.get(`/imports/${no}`)
    for (const text of ['依据或原因：3 月清查', '全部修改（2 项）', '取消修改', '批量修改']) {
      expect(page.body).toContain(text)
    }
    expect((await zhang.get(`/imports/${no}/rows/4`)).statusCode).toBe(404)
    for (const text of ['上传', '工作表', '栏目对应', '原表', '文件', '不是同一项', '新增'])
      expect(main(page)).not.toContain(text)
    expect((await way.commit(no)).statusCode).toBe(303)
    expect(await storedCard(test, codes[0] ?? '')).toMatchObject({
      ...{ usage: 'idle', idleSince: '2025-09-01', idlePrecision: 'month', validFrom: '2026-03-05' },
      ...{ cost: '10.00', remark: '原样', version: 2 },
    })
    expect(await storedCard(test, codes[1] ?? '')).toMatchObject({ version: 1 })
    expect(await storedCard(test, codes[3] ?? '')).toMatchObject({ usage: 'in_use', version: 1 })
    expect((await zhang.get(`/imports/${no}`)).body).toContain('已修改 2 项。')
    expect((await zhang.get('/imports')).body).toContain('批量修改：使用状况')
    const undo = await zhang.get(`/imports/${no}/undo`)
    expect(undo.body).toContain('撤销修改（2 项）')
    expect(main(undo)).not.toMatch(/上传|导入前|导入后/)
    const { version } = await way.batchOf(no)
    const undone = await zhang.post(`/imports/${no}/undo`, {
      ...{ version: String(version), reason: '看错了', token: crypto.randomUUID() },
    })
    expect(undone.statusCode, undone.body.slice(0, 2000)).toBe(303)
    expect(await Promise.all(codes.map((code) => stateOf(code)))).toEqual(before)
  })

  it('is told by one event of the batch with labels, values and reason, and remembers no mapping', async () => {
    await enterCards(test, [{ name: '记事石碑' }])
    const no = numberOf(await edit(q('记事石碑'), { ...idle, keeper: '王保管' }))
    const batch = await way.batchOf(no)
    const told = await test.db((tx) => tx.select().from(events).where(eq(events.batchId, batch.id)))
    expect(told).toMatchObject([
      {
        action: 'import.bulk-edit',
        comment: '使用状况改为“闲置”，闲置起始时间改为“2025-09”，保管人改为“王保管”。依据或原因：3 月清查',
        detail: {
          fields: { 使用状况: '闲置', 闲置起始时间: '2025-09', 保管人: '王保管' },
          reason: '3 月清查',
        },
      },
    ])
    const mapping = await zhang.post(`/imports/${no}/mapping`, {
      ...{ version: String(batch.version), token: crypto.randomUUID() },
    })
    expect(mapping.statusCode).toBe(303)
    expect(await test.db((tx) => tx.$count(importMappings))).toBe(0)
  })

  it('asks nothing, whatever fields are filled in', async () => {
    const [code = ''] = await enterCards(test, [{ name: '百样物件', cardType: 'house' }])
    const values: Record<string, string> = Object.fromEntries(
      bulkFields.map(({ key, kind, choices, label }) => [
        key,
        choices?.[1]?.value ?? (kind === 'date' ? '2024' : kind === 'unit' ? '蓬莱镇人民政府' : `=${label}-1`),
      ]),
    )
    const no = numberOf(await edit(of([code]), { ...values, effectiveOn: '2026-03-05', reason: '全填' }))
    const batch = await way.batchOf(no)
    const { questions, columns } = batch.reading as Reading
    expect(batch.state).toBe('checked')
    expect(questions).toEqual([])
    expect(columns.filter(({ field }) => field !== null).map(({ field }) => field)).toEqual([
      ...['code', 'name'],
      ...bulkFields.map(({ key }) => key),
    ])
    await way.commit(no)
    const { usingUnit, idleSince, ...plain } = values
    expect(await storedCard(test, code)).toMatchObject({
      ...{ ...plain, version: 2, idleSince: `${idleSince}-01-01`, extra: {} },
      userUnitId: test.fixture.units[usingUnit ?? ''],
    })
  })

  it('of what is so already comes to nothing, and says so', async () => {
    await enterCards(test, [{ name: '重做的事' }])
    const first = numberOf(await edit(q('重做的事')))
    await way.commit(first)
    const second = numberOf(await edit(q('重做的事')))
    expect((await way.batchOf(second)).counts).toMatchObject({ changed: 0, unchanged: 1 })
    const page = await zhang.get(`/imports/${second}`)
    expect(page.body).toContain('这些资产已经是要改成的样子')
    expect(page.body).toContain('同样的修改已经做过')
  })

  it('takes the ticked cards alone, and none without a tick', async () => {
    const codes = await enterCards(test, [{ name: '一号凳' }, { name: '二号凳' }, { name: '三号凳' }])
    const no = numberOf(await edit(`ticked=1&${of(codes.slice(0, 2))}`))
    expect((await way.rowsOf(no)).map(({ values }) => values.code).sort()).toEqual(codes.slice(0, 2).sort())
    const none = await zhang.get('/assets/bulk?ticked=1')
    expect(none.statusCode).toBe(422)
    expect(none.body).toContain('请先在台账里勾选要修改的资产')
  })

  it('shows a held card as one that cannot be changed, with the reason', async () => {
    const [held = ''] = await enterCards(test, [{ name: '押着的秤' }, { name: '没押的秤' }])
    await test.db((tx) =>
      tx.execute(sql`
        insert into holds (card_id, parts, kind, document_kind, document_id, document_no, document_path, since)
        select id, '(,)', 'transferring', 'transfer', 1, 'YJ2026-0001', '/transfers/YJ2026-0001', now() from cards where code = ${held}`),
    )
    const no = numberOf(await edit(q('押的秤')))
    const page = await zhang.get(`/imports/${no}`)
    expect(page.body).toContain('没押的秤')
    const both = numberOf(await edit(q('的秤')))
    expect((await way.batchOf(both)).counts).toMatchObject({ changed: 1, wrong: 1 })
    const shown = await zhang.get(`/imports/${both}`)
    expect(shown.body).toContain('移交中（YJ2026-0001）')
    expect(shown.body).toContain('只修改可以改的（1 项）')
    await way.commit(both, 'good')
    expect(await storedCard(test, held)).toMatchObject({ version: 1 })
    await test.db((tx) => tx.execute(sql`delete from holds where document_no = 'YJ2026-0001'`))
  })

  it('names every mistake and keeps what was written', async () => {
    await enterCards(test, [{ name: '错填的柜' }])
    const blank = await edit(q('错填的柜'), { effectiveOn: '2026-03-05', reason: '试', keeper: '   ' })
    expect(blank.statusCode).toBe(422)
    expect(blank.body).toContain('请至少填写一栏要改成的内容')
    const late = await edit(q('错填的柜'), { ...idle, effectiveOn: '2099-01-01', keeper: '李四' })
    expect(late.statusCode).toBe(422)
    expect(late.body).toContain('数据日期不能晚于今天')
    expect(late.body).toContain('value="李四"')
    const bare = await edit(q('错填的柜'), { ...idle, reason: '', usingUnit: '没有的单位', idleSince: '很久以前' })
    for (const text of ['请填写依据或原因', '没有找到“没有的单位”', '闲置起始时间写不成日期'])
      expect(bare.body).toContain(text)
    expect((await edit(q('错填的柜'), { ...idle, usage: 'disposed' })).body).toContain('请从列表中选择使用状况')
    expect(await test.db((tx) => tx.$count(importBatches, sql`reason = '试'`))).toBe(0)
  })

  it('of the past, of nothing and of too many is refused in a sentence', async () => {
    expect((await zhang.get('/assets/bulk?asOf=2026-01-01')).body).toContain('以前某一天的台账不能修改')
    const nothing = await zhang.get(`/assets/bulk?${q('没有这样的东西')}`)
    expect(nothing.statusCode).toBe(422)
    expect(nothing.body).toContain('没有您可以修改的资产')
    await enterCards(test, [{ name: '多多椅' }, { name: '多多椅' }, { name: '多多椅' }])
    const today = test.clock.today()
    const tooMany = test.db(async (tx) => {
      const actor = await loadActor(tx, test.fixture.people.zhang ?? '', today)
      return actor && reachesOf(tx, actor, { q: '多多椅' }, today, 2)
    })
    await expect(tooMany).rejects.toThrow('一次最多修改 2 项')
  })

  it('is done once however often the form is sent, and no stale page commits it', async () => {
    await enterCards(test, [{ name: '双击的钟' }])
    const fields = { ...idle, token: crypto.randomUUID() }
    const first = numberOf(await edit(q('双击的钟'), fields))
    expect(numberOf(await edit(q('双击的钟'), fields))).toBe(first)
    const { version } = await way.batchOf(first)
    const stale = await zhang.post(`/imports/${first}/commit`, { action: 'all', version: String(version - 1) })
    expect(stale.statusCode).toBe(409)
  })

  it('is for who keeps the cards: their own, one unit and track at a time', async () => {
    const [code = ''] = await enterCards(test, [{ name: '两线的桥' }])
    const [other = ''] = await enterCards(test, [
      { name: '两线的桥', track: 'state', ownerUnit: test.fixture.units.隆盛镇人民政府 ?? '' },
    ])
    const [nong, ji, long] = [await test.as('nong'), await test.as('ji'), await test.as('long')]
    expect((await ji.get('/assets/bulk')).statusCode).toBe(403)
    expect((await edit(of([code]), idle, ji)).statusCode).toBe(403)
    expect((await edit(of([code]), idle, long)).statusCode).toBe(422)
    const mine = numberOf(await edit(of([code, other])))
    expect((await way.rowsOf(mine)).map(({ values }) => values.code)).toEqual([code])
    expect(numberOf(await edit(of([code]), idle, nong))).toMatch(/^DR/)
  })

  it('names the units when there are several, and takes the one that is chosen', async () => {
    const unit = (name: string) => test.fixture.units[name] ?? ''
    await enterCards(test, [
      { name: '各家的碾子' },
      { name: '各家的碾子', ownerUnit: unit('古井村村民委员会'), track: 'state' },
      { name: '各家的碾子', ownerUnit: unit('古井村村民委员会'), track: 'collective' },
    ])
    const zhen = await test.as('zhen')
    const form = await zhen.get(`/assets/bulk?${q('各家的碾子')}`)
    expect(form.body).toContain('蓬莱镇人民政府 · 集体（2 项）')
    expect(form.body).toContain('蓬莱镇人民政府 · 国有（1 项）')
    const unsaid = await edit(q('各家的碾子'), idle, zhen)
    expect(unsaid.statusCode).toBe(422)
    expect(unsaid.body).toContain('请选择这次修改哪个单位、哪种属性的资产')
    const reach = `${test.fixture.codes.蓬莱镇人民政府}-state`
    const no = numberOf(await edit(q('各家的碾子'), { ...idle, reach }, zhen))
    expect(await way.batchOf(no)).toMatchObject({ track: 'state', counts: { changed: 1, wrong: 0 } })
    expect(await way.rowsOf(no)).toHaveLength(1)
  })

  it('keeps the order of the list, and the filter of its fields', async () => {
    const named = ['甲', '乙', '丙'].map((name, at) => ({
      name: `排队的${name}`,
      cost: `${3 - at}.00`,
      usage: 'leased',
    }))
    await enterCards(test, [...named, { name: '排队的丁', cost: '9.00', usage: 'lent' }])
    const no = numberOf(await edit(`${q('排队的')}&usage=leased&sort=cost`, { ...idle, lessee: '不在表里' }))
    expect((await way.rowsOf(no)).map(({ values }) => values.name)).toEqual(['排队的丙', '排队的乙', '排队的甲'])
    expect(main(await zhang.get(`/assets?${q('排队的')}&usage=leased`))).toContain('批量修改全部')
    expect((await zhang.get('/assets?asOf=2026-01-01')).body).not.toContain('批量修改')
    expect((await (await test.as('ji')).get('/assets')).body).not.toContain('批量修改')
  })
})

/** The card to the byte, but for what counts its states. */
async function stateOf(code: string): Promise<unknown> {
  const [row] = await test.db((tx) =>
    tx.execute<{ state: unknown }>(
      sql`select to_jsonb(c) - '{version,valid_from,updated_at}'::text[] as state from cards c where code = ${code}`,
    ),
  )
  return row?.state
}

/** What the page itself says, its frame left out. */
function main({ body }: Reply): string {
  return /<main[\s\S]*<\/main>/.exec(body)?.[0] ?? ''
}
