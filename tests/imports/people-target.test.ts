import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memberships, people } from '../../db/schema/access.ts'
import { accountTokens } from '../../db/schema/accounts.ts'
import { importRows } from '../../db/schema/imports.ts'
import { asSystem } from '../../server/access/system.ts'
import { openUnit } from '../../server/access/unit-actions.ts'
import { eventsOf, record } from '../../server/kernel/events.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { commitRoster, readRoster, roster, undoRoster, type Who } from '../support/roster.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())

const header = ['序号', '姓名', '账号', '联系电话', '单位', '岗位', '条线', '任职时间', '截止日期']
const village = '古井村股份经济合作联合社'
const next = '红林村股份经济合作联合社'
const read = (who: Who, rows: readonly (readonly string[])[], more: Parameters<typeof readRoster>[3] = {}) =>
  readRoster(test, who, roster(header, rows), more)
const statuses = (batch: { rows: { row: number; status: string }[] }) =>
  batch.rows.map(({ row, status }) => [row, status])
const told = (
  batch: { rows: { row: number; problems: { message: string }[]; findings: { message: string }[] }[] },
  row: number,
) =>
  batch.rows
    .filter((one) => one.row === row)
    .flatMap(({ problems, findings }) => [...problems, ...findings].map(({ message }) => message))
    .join('\n')
const personOf = async (account: string) => {
  const [person] = await test.db((tx) => tx.select().from(people).where(eq(people.account, account)))
  return person
}
const postsOf = (account: string) =>
  test.db((tx) =>
    tx.execute<{ role: string; track: string; unit: string; from: string; to: string | null; by: string | null }>(sql`
      select m.role, m.track, u.name as unit, m.valid_from as "from", m.valid_to as "to", g.account as by
      from memberships m join people p on p.id = m.person_id join unit_periods u on u.unit_id = m.unit_id
      left join people g on g.id = m.granted_by where p.account = ${account} order by m.id`),
  )
const actions = async (account: string) => {
  const id = (await personOf(account))?.id ?? ''
  return test.db(async (tx) =>
    (await eventsOf(tx, { kind: 'person', id })).map(({ action, detail }) => [action, detail.row]),
  )
}

describe('one list, two administrators', () => {
  const list = [
    ['1', '王芳', 'wangfang', '13800000001', village, '经办人', '集体', '2019年3月', ''],
    ['2', '王芳', 'wangfang', '13800000001', next, '经办人', '集体', '', '2026-12'],
    ['3', '李强', 'liqiang', '', '蓬莱镇财政办', '牵头', '国有', '', ''],
  ]

  it('makes one account of several rows, and no right with it', async () => {
    const batch = await read('xi', list)
    expect(statuses(batch)).toEqual([
      [3, 'new'],
      [4, 'new'],
      [5, 'new'],
    ])
    expect(told(batch, 4)).toContain('与第 3 行是同一人，只建一个账号。')
    await commitRoster(test, 'xi', batch.id)
    expect(await personOf('wangfang')).toMatchObject({ name: '王芳', phone: '13800000001', passwordHash: null })
    expect(await postsOf('wangfang')).toEqual([])
    expect(await actions('wangfang')).toEqual([['person.add', 3]])
    expect(await test.db((tx) => tx.select().from(accountTokens))).toEqual([])
  })

  it('grants the posts of the same list by the other one, several of one person', async () => {
    const batch = await read('an', list)
    expect(statuses(batch)).toEqual([
      [3, 'changed'],
      [4, 'changed'],
      [5, 'changed'],
    ])
    expect(batch.rows[0]?.changes).toEqual({ role: { old: null, new: 'keeper' } })
    await commitRoster(test, 'an', batch.id)
    expect(await postsOf('wangfang')).toEqual([
      { role: 'keeper', track: 'collective', unit: village, from: '2026-03-10', to: null, by: 'an' },
      { role: 'keeper', track: 'collective', unit: next, from: '2026-03-10', to: '2026-12-31', by: 'an' },
    ])
    expect(await actions('wangfang')).toEqual([
      ['person.add', 3],
      ['person.grant', 3],
      ['person.grant', 4],
    ])
  })

  it('comes to nothing when it comes again', async () => {
    expect(statuses(await read('xi', list)).map(([, status]) => status)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ])
    const again = await read('an', list)
    expect(statuses(again).map(([, status]) => status)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    await expect(commitRoster(test, 'an', again.id)).rejects.toThrow('没有可导入的行')
  })

  it('changes name and phone by who makes accounts only', async () => {
    const list = [['1', '王方', 'wangfang', '13800000009', village, '', '', '', '']]
    expect(told(await read('an', [['1', '王方', 'wangfang', '', village, '经办人', '集体', '', '']]), 3)).toContain(
      '账号 wangfang 是王芳的，表里写的是王方，请核对账号或姓名。',
    )
    const batch = await read('xi', list)
    expect(batch.rows[0]?.changes).toEqual({
      name: { old: '王芳', new: '王方' },
      phone: { old: '13800000001', new: '13800000009' },
    })
    await commitRoster(test, 'xi', batch.id)
    expect(await personOf('wangfang')).toMatchObject({ name: '王方', phone: '13800000009' })
  })

  it('does both at once for the operator, who sets the county up', async () => {
    const batch = await read('系统', [
      ['1', '赵敏', 'zhaomin', '', '蓬莱镇财政办', '牵头', '国有', '', ''],
      ['2', '赵敏', 'zhaomin', '', '蓬莱镇人民政府', '领导', '', '', ''],
    ])
    await commitRoster(test, '系统', batch.id)
    expect((await postsOf('zhaomin')).map(({ role, track }) => [role, track])).toEqual([
      ['lead', 'state'],
      ['leader', 'both'],
    ])
  })
})

