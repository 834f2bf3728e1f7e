import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { events } from '../../db/schema/kernel.ts'
import { addSurplus } from '../../server/inventory/lines/surplus-actions.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import { type Desk, filledSheet } from '../support/count-sheets.ts'
import { importing } from '../support/imports.ts'
import { acted, counted, issueCall, linesOf, stepped } from '../support/inventory.ts'

let test: TestApp
let zhang: Visitor
const { batchOf, commit, rowsOf } = importing(
  () => test,
  () => zhang,
  village,
)
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
  await enterCards(test, [
    { name: '课桌', quantity: '10', cost: '1000.01', depreciation: '100.00', usage: 'in_use', location: '村小学' },
    { name: '电脑', cardType: 'equipment', quantity: '1', cost: '5000.00' },
    { name: '文件柜', quantity: '3', cost: '600.00', keeper: '李四' },
    { name: '水泵', cardType: 'equipment', quantity: '2', cost: '900.00' },
  ])
})
afterAll(() => test.close())

type Count = { id: string; no: string }
const call = async (units: readonly string[] = [village]) => (await issueCall(test, { units })).counts
const one = async (): Promise<Count> => (await call())[village] ?? { id: '', no: '' }
const lineOf = async ({ id }: Count, name: string) => {
  const line = (await linesOf(test, id)).find((candidate) => candidate.name === name)
  if (!line) throw new Error(`no line ${name}`)
  return line
}

async function brought(count: Count, bytes: Uint8Array, by = zhang) {
  const fields = { target: 'count-lines', count: count.no, token: crypto.randomUUID() }
  return by.upload('/imports', fields, { name: '盘点单.xlsx', bytes })
}

/** Nobody downloads more than so many sheets a minute: these three take turns. */
const readers = ['zhang', 'nong', 'zhen-ling'] as const
let turn = 0

/** The batch of a sheet that a unit has filled in and brought back. */
async function read(count: Count, fill: (desk: Desk) => void): Promise<string> {
  const reply = await brought(count, await filledSheet(test, readers[turn++ % 3] ?? 'zhang', count.no, fill))
  expect(reply.statusCode, reply.body).toBe(303)
  const no = String(reply.headers.location).split('/')[2] ?? ''
  const batch = await batchOf(no)
  const { questions } = batch.reading as { questions: { about: string }[] }
  expect([batch.state, batch.failure, questions]).toEqual(['checked', null, []])
  return no
}

const statuses = async (no: string) =>
  Object.fromEntries((await rowsOf(no)).map(({ values, status }) => [values.name, status]))
const said = async (no: string, name: string) =>
  (await rowsOf(no))
    .filter(({ values }) => values.name === name)
    .flatMap(({ problems, findings }) => [...problems, ...findings].map(({ message }) => message))
    .join('\n')
const notices = async (no: string) => ((await batchOf(no)).reading as { notices: string[] }).notices.join('\n')

