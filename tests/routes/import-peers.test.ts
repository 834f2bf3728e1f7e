import { and, eq, sql } from 'drizzle-orm'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { events } from '../../db/schema/kernel.ts'
import type { Reading } from '../../server/imports/actions.ts'
import { openTestApp, type Reply, type TestApp, type Visitor } from '../support/app.ts'
import { importing, numberOf } from '../support/imports.ts'
import { confirmMapping } from '../support/mapping.ts'

// What the importers of other asset systems are tested for, each case by its number there, asked of ours.

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const village = '古井村股份经济合作联合社'
const { batchOf, commit, fields, rowsOf } = importing(
  () => test,
  () => zhang,
  village,
)

describe('A: Snipe-IT', () => {
  it('A1 testRequiresPermission, testRequiresExistingImport: only who keeps a unit imports for it, an unknown batch is none', async () => {
    const foreign = await send('资产名称\n水泵', { unit: test.fixture.codes.红林村股份经济合作联合社 ?? '' })
    expect(foreign.statusCode).toBe(422)
    expect(foreign.body).toContain('您不经办')
    expect((await zhang.get('/imports/DR2026-9999')).statusCode).toBe(404)
    const shen = await test.as('shen')
    expect((await shen.upload('/imports', fields(), file('资产名称\n水泵'))).statusCode).toBe(403)
  })

  it('A2 importAsset: the card is the row field by field, and its event names batch and row', async () => {
    const { no } = await entered('编号,资产名称,坐落,建成时间,账面原值(万元),备注\nA2-1,碾米房,三组,2012年5月,1.5,自建')
    const card = await cardOf('A2-1')
    expect(card).toMatchObject({
      ...{ name: '碾米房', location: '三组', acquiredOn: '2012-05-01', acquiredPrecision: 'month' },
      ...{ cost: '15000.00', remark: '自建', version: 1 },
    })
    const told = await test.db((tx) =>
      tx
        .select()
        .from(events)
        .where(eq(events.cardId, card?.id ?? '')),
    )
    expect(told).toMatchObject([{ action: 'card.import', detail: { document: { no }, row: 2 } }])
  })

  it('A4 willNotCreateNewAssetWhenAssetWithSameTagAlreadyExists: the same code is one asset, in the file and in the register', async () => {
    await entered('编号,资产名称\nA4-1,石磨')
    const twice = await brought('编号,资产名称\nA4-1,石磨\nA4-2,风车\nA4-2,风车')
    expect(statusesOf(twice)).toEqual(['unchanged', 'new', 'duplicate'])
    await commit(twice.no)
    expect(await count(eq(cards.originalCode, 'A4-1'))).toBe(1)
    expect(await count(eq(cards.originalCode, 'A4-2'))).toBe(1)
  })

  it('A5 willNotCreateNew…WhenItExists: four rows that name one unit mean one unit, blanks around it or not', async () => {
    const before = await units()
    const rows = [village, ` ${village}`, `${village} `, village].map((unit, at) => `A5-${at},柜,${unit}`)
    await entered(['编号,资产名称,权属单位', ...rows].join('\n'))
    expect(await units()).toBe(before)
    expect(await count(sql`${cards.originalCode} like 'A5-%'`)).toBe(4)
  })

  it('A6 whenColumnsAreMissing: what no column says stays unknown, never 0', async () => {
    await entered('编号,资产名称\nA6-1,长凳')
    const card = await cardOf('A6-1')
    expect(card).toMatchObject({ cost: null, depreciation: null, quantity: null, acquiredOn: null, usage: null })
  })

  it('A7 willFormatValues, willFormatDate: years, months and days are kept as precisely as they are written', async () => {
    const days = ['2015年3月', '2015.3', '2022/10/10', '2018', '二〇一五年三月']
    await entered(['编号,资产名称,取得时间', ...days.map((day, at) => `A7-${at},渠,${day}`)].join('\n'))
    const found = await Promise.all(days.map((_, at) => cardOf(`A7-${at}`)))
    expect(found.map((card) => `${card?.acquiredOn} ${card?.acquiredPrecision}`)).toEqual([
      '2015-03-01 month',
      '2015-03-01 month',
      '2022-10-10 day',
      '2018-01-01 year',
      '2015-03-01 month',
    ])
  })

  it('A8 whenRequiredColumnsAreMissing: every bad row is told with its field, and nothing at all is written', async () => {
    const batch = await brought('编号,资产名称,账面原值\nA8-1,好的,1\nA8-2,,2\nA8-3,坏的,三十来万')
    expect(statusesOf(batch)).toEqual(['new', 'wrong', 'wrong'])
    expect(batch.rows.slice(1).map(({ problems }) => problems[0])).toMatchObject([
      { field: 'name', column: 'B' },
      { field: 'cost', column: 'C' },
    ])
    expect((await commit(batch.no)).statusCode).toBe(422)
    expect(await count(sql`${cards.originalCode} like 'A8-%'`)).toBe(0)
  })

  it('A9 updateAssetFromImport: only what the file has columns for changes', async () => {
    await entered('编号,资产名称,坐落,账面原值,备注\nA9-1,仓库,二组,10000,旧')
    await entered('编号,资产名称,账面原值\nA9-1,仓库,12000')
    expect(await cardOf('A9-1')).toMatchObject({ cost: '12000.00', location: '二组', remark: '旧', version: 2 })
  })

  it('A10 whenImportFileContainsEmptyValues: blank cells leave the card as it is', async () => {
    await entered('编号,资产名称,坐落,账面原值\nA10-1,水塔,一组,5000')
    const again = await brought('编号,资产名称,坐落,账面原值\nA10-1,水塔,,')
    expect(statusesOf(again)).toEqual(['unchanged'])
    expect(await cardOf('A10-1')).toMatchObject({ location: '一组', cost: '5000.00' })
  })

  it('A14 willNotCreateNewComponentWhenNameAndSerialNumberExists: all alike is the same, another place is another', async () => {
    await entered('资产名称,坐落,取得时间,账面原值\nA14 桌,一组,2010,100')
    const again = await brought('资产名称,坐落,取得时间,账面原值\nA14 桌,一组,2010,100\nA14 桌,二组,2010,100')
    expect(statusesOf(again)).toEqual(['unchanged', 'new'])
  })

  it('A15 default status label: an import into an empty register needs nothing set up before', async () => {
    const empty = await openTestApp()
    try {
      const hong = await empty.as('hong')
      const unit = empty.fixture.codes.红林村股份经济合作联合社 ?? ''
      const sent = { unit, track: 'collective', effectiveOn: '2026-03-01', token: crypto.randomUUID() }
      const reply = await hong.upload('/imports', sent, file('资产名称,使用状况\n水泵,闲置'))
      const no = numberOf(reply)
      await confirmMapping(empty, hong, no)
      const [batch] = await empty.db((tx) => tx.select().from(importBatches).where(eq(importBatches.no, no)))
      const done = await hong.post(`/imports/${no}/commit`, { action: 'all', version: String(batch?.version) })
      expect(done.statusCode).toBe(303)
      expect(await empty.db((tx) => tx.select().from(cards))).toMatchObject([{ name: '水泵', usage: 'idle' }])
    } finally {
      await empty.close()
    }
  })

  it.each([
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-8 with its mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['GBK', gbk],
  ])('A16 testStoreInternationalAsset: the same table in %s gives the same text', async (encoding, encode) => {
    const code = `A16-${encoding.length}`
    await entered(encode(`编号,资产名称\n${code},蓬莱镇老碾坊埂子`))
    expect(await cardOf(code)).toMatchObject({ name: '蓬莱镇老碾坊埂子' })
  })

  it('A16 testStoreInternationalAssetMisparse: bytes of no encoding are refused with a sentence, never garbled', async () => {
    const bytes = Buffer.concat([
      Buffer.from('编号,资产名称\nA16-x,'),
      Buffer.from([0xff, 0xff, 0x80, 0xfe]),
      Buffer.from('坝'),
    ])
    const reply = await send(bytes)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toMatch(/编码|文字/)
  })

  it('A17 duplicate header names: both columns are read, told apart by their letters', async () => {
    const batch = await brought('编号,资产名称,类别,类别\nA17-1,石碾,设备,农具')
    const letters = batch.reading.columns.filter(({ header }) => header.startsWith('类别'))
    expect(letters.map(({ header }) => header)).toEqual(['类别(C列)', '类别(D列)'])
    expect(JSON.stringify(batch.rows[0]?.extra)).toContain('农具')
  })

  it('#1614 double click on “Process”: one effect; #1751 several rows with a blank code: all of them survive', async () => {
    const batch = await brought('编号,资产名称,坐落\n,双击柜,一组\n,双击柜,二组\n,双击柜,三组')
    const body = { action: 'all', version: String(batch.version), token: crypto.randomUUID() }
    const replies = await Promise.all([1, 2, 3].map(() => zhang.post(`/imports/${batch.no}/commit`, body)))
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303])
    expect(await count(eq(cards.name, '双击柜'))).toBe(3)
  })

  it('#2921 #19414 Chinese .csv as Excel saves it, #3638 with semicolons: read as written', async () => {
    await entered(gbk('编号;资产名称;备注\r\nC19414;蓬莱镇“老戏台”;１９９８年修\r\n'))
    expect(await cardOf('C19414')).toMatchObject({ name: '蓬莱镇“老戏台”', remark: '１９９８年修' })
  })
})

