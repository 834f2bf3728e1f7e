import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../../db/schema/access.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { type Account, cast } from '../support/county.ts'
import { roster } from '../support/roster.ts'

let test: TestApp
let xi: Visitor
let an: Visitor
beforeAll(async () => {
  test = await openTestApp()
  xi = await test.as('xi')
  an = await test.as('an')
})
afterAll(() => test.close())

const header = ['姓名', '账号', '联系电话', '单位', '岗位', '条线']
const village = '古井村股份经济合作联合社'
const list = [
  ['王芳', 'wangfang', '13800000001', village, '经办人', '集体'],
  ['李强', 'liqiang', '13800000002', '蓬莱镇财政办', '牵头', '国有'],
]

describe('a list of people', () => {
  it('is offered to the two administrators, each told their part', async () => {
    expect((await xi.get('/imports/new')).body).toContain('按名单建立账号，不授岗位')
    const page = await an.get('/imports/new?target=people')
    expect(page.body).toContain('按名单给已有账号授予岗位')
    expect(page.body).not.toContain('资产属性')
    expect((await (await test.as('zhang')).get('/imports/new?target=people')).statusCode).toBe(404)
    expect((await xi.get('/imports/new?target=cards')).statusCode).toBe(404)
    expect((await (await test.as('shen')).get('/imports/new')).statusCode).toBe(403)
  })

  it('is uploaded, looked at and committed by both, and gives no code and no password', async () => {
    const first = await upload(xi, list)
    const page = (await xi.get(`/imports/${first}`)).body
    expect(page).toContain('wangfang')
    expect(page).toContain('全部导入（2 行）')
    expect(page).not.toContain('资产名称')
    expect((await commit(xi, first)).statusCode).toBe(303)
    const second = await upload(an, list)
    expect((await an.get(`/imports/${second}`)).body).toContain('<del>空</del> → <ins>经办人</ins>')
    expect((await commit(an, second)).statusCode).toBe(303)
    const [wang] = await test.db((tx) => tx.select().from(people).where(eq(people.account, 'wangfang')))
    expect(wang).toMatchObject({ name: '王芳', passwordHash: null })
    const person = (await an.get('/people/wangfang')).body
    expect(person).toContain('经办人（集体） · 古井村股份经济合作联合社')
    expect((await xi.get('/imports')).body).toContain('人员名单')
    const undo = (await xi.get(`/imports/${first}/undo`)).body
    expect(undo).toContain('新建的账号停用，授予的岗位收回')
    expect(undo).not.toMatch(/卡片|台账|数据日期/)
  })

  it('gives codes for its new accounts once, on a sheet, and keeps none of them', async () => {
    const rows = [
      ['吴十', 'wushi', '', village, '经办人', ''],
      ['吴十', 'wushi', '', village, '领导', ''],
      ['郑一', 'zhengyi', '', village, '', ''],
    ]
    const no = await upload(xi, rows)
    expect((await xi.get(`/imports/${no}/codes`)).statusCode).toBe(404)
    await commit(xi, no)
    expect((await xi.get(`/imports/${no}`)).body).toContain(`/imports/${no}/codes`)
    expect((await xi.get(`/imports/${no}/codes`)).body).toContain('生成开通码（2 个账号）')
    expect((await an.post(`/imports/${no}/codes`)).statusCode).toBe(403)
    const sheet = await xi.post(`/imports/${no}/codes`)
    const codes = sheet.body.match(/[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}/g) ?? []
    expect(codes).toHaveLength(2)
    const stored = await test.db((tx) =>
      tx.execute<{ all: string }>(sql`
        select (select jsonb_agg(to_jsonb(e)) from events e)::text || (select jsonb_agg(to_jsonb(t)) from account_tokens t)::text
          || coalesce((select jsonb_agg(to_jsonb(s)) from submissions s)::text, '') as all`),
    )
    for (const code of codes) {
      expect(stored[0]?.all).not.toContain(code)
      expect(stored[0]?.all).not.toContain(code.replaceAll('-', ''))
    }
    const again = await xi.post(`/imports/${no}/codes`)
    expect(again.statusCode).toBe(422)
    expect(again.body).toContain('这批账号都已开通，或开通码还有效')
    const fresh = 'Xinmima-2026-kaitong'
    const used = await test.visitor().post('/activate', { code: codes[0] ?? '', password: fresh, again: fresh })
    expect(used.statusCode).toBe(303)
  })

  it('is decided by who uploaded it: what its rows come to depends on that', async () => {
    const no = await upload(xi, [['陈九', 'chenjiu', '', village, '经办人', '集体']])
    const page = await an.get(`/imports/${no}`)
    expect(page.statusCode).toBe(200)
    expect(page.body).not.toContain('全部导入')
    expect((await commit(an, no)).statusCode).toBe(404)
    expect((await commit(xi, no)).statusCode).toBe(303)
  })

  it('is seen by the administrators of accounts and of roles alone', async () => {
    const no = await upload(xi, list)
    const seen = await Promise.all(
      cast.map(async ([account]) => {
        const visitor = await test.as(account as Account)
        const page = await visitor.get(`/imports/${no}`)
        const inList = (await visitor.get('/imports')).body.includes(no)
        return [account, page.statusCode, inList]
      }),
    )
    for (const [account, status, inList] of seen) {
      const may = account === 'xi' || account === 'an'
      expect([account, status, inList]).toEqual([account, may ? 200 : account === 'shen' ? 403 : 404, may])
    }
  })

  it('C18: is not sent by who does business, whatever the form says', async () => {
    const zhang = await test.as('zhang')
    const sent = await zhang.upload(
      '/imports',
      { target: 'people', unit: '蓬莱镇人民政府', token: 'zhang' },
      { name: '名单.csv', bytes: roster(header, list) },
    )
    expect(sent.statusCode).toBe(404)
    const cards = await xi.upload(
      '/imports',
      { target: 'cards', unit: village, track: 'collective', effectiveOn: '2026-03-01', token: 'xi' },
      { name: '名单.csv', bytes: roster(header, list) },
    )
    expect(cards.statusCode).toBe(404)
  })

  it('C16: refuses a ledger of assets, keeps the unit and says what to bring', async () => {
    const bytes = roster(['资产名称', '使用部门', '账面原值'], [['办公桌', '财政办', '300']])
    const reply = await xi.upload('/imports', { unit: village, token: 'wrong' }, { name: '台账.csv', bytes })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('「姓名」「账号」「单位」「岗位」')
    expect(reply.body).toContain(`value="${village}"`)
  })

  it('asks for a unit that there is, and for a file', async () => {
    const reply = await xi.upload('/imports', { unit: '没有这个单位', token: 'none' }, null)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('没有找到单位“没有这个单位”')
    expect(reply.body).toContain('请选择要导入的人员名单。')
  })

  it('C17: names the row that would give an administrator’s role', async () => {
    const no = await upload(an, [...list, ['周八', 'zhouba', '', village, '审计管理员', '']])
    const page = (await an.get(`/imports/${no}?status=wrong`)).body
    expect(page).toContain('E5 岗位：审计管理员不能通过导入授予，请从名单中删去这一行')
    expect(page).not.toContain('岗位要写明确才能授予')
    const all = await commit(an, no)
    expect(all.statusCode).toBe(422)
    expect(all.body).toContain('还有 1 行有错')
  })
})

async function upload(visitor: Visitor, rows: readonly (readonly string[])[]): Promise<string> {
  const fields = { target: 'people', unit: '蓬莱镇人民政府', token: crypto.randomUUID() }
  const reply = await visitor.upload('/imports', fields, { name: '名单.csv', bytes: roster(header, rows) })
  expect(reply.statusCode, reply.body.slice(0, 3000)).toBe(303)
  return String(reply.headers.location).split('/')[2] ?? ''
}

async function commit(visitor: Visitor, no: string) {
  const [batch] = await test.db((tx) => tx.select().from(importBatches).where(eq(importBatches.no, no)))
  return visitor.post(`/imports/${no}/commit`, {
    action: 'all',
    version: String(batch?.version),
    token: crypto.randomUUID(),
  })
}
