import { Readable } from 'node:stream'
import { asc, eq } from 'drizzle-orm'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { jobs } from '../../db/schema/jobs.ts'
import { events } from '../../db/schema/kernel.ts'
import { openTestApp, type Reply, type TestApp, type Visitor } from '../support/app.ts'
import { importing } from '../support/imports.ts'
import { type Cell, ledger } from '../support/workbook.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const collective = '古井村股份经济合作联合社'
const { batchOf, cardsOf, commit, upload, ...way } = importing(
  () => test,
  () => zhang,
  collective,
)
const good = (code: string): Cell[] => [1, '好的一行', code, '一组', '2010', 3, 1, null]
const unread = (code: string): Cell[] => [2, '原值不清', code, '二组', '2010', '三十几万', 1, null]
const nameless = (code: string): Cell[] => [3, '', code, '三组', '2010', 2, 1, null]

describe('the review page', () => {
  it('B5 B12 B14 test_import_data_without_mandatory_values: groups what is wrong by the worksheet’s own row numbers', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => nameless(`NN-${at}`))
    const no = await upload(await ledger([good('RV-1'), ...rows, unread('RV-2')]))
    const { body } = await zhang.get(`/imports/${no}`)
    expect(body).toContain('没有写资产名称，请补写</a>：第 5、6、7、8、9、10、11、12、13、14、15、16 … 共 30 行')
    const about = /href="([^"]*about=[^"]*)"[^>]*>账面原值：「三十几万」/.exec(body)?.[1] ?? ''
    expect(rowsOf(await zhang.get(about))).toEqual(['35'])
    expect(rowsOf(await zhang.get(`/imports/${no}?field=name&status=wrong`))).toHaveLength(30)
    expect(rowsOf(await zhang.get(`/imports/${no}?q=RV-2`))).toEqual(['35'])
    expect(rowsOf(await zhang.get(`/imports/${no}?q=二组`))).toEqual(['35'])
    expect(rowsOf(await zhang.get(`/imports/${no}?q=12`))).toContain('12')
    expect(rowsOf(await zhang.get(`/imports/${no}?q=没有这样的`))).toEqual([])
  })

  it('keeps the filter from page to page, and counts what it leaves', async () => {
    const rows = Array.from({ length: 70 }, (_, at) => nameless(`PG-${at}`))
    const no = await upload(await ledger([good('PG-X'), ...rows]))
    const first = await zhang.get(`/imports/${no}?field=name`)
    expect(rowsOf(first)).toHaveLength(50)
    const next = /href="([^"]*after=[^"]*)"[^>]*rel="next"/.exec(first.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(next).toContain('field=name')
    expect(rowsOf(await zhang.get(next))).toHaveLength(20)
    expect(tabsOf(first)).toMatchObject({ 全部: '70', 新增: '0', 有错: '70' })
  })

  it('B8 test_data_import_upsert: shows what changes from what to what, field by field, and counts apart', async () => {
    await commit(await upload(await ledger([good('UP-1'), good('UP-2')])))
    const changed = good('UP-1').with(5, 5).with(3, '二组')
    const no = await upload(await ledger([changed, good('UP-2'), good('UP-3')]), { effectiveOn: '2026-03-05' })
    const page = await zhang.get(`/imports/${no}`)
    expect(tabsOf(page)).toMatchObject({
      全部: '3',
      新增: '1',
      变更: '1',
      无变化: '1',
      重复: '0',
      有错: '0',
      跳过: '0',
    })
    const text = page.body.replaceAll(/\s+/g, ' ')
    expect(text).toContain('账面原值</span> <del>30,000.00</del> → <ins>50,000.00</ins>')
    expect(text).toContain('坐落位置</span> <del>一组</del> → <ins>二组</ins>')
  })

  it('C18 org scoping: shows no row, form or workbook of a batch to whom it is foreign', async () => {
    const no = await upload(await ledger([unread('SC-1'), good('SC-2')]))
    const hong = await test.as('hong')
    for (const url of [`/imports/${no}`, `/imports/${no}/rows/4`, `/imports/${no}/wrong.xlsx`]) {
      expect((await hong.get(url)).statusCode).toBe(404)
    }
    const act = await hong.post(`/imports/${no}/rows`, { rows: '4', act: 'skip', version: '2' })
    expect(act.statusCode).toBe(404)
    const edit = await hong.post(`/imports/${no}/rows/4`, { 'row4-cost': '1', version: '2' })
    expect(edit.statusCode).toBe(404)
  })
})