describe('B: Frappe / ERPNext', () => {
  it('B1 test_data_import_from_file: a name merged over two lines is asked about, not made two assets in silence', async () => {
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('台账')
    sheet.addRows([
      ['资产名称', '建筑面积', '坐落'],
      ['教学楼', 100, '一层'],
      [null, 120, '二层'],
    ])
    sheet.mergeCells('A2:A3')
    const batch = await brought(new Uint8Array(await book.xlsx.writeBuffer()), '台账.xlsx')
    expect(statusesOf(batch)).toEqual(['new', 'wrong'])
    expect(batch.rows[1]?.problems[0]?.message).toContain('名称与第 2 行合并在一格')
  })

  it.each([
    [';', 'B3 semicolon success'],
    ['\t', 'B3 tab without being told'],
    [',', 'B3 comma'],
  ])('B3 delimiters: %j (%s)', async (delimiter, note) => {
    const code = `B3-${note.length}`
    await entered(
      [
        ['编号', '资产名称', '坐落'],
        [code, '磨', '一组，近河'],
      ]
        .map((row) => row.join(delimiter))
        .join('\n'),
    )
    expect(await cardOf(code)).toMatchObject({ name: '磨', location: '一组，近河' })
  })

  it('B4 test_data_import_preview: what is shown to come is what comes', async () => {
    const batch = await brought('编号,资产名称\nB4-1,甲\nB4-2,乙\nB4-3,丙\nB4-4,丁')
    expect(batch.counts).toMatchObject({ new: 4, changed: 0, wrong: 0 })
    await commit(batch.no)
    expect(await count(sql`${cards.originalCode} like 'B4-%'`)).toBe(4)
  })

  it('B5 test_data_import_without_mandatory_values: rows are named by the worksheet’s own numbers', async () => {
    const batch = await brought('古井村资产表\n\n编号,资产名称,账面原值\nB5-1,甲,1\nB5-2,,1\nB5-3,,1')
    expect(batch.rows.filter(({ status }) => status === 'wrong').map(({ row }) => row)).toEqual([5, 6])
  })

  it('B7 test_data_import_update: codes match whatever their width and the blanks around them', async () => {
    await entered('编号,资产名称\nB7-1,泵')
    const again = await brought('编号,资产名称\n Ｂ７－１ ,泵')
    expect(statusesOf(again)).toEqual(['unchanged'])
  })

  it('B8 test_get_import_status_upsert_counts: new, changed and unchanged are counted apart', async () => {
    await entered('编号,资产名称,备注\nB8-1,甲,一\nB8-2,乙,一')
    const batch = await brought('编号,资产名称,备注\nB8-1,甲,一\nB8-2,乙,二\nB8-3,丙,一')
    expect(batch.counts).toMatchObject({ new: 1, changed: 1, unchanged: 1 })
    const done = await commit(batch.no)
    expect(done.statusCode).toBe(303)
    expect((await zhang.get(`/imports/${batch.no}`)).body).toContain('已导入：新增 1 项，变更 1 项。')
  })

  it('B9 test_upsert_update_does_not_reset_omitted_defaults: a column that is left out keeps its values', async () => {
    await entered('编号,资产名称,使用状况,保管人\nB9-1,间,闲置,王会计')
    await entered('编号,资产名称,备注\nB9-1,间,补记')
    expect(await cardOf('B9-1')).toMatchObject({ usage: 'idle', keeper: '王会计', remark: '补记' })
  })

  it('B13 test_link_validation_ignores_header_row_when_not_on_first_line: the header is no row', async () => {
    const batch = await brought('\n\n编号,资产名称\nB13-1,甲')
    expect(batch.rows.map(({ row }) => row)).toEqual([4])
  })

  it('B17 B18 B20 tree: rows in any order, a unit that is nowhere is asked and never made', async () => {
    const before = await units()
    const batch = await brought(`编号,资产名称,权属单位\nB17-2,乙,葛藤村经济合作社\nB17-1,甲,${village}`)
    const asked = batch.asked.filter(({ about }) => about.includes('葛藤村经济合作社'))
    expect(asked).toHaveLength(1)
    await commit(batch.no)
    expect(await units()).toBe(before)
    expect(await cardOf('B17-2')).toMatchObject({ extra: { 权属单位: '葛藤村经济合作社' } })
  })

  it('B21 header and at least one row: a table without rows is refused and says what to do', async () => {
    const reply = await send('编号,资产名称,账面原值\n')
    expect(reply.statusCode === 422 || numberOf(reply) !== '').toBe(true)
    const no = reply.statusCode === 422 ? '' : numberOf(reply)
    const page = no === '' ? reply : await zhang.get(`/imports/${no}`)
    expect(page.body).toMatch(/没有(?:找到|认出|可导入)|没有新增/)
  })

  it('“no changes to update”: a file that changes nothing is not committed', async () => {
    await entered('编号,资产名称\nB21-1,甲')
    const again = await brought('编号,资产名称\nB21-1,甲')
    const reply = await commit(again.no)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('没有可导入的行')
  })
})