describe('what a list may not do', () => {
  it('C17: gives no administrator’s role and no role that nobody knows; the message names the row', async () => {
    for (const who of ['xi', 'an', '系统'] as const) {
      const batch = await read(who, [
        ['1', '钱一', 'qianyi', '', village, '安全管理员', '', '', ''],
        ['2', '张会计', 'zhang', '', village, '系统管理员', '', '', ''],
      ])
      expect(statuses(batch).map(([, status]) => status)).toEqual(['wrong', 'wrong'])
      expect(told(batch, 3)).toContain('安全管理员不能通过导入授予，请从名单中删去这一行')
      await expect(commitRoster(test, who, batch.id)).rejects.toThrow('还有 2 行有错')
    }
    const unknown = await read('an', [
      ['1', '张会计', 'zhang', '', next, 'OWNER', '', '', ''],
      ['2', '洪会计', 'hong', '', village, '资产经办', '', '', ''],
    ])
    expect(statuses(unknown)).toEqual([
      [3, 'wrong'],
      [4, 'wrong'],
    ])
    expect(told(unknown, 3)).toContain('岗位要写明确才能授予')
    expect(await personOf('qianyi')).toBeUndefined()
  })

  it('C17: an answer to what a word means gives the role, but never an administrator’s', async () => {
    const list = [['1', '洪会计', 'hong', '', '红林村股份经济合作联合社', '分管', '', '', '']]
    const leader = await read('an', list, { values: { role: { 分管: 'leader' } } })
    expect(statuses(leader)).toEqual([[3, 'changed']])
    const owner = await read('an', list, { values: { role: { 分管: 'audit_administrator' } } })
    expect(statuses(owner)).toEqual([[3, 'wrong']])
  })

  it('keeps the three administrators apart from business, and who made an account from granting to it', async () => {
    const batch = await read('an', [
      ['1', '席工', 'xi', '', village, '经办人', '', '', ''],
      ['2', '安工', 'an', '', village, '经办人', '', '', ''],
    ])
    expect(told(batch, 3)).toContain('管理员不能兼任业务岗位：这段时间已有系统管理员岗位。')
    expect(told(batch, 4)).toContain('不能给自己授予岗位，请由另一位安全管理员办理。')
    const own = await read('xi', [['1', '席工长', 'xi', '', '', '', '', '', '']])
    expect(told(own, 3)).toContain('自己的姓名和电话请由另一位系统管理员修改。')
  })

  it('C18: a unit beyond the chosen one does not resolve, whoever names it', async () => {
    const list = [['1', '石会计', 'shi', '', '石桥村股份经济合作联合社', '经办人', '集体', '', '']]
    for (const who of ['xi', 'an'] as const) {
      const batch = await read(who, list)
      expect(told(batch, 3)).toContain('「石桥村股份经济合作联合社」不归蓬莱镇人民政府管理')
    }
    expect(statuses(await read('an', list, { unit: '大英县财政局' }))).toEqual([[3, 'unchanged']])
  })

  it('makes no account without a name for it, and none twice', async () => {
    const batch = await read('xi', [
      ['1', '孙一', '', '', village, '', '', '', ''],
      ['2', '孙二', '孙二', '', village, '', '', '', ''],
      ['3', '孙三', 'sunsan', '', village, '', '', '', ''],
      ['4', '孙四', 'sunsan', '', next, '', '', '', ''],
      ['5', '', 'sunwu', '', village, '', '', '', ''],
      ['6', '孙六', 'sunliu', '无', village, '', '', '', ''],
    ])
    expect(statuses(batch).map(([, status]) => status)).toEqual(['wrong', 'wrong', 'new', 'wrong', 'wrong', 'new'])
    expect(told(batch, 3)).toContain('没有写账号，也没有手机号可作账号，请补写账号。')
    expect(told(batch, 4)).toContain('账号请用 2 到 40 位字母')
    expect(told(batch, 6)).toContain('第 5 行把账号 sunsan 写给了孙三')
    expect(told(batch, 7)).toContain('没有写姓名')
  })

  it('C16: refuses a table of something else and says what to bring', async () => {
    const assets = roster(
      ['序号', '资产名称', '使用部门', '使用人', '原值'],
      [['1', '办公桌', '财政办', '王芳', '300']],
    )
    await expect(readRoster(test, 'xi', assets)).rejects.toThrow(/「姓名」「账号」「单位」「岗位」/)
    const nobody = roster(['宗地', '亩数'], [['一组', '3']])
    await expect(readRoster(test, 'an', nobody)).rejects.toThrow(/「姓名」「账号」「单位」「岗位」/)
  })

  it('refuses whoever neither makes accounts nor grants roles', async () => {
    for (const who of ['zhang', 'cai', 'shen'] as const) {
      await expect(read(who, [['1', '甲', 'jia', '', village, '经办人', '', '', '']])).rejects.toThrow(
        '人员名单由系统管理员导入建立账号，由安全管理员导入授予岗位。',
      )
    }
  })
})