describe('editing a row in place', () => {
  it('C15 multi-row mix: makes a wrong row right, with counts, sums and an event', async () => {
    const no = await upload(await ledger([good('ED-1'), unread('ED-2')]))
    const form = await zhang.get(`/imports/${no}/rows/5?back=status%3Dwrong`)
    expect(form.body).toContain('value="三十几万"')
    expect(form.body).toContain('原表按万元，这里按元填')
    const reply = await edit(no, 5, { cost: '3.5万元', acquiredOn: '2010', back: 'status=wrong' })
    expect(reply.headers.location).toBe(`/imports/${no}?status=wrong#row-5`)
    expect((await batchOf(no)).counts).toMatchObject({ new: 2, wrong: 0 })
    expect((await batchOf(no)).sums).toMatchObject({ cost: '65000.00' })
    const [told] = await stepsOf(no, 'import.edit')
    expect(told).toMatchObject({
      comment: '第 5 行',
      detail: { rows: [5], changes: { 账面原值: { old: null, new: '3.5万元' } } },
    })
    await commit(no)
    const [card] = await cardsOf('ED-2')
    expect(card).toMatchObject({ cost: '35000.00', netValue: '25000.00' })
    expect(card?.written.cost).toBeUndefined()
  })

  it('tells whoever goes back to the columns what reading again forgets', async () => {
    const no = await upload(await ledger([unread('FG-1'), good('FG-2'), good('FG-3')]))
    const forgets = async () => /核对时修改[^。]*。/.exec((await zhang.get(`/imports/${no}/mapping`)).body)?.[0]
    expect(await forgets()).toBeUndefined()
    await edit(no, 4, { cost: '30000' })
    await handle(no, ['5'], 'skip')
    expect(await forgets()).toBe('核对时修改、跳过或单独作为一项的 2 行会恢复成原表内容，读取后请再办一次。')
  })

  it('leads out of a group of problems that the last row has just left', async () => {
    const no = await upload(await ledger([unread('GR-1'), good('GR-2')]))
    const about = /about=([0-9a-f]+)/.exec((await zhang.get(`/imports/${no}?status=wrong`)).body)?.[1] ?? ''
    const { headers } = await edit(no, 4, { cost: '30000', back: `about=${about}` })
    const { body } = await zhang.get(String(headers.location))
    expect(body).toContain('这一种问题已经没有了。')
    expect(body).toContain(`<a href="/imports/${no}">看全部</a>`)
  })

  it('keeps a wrong answer, says why on the form, and gives the file’s own back', async () => {
    const no = await upload(await ledger([good('KE-1'), unread('KE-2')]))
    const reply = await edit(no, 5, { cost: '三万多', back: 'q=KE' })
    expect(reply.headers.location).toBe(`/imports/${no}/rows/5?back=q%3DKE`)
    const form = await zhang.get(String(reply.headers.location))
    expect(form.body).toContain('value="三万多"')
    expect(form.body).toMatch(/id="error-row5-cost">账面原值：「三万多」/)
    expect(form.body).toContain(`href="/imports/${no}?q=KE"`)
    const page = await zhang.get(`/imports/${no}`)
    expect(page.body).toContain('账面原值：「三万多」')
    expect(page.body).not.toContain('「三十几万」')
    expect((await edit(no, 5, {}, '/revert')).statusCode).toBe(303)
    expect((await zhang.get(`/imports/${no}`)).body).toContain('「三十几万」')
    expect((await stepsOf(no, 'import.revert'))[0]?.comment).toBe('第 5 行')
  })

  it('turns a right row wrong and back, and finds the card that it names now', async () => {
    await commit(await upload(await ledger([good('TU-1')])))
    const no = await upload(await ledger([good('TU-9')]), { effectiveOn: '2026-03-05' })
    expect(await statuses(no)).toEqual(['new'])
    await edit(no, 4, { originalCode: 'TU-1' })
    expect(await statuses(no)).toEqual(['unchanged'])
    await edit(no, 4, { name: '' })
    expect(await statuses(no)).toEqual(['wrong'])
    expect((await zhang.get(`/imports/${no}/rows/4`)).body).toContain('没有写资产名称，请补写。')
    await edit(no, 4, { name: '换了名称' })
    expect(await statuses(no)).toEqual(['changed'])
  })

  it('shows a stale page to the second of two people', async () => {
    const no = await upload(await ledger([unread('ST-1'), good('ST-2')]))
    const { version } = await batchOf(no)
    const nong = await test.as('nong')
    const sent = { 'row4-cost': '30000', version: String(version) }
    expect((await nong.post(`/imports/${no}/rows/4`, sent)).statusCode).toBe(303)
    const late = await zhang.post(`/imports/${no}/rows/4`, { ...sent, 'row4-cost': '40000' })
    expect(late.statusCode).toBe(409)
    expect(late.body).toContain('这条记录刚被别人改过')
  })

  it('is refused while a job works on the batch, and once it is committed', async () => {
    const no = await upload(await ledger([good('JO-1'), unread('JO-2')]))
    const { id } = await batchOf(no)
    const leased = { state: 'running', worker: 'another', attempt: 1, leaseUntil: new Date('2036-01-01') }
    await test.db((tx) =>
      tx.insert(jobs).values({ kind: 'import.commit', batchId: id, createdAt: test.clock.now(), ...leased }),
    )
    const busy = await edit(no, 5, { cost: '1' })
    expect(busy.statusCode).toBe(422)
    expect(busy.body).toContain('这批数据正在办理，请等它办完再操作。')
    await test.db((tx) => tx.delete(jobs).where(eq(jobs.batchId, id)))
    await commit(no, 'good')
    const late = await edit(no, 5, { cost: '1' })
    expect(late.body).toContain('这批数据已经处理过，不能再改。')
  })
})