describe('C: Shelf', () => {
  it('C1 parseCsv: quotes, doubled quotes, delimiters and line ends within them', async () => {
    await entered('编号,资产名称,备注\nC1-1,"门, ""朝南"" 的","第一行\n第二行"')
    expect(await cardOf('C1-1')).toMatchObject({ name: '门, "朝南" 的', remark: '第一行\n第二行' })
  })

  it('C2 csvDataFromRequest: rows of blanks at the end are no rows', async () => {
    const batch = await brought('编号,资产名称\nC2-1,甲\n,\n,\n,')
    expect(batch.rows).toHaveLength(1)
  })

  it('C4 C12 export → import without editing: nothing changes, no word of ours comes back as data', async () => {
    await entered('编号,资产名称,坐落,取得时间,账面原值,使用状况\nC4-1,全,一组,2015-03-01,100,在用\nC4-2,缺,,,,')
    const sheet = await zhang.get('/assets.xlsx')
    const batch = await brought(new Uint8Array(sheet.rawPayload), '台账.xlsx', { effectiveOn: '2026-03-10' })
    expect(new Set(statusesOf(batch))).toEqual(new Set(['unchanged']))
    expect(batch.asked).toEqual([])
  })

  it('C5 export in date: a day stays the day that was written', async () => {
    await entered('编号,资产名称,取得时间\nC5-1,闸,2015-03-01')
    expect((await cardOf('C5-1'))?.acquiredOn).toBe('2015-03-01')
  })

  it.each([
    ['¥1,234.56', '1234.56'],
    ['1234.5', '1234.50'],
    ['"5,000"', '5000.00'],
    ['3.5万元', '35000.00'],
  ])('C6 currency normalisation: %s is %s', async (written, cost) => {
    const code = `C6-${cost}`
    await entered(
      `编号,资产名称,账面原值\n${code},秤,${written.includes(',') ? `"${written.replaceAll('"', '')}"` : written}`,
    )
    expect((await cardOf(code))?.cost).toBe(cost)
  })

  it.each(['1.234,56', '-500', '¥', '12.34.56', '39660元或40000元'])(
    'C6 currency normalisation: %s is no amount, the row says so',
    async (written) => {
      const batch = await brought(`编号,资产名称,账面原值\nC6-x,秤,"${written}"`)
      expect(statusesOf(batch)).toEqual(['wrong'])
      expect(batch.rows[0]?.problems.concat(batch.rows[0].findings).some(({ field }) => field === 'cost')).toBe(true)
    },
  )

  it('C9 a day that is not in the calendar is told and kept as it was written, never another day', async () => {
    await entered('编号,资产名称,取得时间\nC9-1,塘,2021年2月30日')
    const card = await cardOf('C9-1')
    expect(card?.acquiredOn).toBeNull()
    expect(Object.values(card?.extra ?? {})).toContain('2021年2月30日')
  })

  it('C9 change below what is stored is no change; a blank is not 0', async () => {
    await entered('编号,资产名称,账面原值,累计折旧\nC9-2,碾,100,')
    const again = await brought('编号,资产名称,账面原值,累计折旧\nC9-2,碾,100.00,')
    expect(statusesOf(again)).toEqual(['unchanged'])
    const zero = await brought('编号,资产名称,账面原值,累计折旧\nC9-2,碾,100,0')
    expect(statusesOf(zero)).toEqual(['changed'])
  })

  it('C10 duplicates inside file by id: equal serials 序号 are no identity', async () => {
    const batch = await brought('序号,资产名称,坐落\n3,C10 甲,一组\n3,C10 乙,二组')
    expect(statusesOf(batch)).toEqual(['new', 'new'])
  })

  it('C11 empty cell = no change: name and description are never cleared', async () => {
    await entered('编号,资产名称,备注\nC11-1,老井,有水')
    const again = await brought('编号,资产名称,备注\nC11-1,老井,')
    expect(statusesOf(again)).toEqual(['unchanged'])
    expect(await cardOf('C11-1')).toMatchObject({ name: '老井', remark: '有水' })
  })

  it('C13 asset in several places: an owner of two villages is asked about, and an empty cell wipes nothing', async () => {
    const both = '古井村70%、红林村30%'
    const batch = await brought(`编号,资产名称,权属单位\nC13-1,灌渠,${both}`)
    expect(batch.asked.filter(({ about }) => about.includes(both))).toHaveLength(1)
    await commit(batch.no)
    const again = await brought('编号,资产名称,权属单位\nC13-1,灌渠,')
    expect(statusesOf(again)).toEqual(['unchanged'])
    expect(await cardOf('C13-1')).toMatchObject({ extra: { 权属单位: both }, version: 1 })
  })

  it('C14 quantity rules: a negative quantity makes the row wrong', async () => {
    const batch = await brought('编号,资产名称,数量\nC14-1,椅,10\nC14-2,椅,-3\nC14-3,椅,若干')
    expect(statusesOf(batch)).toEqual(['new', 'wrong', 'wrong'])
  })

  it('C15 multi-row mix: the counts add up to the rows read', async () => {
    await entered('编号,资产名称,备注\nC15-1,甲,一')
    const batch = await brought(
      '编号,资产名称,备注,账面原值\nC15-1,甲,二,\nC15-2,乙,,\nC15-2,乙,,\nC15-3,,只有备注,\nC15-4,丁,,很多',
    )
    const { new: fresh = 0, changed = 0, unchanged = 0, duplicate = 0, wrong = 0 } = batch.counts
    expect({ fresh, changed, duplicate, wrong }).toEqual({ fresh: 1, changed: 1, duplicate: 1, wrong: 2 })
    expect(fresh + changed + unchanged + duplicate + wrong).toBe(batch.reading.read)
  })

  it('C16 wrong file: what is no table of assets is refused with what to bring', async () => {
    const reply = await send('今天天气很好\n明天也不错\n后天再看')
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toMatch(/请/)
  })

  it('C18 org scoping: the code of another unit’s card does not resolve', async () => {
    const [hongs] = await test.db((tx) => tx.select().from(cards).where(eq(cards.name, '红林水库')))
    expect(hongs).toBeUndefined()
    const hong = await test.as('hong')
    const unit = test.fixture.codes.红林村股份经济合作联合社 ?? ''
    const sent = { ...fields(), unit }
    const no = numberOf(await hong.upload('/imports', sent, file('编号,资产名称\nHL-1,红林水库')))
    await confirmMapping(test, hong, no)
    await hong.post(`/imports/${no}/commit`, { action: 'all', version: String((await batchOf(no)).version) })
    const [foreign] = await test.db((tx) => tx.select().from(cards).where(eq(cards.name, '红林水库')))
    const batch = await brought(`资产编号,资产名称\n${foreign?.code},改名`)
    expect(statusesOf(batch)).toEqual(['wrong'])
    expect(
      await test.db((tx) =>
        tx
          .select()
          .from(cards)
          .where(eq(cards.id, foreign?.id ?? '')),
      ),
    ).toMatchObject([{ name: '红林水库', version: 1 }])
  })

  it('C19 look-up names resolved once per distinct name: one question for all its rows', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => `C19-${at},凳,未知的合作社`)
    const batch = await brought(['编号,资产名称,权属单位', ...rows].join('\n'))
    expect(batch.asked.filter(({ about }) => about.includes('未知的合作社'))).toHaveLength(1)
    expect(batch.asked.find(({ about }) => about.includes('未知的合作社'))?.about).toContain('30 行')
  })
})