describe('who and where is meant', () => {
  it('A13: takes the mobile number where no account is written, and finds the person by it again', async () => {
    const list = [['1', '周七', '', '138-0000-0077', village, '', '', '', '']]
    const batch = await read('xi', list)
    expect(told(batch, 3)).toContain('没有写账号，用手机号 13800000077 作账号。')
    await commitRoster(test, 'xi', batch.id)
    expect(await personOf('13800000077')).toMatchObject({ name: '周七' })
    expect(statuses(await read('xi', list))).toEqual([[3, 'unchanged']])
  })

  it('finds a person without an account by the name in the unit, and asks for the account where two are called so', async () => {
    const list = [['1', '张会计', '', '', village, '经办人', '', '', '']]
    expect(statuses(await read('an', list))).toEqual([[3, 'unchanged']])
    const twin = await read('系统', [['1', '张会计', 'zhang2', '', village, '领导', '', '', '']])
    await commitRoster(test, '系统', twin.id)
    const both = await read('an', list)
    expect(told(both, 3)).toContain(`${village}有 2 位张会计，请补写账号，写明是哪一位。`)
  })

  it('A5: makes nothing new for units that are there, and asks what an unknown one is', async () => {
    const before = await test.db((tx) => tx.execute(sql`select count(*)::int as units from units`))
    const list = [
      ['1', '洪会计', 'hong', '', ' 古井村股份经济合作联合社 ', '督导', '', '', ''],
      ['2', '张会计', 'zhang', '', '古井村', '领导', '', '', ''],
    ]
    const batch = await read('an', list)
    expect(told(batch, 4)).toContain('没有找到单位「古井村」，请在“对应栏目”中选定')
    const closed = await read('an', list, { values: { unit: { 古井村: '510923000000X999' } } })
    expect(statuses(closed)[1]).toEqual([4, 'wrong'])
    expect(told(await read('xi', list), 4)).toContain('没有找到单位「古井村」，不影响建立账号')
    const answered = await read('an', list, { values: { unit: { 古井村: test.fixture.codes[village] ?? '' } } })
    expect(statuses(answered)).toEqual([
      [3, 'changed'],
      [4, 'changed'],
    ])
    await commitRoster(test, 'an', answered.id)
    expect((await postsOf('zhang')).map(({ unit }) => unit)).toEqual([village, village])
    expect(await test.db((tx) => tx.execute(sql`select count(*)::int as units from units`))).toEqual(before)
  })

  it('asks which unit is meant where two have one name, and never guesses', async () => {
    await test.db(async (tx) => {
      for (const at of ['510923100210', '510923100215']) {
        await openUnit(tx, asSystem(test.clock), {
          ...{ kind: 'school', name: '中心小学', divisionCode: at, validFrom: '2020-01-01', entityId: null },
          ...{ parentId: test.fixture.units.蓬莱镇人民政府 ?? null, regime: 'government' },
        })
      }
    })
    const list = [['1', '甄干事', 'zhen', '', '中心小学', '经办人', '', '', '']]
    const batch = await read('an', list)
    expect(told(batch, 3)).toContain('有 2 个单位叫「中心小学」，请在“对应栏目”中选定，或改写单位编码。')
    const [school] = await test.db((tx) =>
      tx.execute<{ code: string }>(sql`select code from units where kind = 'school' order by code limit 1`),
    )
    const answered = await read('an', list, { values: { unit: { 中心小学: school?.code ?? '' } } })
    expect(statuses(answered)).toEqual([[3, 'changed']])
  })

  it('takes the same row twice for one', async () => {
    const row = ['1', '龙主任', 'long', '', '蓬莱镇财政办', '督导', '', '', '']
    expect(statuses(await read('an', [row, row]))).toEqual([
      [3, 'changed'],
      [4, 'duplicate'],
    ])
  })

  it('leaves a post as it is that somebody has, and one that is over', async () => {
    const batch = await read('an', [
      ['1', '蔡主任', 'cai', '', '蓬莱镇财政办', '牵头', '国有', '', '2026-06-30'],
      ['2', '侬主任', 'nong', '', '蓬莱镇财政办', '牵头', '国有', '', '2025-12-31'],
    ])
    expect(statuses(batch).map(([, status]) => status)).toEqual(['unchanged', 'wrong'])
    expect(told(batch, 3)).toContain('已有这个岗位；条线或最后一天要改的，请在人员页面办理。')
    expect(told(batch, 4)).toContain('最后一天 2025-12-31 已经过去')
    const [kept] = await test.db((tx) =>
      tx
        .select()
        .from(memberships)
        .where(eq(memberships.personId, test.fixture.people.cai ?? '')),
    )
    expect(kept?.validTo).toBeNull()
  })
})