describe('what no page of ours sends', () => {
  it('is refused, and nothing breaks', async () => {
    const no = await upload(await ledger([good('OD-1'), unread('OD-2')]))
    expect((await edit(no, 5, { cost: 'a\u0000' })).statusCode).toBe(422)
    expect((await edit(no, 99, { cost: '1' })).statusCode).toBe(404)
    expect((await zhang.get(`/imports/${no}/rows/5-7`)).statusCode).toBe(404)
    expect((await handle(no, ['x', '5-99', '999999'], 'skip')).statusCode).toBe(422)
    expect((await handle(no, ['5'], 'delete')).statusCode).toBe(400)
    for (const query of ['q=%00', 'unit=x', 'field=x', 'about=x', 'status=x', 'after=x', "q=%25'"]) {
      expect((await zhang.get(`/imports/${no}?${query}`)).statusCode).toBeLessThan(500)
    }
    expect((await zhang.get(`/imports/${no}/rows/5?back=%00%26q=%00`)).statusCode).toBe(200)
    expect(await statuses(no)).toEqual(['new', 'wrong'])
  })
})

describe('handling rows', () => {
  it('B2 test_skip_rows_during_import: a skipped row is not imported, keeps nothing out, and can be taken back', async () => {
    const no = await upload(await ledger([good('SK-1'), unread('SK-2'), nameless('SK-3')]))
    expect((await handle(no, ['5', '6'], 'skip')).statusCode).toBe(303)
    expect(await statuses(no)).toEqual(['new', 'skipped', 'skipped'])
    expect((await batchOf(no)).counts).toMatchObject({ skipped: 2, wrong: 0 })
    expect((await stepsOf(no, 'import.skip'))[0]).toMatchObject({ comment: '第 5、6 行', detail: { rows: [5, 6] } })
    await handle(no, ['6'], 'restore')
    expect(await statuses(no)).toEqual(['new', 'skipped', 'wrong'])
    await handle(no, ['6'], 'skip')
    await commit(no)
    expect((await batchOf(no)).state).toBe('committed')
    expect(await cardsOf('SK-2')).toEqual([])
  })

  it('C10 duplicates inside file: a row that repeats another becomes an entry of its own when people say so', async () => {
    const no = await upload(await ledger([good('AP-1'), good('AP-1'), good('AP-1')]))
    expect(await statuses(no)).toEqual(['new', 'duplicate', 'duplicate'])
    await handle(no, ['5'], 'apart')
    expect(await statuses(no)).toEqual(['new', 'new', 'duplicate'])
    await handle(no, ['5'], 'restore')
    expect(await statuses(no)).toEqual(['new', 'duplicate', 'duplicate'])
    await handle(no, ['5'], 'apart')
    await commit(no)
    expect(await cardsOf('AP-1')).toHaveLength(2)
    expect((await zhang.get('/assets/duplicates')).body).toContain('AP-1')
  })

  it('leaves a card alone that a row only looks like', async () => {
    const desk: Cell[] = [1, '办公桌', null, '村委会', '2012', 0.05, null, null]
    await commit(await upload(await ledger([desk])))
    const no = await upload(await ledger([desk]), { effectiveOn: '2026-03-05' })
    expect(await statuses(no)).toEqual(['unchanged'])
    await handle(no, ['4'], 'apart')
    expect(await statuses(no)).toEqual(['new'])
    await commit(no)
    expect(await test.db((tx) => tx.select().from(cards).where(eq(cards.name, '办公桌')))).toHaveLength(2)
  })

  it('says why a row that gives our code, or is wrong, or is new, is not told apart', async () => {
    await commit(await upload(await ledger([good('CO-1')])))
    const [card] = await cardsOf('CO-1')
    const bytes = new TextEncoder().encode(
      `资产编号,资产名称,账面原值（元）\n${card?.code},好的一行,40000\n,新的,1\n,坏的,x\n`,
    )
    const no = await upload(bytes, { effectiveOn: '2026-03-05' }, 'a.csv')
    expect((await handle(no, ['2'], 'apart')).body).toContain('第 2 行写了资产编号，指的就是台账里的那张卡片')
    expect((await handle(no, ['3'], 'apart')).body).toContain('本来就会作为新的一项录入')
    expect((await handle(no, ['4'], 'apart')).body).toContain('第 4 行有错，还没有与台账比对，请先改正。')
    expect((await handle(no, [], 'skip')).body).toContain('请先勾选要办理的行')
    expect(await statuses(no)).toEqual(['changed', 'new', 'wrong'])
  })
})