describe('a sheet that comes back filled in', () => {
  it('counts its lines, enters surplus, and says of each what happened', async () => {
    const count = await one()
    const [desks, computer, cabinets] = await Promise.all(['课桌', '电脑', '文件柜'].map((name) => lineOf(count, name)))
    const no = await read(count, (desk) => {
      desk.set(desks?.no ?? 0, {
        ...{ 清查数量: 8, 盘亏数量: 2, 盘亏原因: '搬迁时丢失', 待报废数量: 1, 待报废原因: '桌腿断裂' },
        ...{ 使用状况: '闲置', '坐落(变更)': '村委会', 备注: '存放在仓库' },
      })
      desk.set(computer?.no ?? 0, { 清查数量: 1 })
      desk.set(cabinets?.no ?? 0, { 清查数量: 0, 盘亏原因: '被盗' })
      desk.add({
        ...{ 资产名称: '打印机', 类别: '设备', 计量单位: '台', 清查数量: 2, 发现日期: '2026-03-09' },
        ...{ 计价依据: '重置成本', 计价金额: 800, 计价说明: '没有发票，也没有评估', 盘盈说明: '上级配发，没有入账' },
      })
    })
    expect(await statuses(no)).toEqual({
      ...{ 课桌: 'changed', 电脑: 'changed', 文件柜: 'changed', 水泵: 'unchanged', 打印机: 'new' },
    })
    expect((await commit(no)).statusCode).toBe(303)
    expect((await batchOf(no)).state).toBe('committed')
    expect(await lineOf(count, '课桌')).toMatchObject({
      ...{ countedQuantity: '8.000', missingQuantity: '2.000', missingCost: '200.00', missingReason: '搬迁时丢失' },
      ...{ scrapQuantity: '1.000', scrapCost: '100.00', remark: '存放在仓库', countedVia: 'sheet', version: 2 },
      changes: { usage: { old: 'in_use', new: 'idle' }, location: { old: '村小学', new: '村委会' } },
      countedName: '张会计',
    })
    expect(await lineOf(count, '文件柜')).toMatchObject({ countedQuantity: '0.000', missingCost: '600.00' })
    expect(await lineOf(count, '水泵')).toMatchObject({ countedQuantity: null, version: 1 })
    expect(await lineOf(count, '打印机')).toMatchObject({
      ...{ origin: 'surplus', no: 5, surplusQuantity: '2.000', surplusCost: '800.00', cardType: 'equipment' },
      ...{ foundOn: '2026-03-09', valueBasis: 'replacement', remark: '上级配发，没有入账' },
    })
    const happened = await test.db((tx) =>
      tx.select().from(events).where(eq(events.countId, count.id)).orderBy(events.at, events.id),
    )
    expect(happened.slice(1).map(({ action, detail }) => [action, detail.line])).toEqual(
      [
        ['count.line', desks?.no],
        ['count.line', computer?.no],
        ['count.line', cabinets?.no],
        ['count.surplus', 5],
      ].sort((a, b) => Number(a[1]) - Number(b[1])),
    )
  })

  it('comes to nothing when it comes again as it is', async () => {
    const count = await one()
    await counted(
      test,
      'zhang',
      { countId: count.id, no: (await lineOf(count, '课桌')).no },
      { scrap: '1', scrapReason: '坏' },
    )
    const no = await read(count, () => undefined)
    expect(new Set(Object.values(await statuses(no)))).toEqual(new Set(['unchanged']))
  })
})