describe('taken back', () => {
  const list = [
    ['1', '冯一', 'fengyi', '', village, '经办人', '', '', ''],
    ['2', '冯一', 'fengyi', '', next, '经办人', '', '', ''],
    ['3', '冯二', 'fenger', '', village, '领导', '', '', ''],
  ]

  it('disables accounts that nobody has opened, and keeps those that are used', async () => {
    const made = await read('xi', [...list, ['4', '邓局长', 'deng', '', '', '', '', '', '']])
    await commitRoster(test, 'xi', made.id)
    await test.db((tx) => tx.update(people).set({ passwordHash: 'x' }).where(eq(people.account, 'fenger')))
    expect(await undoRoster(test, 'xi', made.id)).toEqual({ voided: 2, restored: 1, kept: 1 })
    expect((await personOf('fengyi'))?.disabledAt).not.toBeNull()
    expect((await personOf('fenger'))?.disabledAt).toBeNull()
    expect(await personOf('deng')).toMatchObject({ name: '邓所长' })
    expect(await actions('fengyi')).toEqual([
      ['person.add', 3],
      ['person.disable', 3],
    ])
    const rows = await test.db((tx) =>
      tx.select().from(importRows).where(eq(importRows.batchId, made.id)).orderBy(importRows.row),
    )
    expect(rows.map(({ kept }) => kept)).toEqual([null, null, '本人已用开通码设好密码', null])
  })

  it('ends the posts it gave, but none that somebody has worked in since', async () => {
    const given = await read('an', [
      ['1', '冯二', 'fenger', '', village, '领导', '', '', ''],
      ['2', '龙主任', 'long', '', '蓬莱镇财政办', '登记', '', '', ''],
    ])
    await commitRoster(test, 'an', given.id)
    await test.db((tx) =>
      record(
        tx,
        asSystem(test.clock),
        { kind: 'person', id: test.fixture.people.long ?? '' },
        { action: 'person.sign-in' },
      ),
    )
    expect(await undoRoster(test, 'an', given.id)).toEqual({ voided: 0, restored: 1, kept: 1 })
    expect(await postsOf('fenger')).toEqual([])
    expect((await postsOf('long')).map(({ role }) => role)).toEqual(['lead', 'registrar'])
  })
})