describe('the workbook of wrong rows', () => {
  it('A8 B21 export of errored rows: holds these only, comes back wrong unmended, and clean once mended', async () => {
    const no = await upload(await ledger([good('WB-1'), unread('WB-2'), good('WB-3'), nameless('WB-4')]))
    expect((await commit(no, 'all')).statusCode).toBe(422)
    expect(await cardsOf('WB-1')).toEqual([])
    await commit(no, 'good')
    expect((await zhang.get(`/imports/${no}`)).body).toContain(`/imports/${no}/wrong.xlsx`)
    const reply = await zhang.get(`/imports/${no}/wrong.xlsx`)
    expect(decodeURIComponent(String(reply.headers['content-disposition']))).toContain('古井村台账_待改正.xlsx')
    const { bytes, book, sheet } = await opened(reply)
    expect(sheet.rowCount).toBe(5)
    expect(sheet.getCell('F4').text).toMatch(/^三十几万【请改：.+】$/)
    expect(sheet.getCell('B5').text).toBe('【请改：没有写资产名称，请补写。】')
    expect(sheet.getCell('I5').text).toMatch(/^原表第 7 行：/)

    const again = await upload(bytes, {}, '待改正.xlsx')
    expect(await statuses(again)).toEqual(['wrong', 'wrong'])
    expect((await batchOf(again)).reading.fingerprint).toBe((await batchOf(no)).reading.fingerprint)

    sheet.getCell('F4').value = '35【请改：忘了删】'
    sheet.getCell('B5').value = '补上的名称'
    const mended = await upload(new Uint8Array(await book.xlsx.writeBuffer()), {}, '改好.xlsx')
    expect(await statuses(mended)).toEqual(['new', 'new'])
    await commit(mended)
    expect((await cardsOf('WB-2'))[0]).toMatchObject({ cost: '350000.00' })
    expect((await cardsOf('WB-4'))[0]).toMatchObject({ name: '补上的名称', extra: {} })
  })

  it('holds duplicates where they are asked for, and is refused where there is nothing to mend', async () => {
    const no = await upload(await ledger([good('DU-1'), good('DU-1')]))
    expect((await zhang.get(`/imports/${no}/wrong.xlsx`)).statusCode).toBe(422)
    const { sheet } = await opened(await zhang.get(`/imports/${no}/wrong.xlsx?with=duplicates`))
    expect(sheet.getCell('I4').text).toMatch(/^原表第 5 行：与第 4 行的原资产编号相同/)
  })

  it('shows what people typed over a row that is still wrong', async () => {
    const no = await upload(await ledger([unread('TY-1'), good('TY-2')]))
    await edit(no, 4, { cost: '三万多' })
    const { sheet } = await opened(await zhang.get(`/imports/${no}/wrong.xlsx`))
    expect(sheet.getCell('F4').text).toMatch(/^三万多【请改：/)
  })

  it('says in which unit the form takes what the column counts in another, and only then', async () => {
    const text = '资产名称,原资产编号,租金（元/月）,建筑面积（平方米）\n门面一,RE-1,1000,30\n门面二,RE-2,1200,40'
    const no = await upload(new TextEncoder().encode(text), {}, '租金.csv')
    await zhang.post(`/imports/${no}/mapping`, { version: String((await batchOf(no)).version) })
    const { body } = await zhang.get(`/imports/${no}/rows/2`)
    expect(body).toContain('原表按元/月，这里按元/年填')
    expect(body).not.toContain('原表按平方米')
  })

  it('names the unit of what people typed, where the column counts in another', async () => {
    const no = await upload(await ledger([nameless('TU-1'), nameless('TU-2')]))
    await edit(no, 4, { cost: '350000' })
    await edit(no, 5, { cost: '3.5万' })
    const { book, sheet } = await opened(await zhang.get(`/imports/${no}/wrong.xlsx`))
    sheet.getCell('B4').value = '补上的一'
    sheet.getCell('B5').value = '补上的二'
    const committed = await commit(await upload(new Uint8Array(await book.xlsx.writeBuffer()), {}, '改好.xlsx'))
    expect(committed.statusCode, committed.body).toBe(303)
    expect((await cardsOf('TU-1'))[0]).toMatchObject({ cost: '350000.00' })
    expect((await cardsOf('TU-2'))[0]).toMatchObject({ cost: '35000.00' })
  })
})