function file(content: string | Uint8Array, name = '台账.csv') {
  return { name, bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content }
}

/** GBK as Excel in Chinese Windows saves .csv: two bytes for every character that is not ASCII. */
function gbk(text: string): Buffer {
  const bytes = new Map<string, [number, number]>()
  const decoder = new TextDecoder('gbk')
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail))
      if (character.length === 1) bytes.set(character, [lead, trail])
    }
  }
  return Buffer.from([...text].flatMap((character) => bytes.get(character) ?? [character.charCodeAt(0)]))
}

function send(content: string | Uint8Array, more: Record<string, string> = {}, name?: string): Promise<Reply> {
  return zhang.upload('/imports', fields(more), file(content, name))
}

/** Uploads a table and takes the guesses: its batch, its rows, and what was asked. */
async function brought(content: string | Uint8Array, name?: string, more: Record<string, string> = {}) {
  const no = numberOf(await send(content, more, name))
  const asked = ((await batchOf(no)).reading as Reading).questions.filter(({ answered }) => answered === undefined)
  await confirmMapping(test, zhang, no)
  const batch = await batchOf(no)
  return {
    no,
    rows: await rowsOf(no),
    asked,
    version: batch.version,
    reading: batch.reading as Reading,
    counts: batch.counts,
  }
}

type Brought = Awaited<ReturnType<typeof brought>>

function statusesOf({ rows }: Brought): string[] {
  return rows.map(({ status }) => status)
}

/** The same, committed. */
async function entered(content: string | Uint8Array): Promise<Brought> {
  const batch = await brought(content)
  const reply = await commit(batch.no)
  expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
  return batch
}

async function cardOf(originalCode: string) {
  const [card] = await test.db((tx) =>
    tx
      .select()
      .from(cards)
      .where(and(eq(cards.originalCode, originalCode), eq(cards.voided, false))),
  )
  return card
}

async function count(which: ReturnType<typeof eq>): Promise<number> {
  const [row] = await test.db((tx) => tx.select({ count: sql<number>`count(*)::int` }).from(cards).where(which))
  return row?.count ?? 0
}

async function units(): Promise<number> {
  const [row] = await test.db((tx) => tx.execute<{ count: number }>(sql`select count(*)::int as count from units`))
  return row?.count ?? 0
}