describe('a sheet that cannot be taken as it is', () => {
  it('of another count is refused with its number and the place to bring it to', async () => {
    const [mine, other] = [await one(), await one()]
    const reply = await brought(mine, await filledSheet(test, 'zhang', other.no))
    expect(reply.body).toContain(`这是${village}的盘点单（清查单 ${other.no}，清查通知 QC2026-`)
    expect(reply.body).toContain(`请到清查单 ${other.no} 的页面上传。`)
  })

  it('of another unit is refused, and the form of a foreign count is not there', async () => {
    const counts = await call([village, '红林村股份经济合作联合社'])
    const theirs = counts.红林村股份经济合作联合社 ?? { id: '', no: '' }
    const own = counts[village] ?? { id: '', no: '' }
    const reply = await brought(own, await filledSheet(test, 'hong', theirs.no))
    expect(reply.body).toContain('这是红林村股份经济合作联合社的盘点单')
    expect((await zhang.get(`/imports/new?target=count-lines&count=${theirs.no}`)).statusCode).toBe(404)
    expect((await brought(theirs, await filledSheet(test, 'zhang', own.no))).statusCode).toBe(404)
    expect((await zhang.get(`/imports/new?target=count-lines&count=${own.no}`)).body).toContain('导入盘点单')
  })

  it('without a head is told to be taken for this count', async () => {
    const count = await one()
    const no = await read(count, (desk) => desk.title((line) => (line.includes('清查单号') ? '单位：元' : line)))
    expect(await notices(no)).toContain(`文件上没有清查单号，按清查单 ${count.no}（${village}）核对`)
  })

  it('of an older version never overwrites what somebody has counted since, and shows all three', async () => {
    const count = await one()
    const [desks, pump, computer] = await Promise.all(['课桌', '水泵', '电脑'].map((name) => lineOf(count, name)))
    const at = (line?: { no: number }) => ({ countId: count.id, no: line?.no ?? 0 })
    await counted(test, 'zhang', at(pump), { scrap: '1', scrapReason: '漏水' })
    await counted(test, 'zhang', at(computer))
    const sheet = await filledSheet(test, 'zhang', count.no, (desk) => {
      desk.set(desks?.no ?? 0, { 清查数量: 8, 盘亏原因: '丢失' })
      desk.set(pump?.no ?? 0, { 清查数量: 1, 盘亏数量: 1, 盘亏原因: '被盗', 待报废数量: 0, 待报废原因: null })
    })
    await counted(test, 'nong', at(desks), { counted: '9', missingReason: '外借' })
    await counted(test, 'nong', at(pump), { scrap: '2', scrapReason: '都漏水' })
    await counted(test, 'nong', at(computer), { counted: '0', missingReason: '被盗' })
    const no = String((await brought(count, sheet)).headers.location).split('/')[2] ?? ''
    expect(await statuses(no)).toMatchObject({ 课桌: 'wrong', 水泵: 'wrong', 电脑: 'unchanged' })
    expect(await said(no, '课桌')).toContain(
      '侬主任 3月10日 下载盘点单之后又盘点过，与表里不同：清查数 空白 → 现为 9 → 表里 8；盘亏原因 空白 → 现为 外借 → 表里 丢失。确认以表里为准的，把本行的行版本写成 2；否则跳过这一行。',
    )
    expect(await said(no, '水泵')).toContain('待报废 1 → 现为 2 → 表里 空白')
    expect(await said(no, '电脑')).toContain('清查数 1 → 0')
    await commit(no, 'good')
    expect(await lineOf(count, '课桌')).toMatchObject({ countedQuantity: '9.000', version: 2 })
    const desk = (await rowsOf(no)).find(({ values }) => values.name === '课桌')
    expect(desk?.values.version).toBe('1')
  })

  it('takes the row all the same when its version is written as it stands now', async () => {
    const count = await one()
    const { no } = await lineOf(count, '课桌')
    await counted(test, 'nong', { countId: count.id, no }, { counted: '9', missingReason: '外借' })
    const batch = await read(count, (desk) => desk.set(no, { 清查数量: 8, 盘亏数量: 2, 盘亏原因: '丢失', 行版本: 2 }))
    expect(await statuses(batch)).toMatchObject({ 课桌: 'changed' })
    await commit(batch)
    expect(await lineOf(count, '课桌')).toMatchObject({ countedQuantity: '8.000', missingReason: '丢失' })
  })

  it('names the lines that it lacks, which stay uncounted', async () => {
    const count = await one()
    const { no } = await lineOf(count, '水泵')
    const batch = await read(count, (desk) => desk.remove(no))
    expect(await notices(batch)).toContain(`表里没有 1 项还没盘点的资产，仍算未盘：第 ${no} 行水泵。`)
  })

  it('with other book figures leaves the book side, and says so', async () => {
    const count = await one()
    const { no } = await lineOf(count, '课桌')
    const batch = await read(count, (desk) => desk.set(no, { 账面数量: 12, 账面原值: 2000, 清查数量: 10 }))
    expect(await said(batch, '课桌')).toContain('账面数量是 10，表里改成了 12：账面数不改，仍按 10。')
    expect(await said(batch, '课桌')).toContain('账面原值是 1000.01，表里改成了 2000.00')
    await commit(batch)
    expect(await lineOf(count, '课桌')).toMatchObject({ bookQuantity: '10.000', countedQuantity: '10.000' })
  })

  it.each([
    ['a negative quantity', { 清查数量: -3 }, '清查数量 -3 是负数，数量不能小于 0，请改正。'],
    ['more than is booked', { 清查数量: 12 }, '清查数 12 多于账面数 10：本行写 10，多出的 2 请登记盘盈。'],
    ['a loss without its reason', { 清查数量: 8 }, '少了 2，请写明盘亏原因。'],
    ['figures that do not add up', { 清查数量: 8, 盘亏数量: 3, 盘亏原因: '丢失' }, '应盘亏 2，表里写的是 3，请核对。'],
    ['parts without a count', { 待报废数量: 1, 待报废原因: '坏' }, '却没有写清查数量，请补写'],
    ['a number of another card', { 资产编号: '51092300009999', 清查数量: 10 }, '请核对有没有填错行。'],
  ])('with %s has a wrong row that says so', async (_what, cells, sentence) => {
    const count = await one()
    const { no } = await lineOf(count, '课桌')
    const batch = await read(count, (desk) => desk.set(no, cells))
    expect(await statuses(batch)).toMatchObject({ 课桌: 'wrong' })
    expect(await said(batch, '课桌')).toContain(sentence)
    expect((await commit(batch)).body).toContain('还有 1 行有错')
    expect(await lineOf(count, '课桌')).toMatchObject({ countedQuantity: null })
  })

  const found = {
    ...{ 资产名称: '打印机', 类别: '设备', 清查数量: 1, 发现日期: '2026-03-09', 计价依据: '有关凭据', 计价金额: 800 },
    盘盈说明: '没有入账',
  }
  it.each([
    ['a day after today', { 发现日期: '2026-03-11' }, '发现日期不能晚于今天 2026-03-10。'],
    ['no value', { 计价金额: null }, '请填写计价金额。'],
    ['no quantity', { 清查数量: null }, '盘盈的资产请在清查数量里写发现了多少。'],
    ['a card that is no line', { 资产编号: '51092300009999' }, '里没有编号 51092300009999 的资产，请核对'],
    ['a line that is not there', { 行号: 99 }, '里没有第 99 行，请核对'],
  ])('with surplus of %s has a wrong row that says so', async (_what, cells, sentence) => {
    const count = await one()
    const batch = await read(count, (desk) => desk.add({ ...found, ...cells }))
    expect(await statuses(batch)).toMatchObject({ 打印机: 'wrong' })
    expect(await said(batch, '打印机')).toContain(sentence)
  })

  it('is refused once the count is handed in, before and after it is read', async () => {
    const count = await one()
    const sheet = await filledSheet(test, 'zhang', count.no)
    const lines = await linesOf(test, count.id)
    const batch = await read(count, (desk) => {
      for (const { no, bookQuantity } of lines) desk.set(no, { 清查数量: Number(bookQuantity) })
    })
    for (const { no } of lines) await counted(test, 'zhang', { countId: count.id, no })
    await stepped(test, 'zhang', count.id, 'submit')
    expect((await brought(count, sheet)).body).toContain('清查结果已经提交，不能再改')
    expect((await zhang.get(`/imports/new?target=count-lines&count=${count.no}`)).statusCode).toBe(422)
    expect((await commit(batch)).body).toContain('清查结果已经提交，不能再改')
  })
})