/** A downloaded workbook, opened by another library than the one that wrote it. */
async function opened({ statusCode, body, rawPayload }: Reply) {
  expect(statusCode, body.slice(0, 1500)).toBe(200)
  const bytes = new Uint8Array(rawPayload)
  const book = new ExcelJS.Workbook()
  await book.xlsx.read(Readable.from([rawPayload]))
  const sheet = book.worksheets[0]
  if (!sheet) throw new Error('an empty workbook')
  return { bytes, book, sheet }
}

function rowsOf({ body }: Reply): string[] {
  return [...body.matchAll(/<tr id="row-([\d-]+)"/g)].map(([, row]) => row ?? '')
}

function tabsOf({ body }: Reply): Record<string, string> {
  const tabs = body.matchAll(/<a class="app-tab[^>]*>([^<]+)<span class="app-tab-count">(\d+)</g)
  return Object.fromEntries([...tabs].map(([, label, count]) => [label, count]))
}

async function edit(no: string, row: number, typed: Record<string, string>, verb = ''): Promise<Reply> {
  const { back = '', ...texts } = typed
  const sent = Object.fromEntries(Object.entries(texts).map(([key, text]) => [`row${row}-${key}`, text]))
  const { version } = await batchOf(no)
  return zhang.post(`/imports/${no}/rows/${row}${verb}`, { ...sent, back, version: String(version) })
}

async function handle(no: string, rows: readonly string[], act: string): Promise<Reply> {
  return zhang.post(`/imports/${no}/rows`, { rows, act, version: String((await batchOf(no)).version) })
}

async function statuses(no: string): Promise<string[]> {
  return (await way.rowsOf(no)).map(({ status }) => status)
}

async function stepsOf(no: string, action: string) {
  const { id } = await batchOf(no)
  const found = await test.db((tx) => tx.select().from(events).where(eq(events.batchId, id)).orderBy(asc(events.id)))
  return found.filter((event) => event.action === action)
}