describe('a sheet that is undone', () => {
  const undo = async (no: string) => {
    const { version } = await batchOf(no)
    return zhang.post(`/imports/${no}/undo`, {
      version: String(version),
      reason: '传错了文件',
      token: crypto.randomUUID(),
    })
  }
  const fill = (desk: Desk, names: Record<string, number>) => {
    desk.set(names.课桌 ?? 0, {
      清查数量: 7,
      盘亏数量: 3,
      盘亏原因: '丢失',
      使用状况: '闲置',
      待报废数量: 0,
      待报废原因: null,
    })
    desk.set(names.水泵 ?? 0, { 清查数量: 2 })
    desk.add({
      ...{ 资产名称: '打印机', 类别: '设备', 清查数量: 1, 发现日期: '2026-03-09', 计价依据: '有关凭据' },
      ...{ 计价金额: 800, 盘盈说明: '没有入账' },
    })
  }
  const numbers = async (count: Count) =>
    Object.fromEntries((await linesOf(test, count.id)).map(({ name, no }) => [name, no]))

  it('gives back the count side as it was, to the last column, and takes its surplus away', async () => {
    const count = await one()
    const names = await numbers(count)
    await counted(
      test,
      'zhang',
      { countId: count.id, no: names.课桌 ?? 0 },
      { scrap: '2', scrapReason: '坏', remark: '原来' },
    )
    const before = await linesOf(test, count.id)
    const no = await read(count, (desk) => fill(desk, names))
    await commit(no)
    expect((await linesOf(test, count.id)).map(({ name }) => name)).toContain('打印机')
    expect((await undo(no)).statusCode).toBe(303)
    expect((await batchOf(no)).state).toBe('undone')
    const after = await linesOf(test, count.id)
    expect(after.map(({ version: _version, ...rest }) => rest)).toEqual(
      before.map(({ version: _version, ...rest }) => rest),
    )
    const told = await test.db((tx) => tx.select().from(events).where(eq(events.comment, '传错了文件')))
    expect(
      told
        .filter(({ countId }) => countId === count.id)
        .map(({ action }) => action)
        .sort(),
    ).toEqual(['count.drop-surplus', 'count.line', 'count.line'])
  })

  it('keeps what was counted again since, with the reason', async () => {
    const count = await one()
    const names = await numbers(count)
    const no = await read(count, (desk) => fill(desk, names))
    await commit(no)
    await counted(test, 'zhang', { countId: count.id, no: names.课桌 ?? 0 }, { counted: '10' })
    expect((await zhang.get(`/imports/${no}/undo`)).body).toContain('导入之后又盘点过')
    await undo(no)
    expect(await lineOf(count, '课桌')).toMatchObject({ countedQuantity: '10.000' })
    expect(await lineOf(count, '水泵')).toMatchObject({ countedQuantity: null })
    expect((await rowsOf(no)).map(({ kept }) => kept).filter((kept) => kept !== null)).toEqual(['导入之后又盘点过'])
  })

  it('is not undone once the count is handed in', async () => {
    const count = await one()
    const names = await numbers(count)
    const no = await read(count, (desk) => fill(desk, names))
    await commit(no)
    for (const name of ['电脑', '文件柜']) await counted(test, 'zhang', { countId: count.id, no: names[name] ?? 0 })
    await stepped(test, 'zhang', count.id, 'submit')
    expect((await undo(no)).body).toContain('清查结果已经提交，不能再改')
    expect(await lineOf(count, '课桌')).toMatchObject({ countedQuantity: '7.000' })
  })
})

describe('surplus that was entered before', () => {
  it('is corrected by its line number', async () => {
    const count = await one()
    const entry = {
      ...{ name: '旧音响', cardType: 'equipment', quantity: '1', foundOn: '2026-03-08', valueBasis: 'papers' as const },
      ...{
        valueNote: null,
        cost: '300.00',
        depreciation: null,
        unitOfMeasure: '套',
        location: null,
        specification: null,
      },
      ...{
        structure: null,
        floorArea: null,
        landArea: null,
        acquiredOn: null,
        usage: null,
        source: null,
        keeper: null,
      },
      ...{ condition: null, remark: '清点发现' },
    }
    const line = await acted(test, 'zhang', (tx, acting) => addSurplus(tx, acting, count.id, entry, 'screen'))
    const no = await read(count, (desk) => desk.set(line.no, { 清查数量: 2, 计价金额: 500 }))
    expect(await statuses(no)).toMatchObject({ 旧音响: 'changed' })
    await commit(no)
    expect(await lineOf(count, '旧音响')).toMatchObject({
      surplusQuantity: '2.000',
      surplusCost: '500.00',
      remark: '清点发现',
    })
  })
})
