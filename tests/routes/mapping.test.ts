import { eq, like, sql } from 'drizzle-orm'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { divisions, unitPeriods } from '../../db/schema/access.ts'
import { cards } from '../../db/schema/assets.ts'
import { importMappings } from '../../db/schema/imports.ts'
import { events } from '../../db/schema/kernel.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { importing } from '../support/imports.ts'
import { confirmMapping, controlFor } from '../support/mapping.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const collective = '古井村股份经济合作联合社'
const way = importing(
  () => test,
  () => zhang,
  collective,
)
const { batchOf, rowsOf: stagedOf } = way
const town = '蓬莱镇人民政府'
type Rows = readonly (readonly (string | number | null)[])[]

const header = ['资产名称', '账面原值', '使用状况', '保管情况']
const rows: Rows = [
  header,
  ['村部', 3, '空着没人用', '老李'],
  ['学校', 4, '自用', '老王'],
  ['仓库', 5, '空着没人用', ''],
]

describe('a file that leaves something open', () => {
  it('B11 B12 B14 waits on the mapping page, which asks with the rows and the values allowed', async () => {
    const no = await upload(rows)
    expect((await batchOf(no)).state).toBe('mapping')
    const sent = await zhang.get(`/imports/${no}`)
    expect([sent.statusCode, sent.headers.location]).toEqual([303, `/imports/${no}/mapping`])
    const page = await zhang.get(`/imports/${no}/mapping`)
    expect(page.statusCode, page.body.slice(0, 2000)).toBe(200)
    expect(page.body).toContain('「空着没人用」（2 行）是哪种使用状况？')
    expect(page.body).toContain('第 2、4 行')
    for (const choice of ['闲置', '出租']) expect(page.body).toContain(`>${choice}</option>`)
    const refused = await zhang.post(`/imports/${no}/commit`, { action: 'all', version: '2' })
    expect(refused.statusCode).toBe(422)
  })

  it('A3 A12 unknown columns are told and kept, once it is confirmed', async () => {
    const no = await upload([
      ['资产名称', '账面原值', '门锁'],
      ['甲屋', 3, '铁锁'],
    ])
    expect((await zhang.get(`/imports/${no}/mapping`)).body).toContain('没有认出')
    const reply = await confirmMapping(test, zhang, no)
    expect(reply?.headers.location).toBe(`/imports/${no}`)
    expect(await batchOf(no)).toMatchObject({ state: 'checked', answers: { columns: { C: null } } })
    const version = String((await batchOf(no)).version)
    await zhang.post(`/imports/${no}/commit`, { action: 'all', version })
    const [card] = await test.db((tx) => tx.select().from(cards).where(eq(cards.name, '甲屋')))
    expect(card?.extra).toEqual({ 门锁: '铁锁' })
  })

  it('A11 customColumnMapping: other columns, units and words are read as people say', async () => {
    const no = await upload([
      ['物件', '资产名称', '账面原值', '使用状况'],
      ['乙屋', '旧', 3, '空空的'],
      ['丙屋', '新', 4, '自用'],
    ])
    const word = await controlFor(test, no, 'value:usage:空空的')
    const reply = await confirmMapping(test, zhang, no, {
      'column-A': 'name',
      'column-B': 'remark',
      'unit-C': '万元',
      [word]: 'idle',
    })
    expect(reply?.statusCode, reply?.body.slice(0, 2000)).toBe(303)
    expect(await batchOf(no)).toMatchObject({ state: 'checked' })
    expect(await valuesOf(no)).toMatchObject([
      { name: '乙屋', remark: '旧', cost: '30000.00', usage: 'idle' },
      { name: '丙屋', cost: '40000.00', usage: expect.stringMatching(/./) },
    ])
  })

  it('a word left as it was guessed needs no second reading, and what is blank stays beside the card', async () => {
    const no = await upload(rows)
    const before = await valuesOf(no)
    await confirmMapping(test, zhang, no)
    const { state, answers, version } = await batchOf(no)
    expect([state, version]).toEqual(['checked', 3])
    expect(answers).toMatchObject({ values: { usage: { 空着没人用: null } } })
    expect(await valuesOf(no)).toEqual(before)
  })

  it('takes a unit that nobody chose for no answer: the next file of the layout says its own', async () => {
    const named = ['资产名称', '账面原值', '占地面积', '单位前的栏目']
    const no = await upload([named, ['元屋', 30000, 20, '甲']])
    const reply = await confirmMapping(test, zhang, no, { 'unit-B': '元', 'unit-C': '㎡' })
    expect(reply?.statusCode, reply?.body).toBe(303)
    const { state, answers } = await batchOf(no)
    expect([state, (answers as { units?: unknown }).units]).toEqual(['checked', {}])
    const next = await upload([['单位：万元、亩', null, null, null], named, ['万元屋', 3, 6, '乙']])
    expect(await valuesOf(next)).toMatchObject([{ cost: '30000.00', landArea: '4000.00' }])
  })

  it('is confirmed once: an old version and a batch that is done are refused', async () => {
    const no = await upload(rows, { fresh: '再' })
    const old = await zhang.post(`/imports/${no}/mapping`, { version: '1' })
    expect(old.statusCode).toBe(409)
    await confirmMapping(test, zhang, no)
    await zhang.post(`/imports/${no}/cancel`, { version: String((await batchOf(no)).version) })
    const late = await zhang.post(`/imports/${no}/mapping`, { version: String((await batchOf(no)).version) })
    expect(late.statusCode).toBe(422)
    expect(late.body).toContain('已经处理过')
  })
})

describe('the mapping form', () => {
  it('tells a field given to two columns at both, and keeps everything that was chosen', async () => {
    const no = await upload([
      ['资产名称', '账面原值', '别的价'],
      ['丁屋', 3, 4],
    ])
    const reply = await confirmMapping(test, zhang, no, { 'column-C': 'cost' })
    expect(reply?.statusCode).toBe(422)
    const told = 'B、C 列都选了「账面原值」，一栏只能对应一列，请改其中的一列。'
    expect(reply?.body).toContain(`id="error-column-B">${told}`)
    expect(reply?.body).toContain(`id="error-column-C">${told}`)
    expect(reply?.body).toMatch(/id="field-column-C"[\s\S]*?value="cost" selected/)
    expect((await batchOf(no)).state).toBe('mapping')
  })

  it('cannot go on without a name, and says so', async () => {
    const no = await upload([
      ['资产名称', '门牌'],
      ['戊屋', '12'],
    ])
    const reply = await confirmMapping(test, zhang, no, { 'column-A': '-' })
    expect(reply?.statusCode).toBe(422)
    expect(reply?.body).toContain('没有一列对应「资产名称」，请为写名称的那一列选「资产名称」。')
  })

  it('refuses fields, units and words that are none', async () => {
    const no = await upload(rows, { fresh: '又' })
    const word = await controlFor(test, no, 'value:usage:空着没人用')
    const reply = await confirmMapping(test, zhang, no, {
      'column-D': 'constructor',
      'unit-B': '亩',
      [word]: '__proto__',
    })
    expect(reply?.statusCode).toBe(422)
    for (const text of ['请为 D 列从列表中选择一栏。', '不能以亩为单位', '不在列表里'])
      expect(reply?.body).toContain(text)
  })

  it('takes another worksheet, and asks anew', async () => {
    const no = await upload(rows, {
      more: [
        ['资产名称', '占地面积', '四至情况'],
        ['水田', 2, '东至路'],
      ],
    })
    const page = await zhang.get(`/imports/${no}/mapping`)
    expect(page.body).toContain('>「另一张」</option>')
    const reply = await confirmMapping(test, zhang, no, { worksheet: '另一张' })
    expect(reply?.statusCode).toBe(303)
    expect(await batchOf(no)).toMatchObject({ state: 'mapping', worksheet: '另一张', answers: { worksheet: '另一张' } })
    expect(await valuesOf(no)).toMatchObject([{ name: '水田' }])
    expect((await confirmMapping(test, zhang, no))?.headers.location).toBe(`/imports/${no}`)
  })

  it('takes another table of the worksheet', async () => {
    const no = await upload([
      ['资产名称', '账面原值', '坐落'],
      ['村部', 1, '东'],
      ['设备名称', '规格型号', '数量', '保管人'],
      ['电脑', 'X1', 3, '张三'],
    ])
    await confirmMapping(test, zhang, no, { table: '3' })
    expect(await valuesOf(no)).toMatchObject([{ name: '电脑' }])
    expect((await batchOf(no)).answers).toMatchObject({ headerRow: 3 })
  })

  it('holds 256 columns and 500 questions', async () => {
    const many = Array.from({ length: 253 }, (_column, at) => `栏${at}`)
    const words = Array.from({ length: 520 }, (_row, at) => [`房${at}`, 1, `用途第${at}种`, ...many.map(() => 'x')])
    const no = await upload([['资产名称', '账面原值', '使用状况', ...many], ['村部', 1, '自用'], ...words])
    const page = await zhang.get(`/imports/${no}/mapping`)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('还有 480 处')
    const sent = Object.fromEntries(
      [...page.body.matchAll(/<select[^>]* name="([^"]+)"[\s\S]*?<\/select>/g)].map(([whole, name]) => [
        name ?? '',
        /<option value="([^"]*)" selected/.exec(whole ?? '')?.[1] ?? '-',
      ]),
    )
    expect(Object.keys(sent).length).toBeGreaterThan(700)
    const reply = await confirmMapping(test, zhang, no, sent)
    expect(reply?.statusCode, reply?.body.slice(0, 1500)).toBe(303)
  }, 60_000)
})

describe('names that mean several things', () => {
  it('B19 tree: an owner that two units are called is asked, with both, and never guessed', async () => {
    const villages = ['古井村股份经济合作联合社', '红林村股份经济合作联合社']
    await test.db((tx) =>
      tx.insert(unitPeriods).values(
        villages.map((name) => ({
          unitId: test.fixture.units[name] ?? '',
          name: '盘龙村集体',
          divisionCode: '510923100000',
          validFrom: '2001-01-01',
          validTo: '2019-12-31',
        })),
      ),
    )
    const nong = await test.as('nong')
    const no = await upload(
      [
        ['资产名称', '权属单位'],
        ['己屋', '盘龙村集体'],
        ['庚屋', '红林村股份经济合作联合社'],
      ],
      {
        unit: town,
        by: nong,
      },
    )
    const word = await controlFor(test, no, 'value:ownerUnit:盘龙村集体')
    const page = await nong.get(`/imports/${no}/mapping`)
    expect(page.body).toContain('有 2 个单位叫「盘龙村集体」（1 行）')
    const open = await confirmMapping(test, nong, no)
    expect(open?.statusCode).toBe(422)
    expect(open?.body).toContain('请为「盘龙村集体」选一项。')
    const code = test.fixture.codes.古井村股份经济合作联合社 ?? ''
    expect((await confirmMapping(test, nong, no, { [word]: code }))?.statusCode).toBe(303)
    expect(await resolvedOf(no)).toMatchObject([
      { ownerUnit: test.fixture.units.古井村股份经济合作联合社 },
      { ownerUnit: test.fixture.units.红林村股份经济合作联合社 },
    ])
  })

  it('B19 tree: a village that stands twice is asked; the one of the unit that the row names is meant', async () => {
    await test.db((tx) =>
      tx.insert(divisions).values(
        ['510923100220', '510923100230'].map((code) => ({
          code,
          name: '盘龙村委会',
          level: 5,
          parentCode: '510923100000',
        })),
      ),
    )
    const nong = await test.as('nong')
    const no = await upload(
      [
        ['资产名称', '所在村'],
        ['辛屋', '盘龙村'],
        ['壬屋', '古井村'],
      ],
      { unit: town, by: nong },
    )
    const word = await controlFor(test, no, 'value:division:盘龙村')
    await confirmMapping(test, nong, no, { [word]: '510923100230' })
    expect(await resolvedOf(no)).toMatchObject([{ division: '510923100230' }, { division: '510923100210' }])
  })

  it('an owner that nothing is called goes where people say', async () => {
    const nong = await test.as('nong')
    const no = await upload(
      [
        ['资产名称', '权属单位'],
        ['癸屋', '老井村'],
      ],
      { unit: town, by: nong },
    )
    const word = await controlFor(test, no, 'value:ownerUnit:老井村')
    const code = test.fixture.codes.古井村股份经济合作联合社 ?? ''
    const odd = await confirmMapping(test, nong, no, { [word]: test.fixture.codes.石桥村股份经济合作联合社 ?? '' })
    expect(odd?.statusCode).toBe(422)
    await confirmMapping(test, nong, no, { [word]: code })
    expect(await resolvedOf(no)).toMatchObject([{ ownerUnit: test.fixture.units.古井村股份经济合作联合社 }])
  })
})

describe('what was confirmed', () => {
  const layout: Rows = [
    ['资产名称', '账面原值', '使用状况', '钥匙'],
    ['子屋', 3, '关着门', 'A'],
    ['丑屋', 3, '自用', 'B'],
  ]

  it('is remembered for the next file of the layout, which asks only about what is new', async () => {
    const no = await upload(layout)
    const word = await controlFor(test, no, 'value:usage:关着门')
    await confirmMapping(test, zhang, no, { [word]: 'idle', 'column-D': 'keeper' })
    const next = await upload([...layout.slice(0, 2), ['寅屋', 8, '关着门', 'C']])
    expect(await batchOf(next)).toMatchObject({ state: 'checked', reading: { recalled: true } })
    expect(await valuesOf(next)).toMatchObject([
      { usage: 'idle', keeper: 'A' },
      { usage: 'idle', keeper: 'C' },
    ])
    const page = await zhang.get(`/imports/${next}`)
    expect(page.body).toContain('按上次的对应读取')
    expect(page.body).toContain(`/imports/${next}/mapping`)
    const third = await upload([...layout, ['卯屋', 8, '塌了一半', 'C']])
    const asked = await zhang.get(`/imports/${third}/mapping`)
    expect(asked.body).toContain('「塌了一半」（1 行）是哪种使用状况？')
    expect(asked.body).toContain('已经定过的写法（1 处）')
    await confirmMapping(test, zhang, third, { [await controlFor(test, third, 'value:usage:塌了一半')]: 'idle' })
    const [kept] = await mappingsLike('钥匙')
    expect(kept?.answers).toMatchObject({ values: { usage: { 关着门: 'idle', 塌了一半: 'idle' } } })
  })

  it('belongs to the unit, is listed, changed and deleted with an event each', async () => {
    const [kept] = await mappingsLike('钥匙')
    const at = `/imports/mappings/${kept?.id}`
    const list = await zhang.get('/imports/mappings')
    expect(list.body).toContain(at)
    expect((await (await test.as('hong')).get('/imports/mappings')).body).not.toContain(at)
    expect((await (await test.as('hong')).get(at)).statusCode).toBe(404)
    expect((await zhang.get(at)).body).toContain('「关着门」')
    const version = String(kept?.version)
    const twice = await zhang.post(at, { version, 'column-D': 'name' })
    expect(twice.statusCode).toBe(422)
    expect(twice.body).toContain('A、D 列都选了「资产名称」')
    const changed = await zhang.post(at, { version, 'column-D': '-' })
    expect(changed.statusCode, changed.body.slice(0, 2000)).toBe(303)
    expect((await zhang.post(at, { version, 'column-D': 'remark' })).statusCode).toBe(409)
    const [now] = await mappingsLike('钥匙')
    expect(now?.answers).toMatchObject({ columns: { D: null }, values: { usage: { 关着门: 'idle' } } })
    expect((await zhang.post(`${at}/delete`, { version })).statusCode).toBe(409)
    expect((await zhang.post(`${at}/delete`, { version: String(now?.version) })).headers.location).toBe(
      '/imports/mappings',
    )
    expect(await mappingsLike('钥匙')).toEqual([])
    const told = await test.db((tx) => tx.select().from(events).where(eq(events.topic, 'import mappings')))
    expect(told.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['mapping.remember', 'mapping.change', 'mapping.forget']),
    )
    expect(told.every(({ actorName }) => actorName !== '')).toBe(true)
  })

  it('is seen by who may only look, who cannot send it', async () => {
    const no = await upload([
      ['资产名称', '灯'],
      ['辰屋', '两盏'],
    ])
    const leader = await test.as('ji')
    const page = await leader.get(`/imports/${no}/mapping`)
    expect(page.statusCode).toBe(200)
    expect(page.body).not.toContain('确认对应')
    expect((await leader.post(`/imports/${no}/mapping`, { version: '2' })).statusCode).toBe(403)
    expect((await (await test.as('hong')).post(`/imports/${no}/mapping`, { version: '2' })).statusCode).toBe(404)
  })
})

type Upload = { unit?: string; by?: Visitor; more?: Rows; fresh?: string }

async function upload(given: Rows, { unit = collective, by = zhang, more, fresh }: Upload = {}): Promise<string> {
  const book = new ExcelJS.Workbook()
  book.addWorksheet('台账').addRows(given.map((row) => [...row, ...(fresh ? [fresh] : [])]))
  if (more) book.addWorksheet('另一张').addRows(more.map((row) => [...row]))
  const bytes = new Uint8Array(await book.xlsx.writeBuffer())
  return way.upload(bytes, { unit: test.fixture.codes[unit] ?? '' }, '台账.xlsx', by)
}

const valuesOf = async (no: string) => (await stagedOf(no)).map(({ values }) => values)
const resolvedOf = async (no: string) => (await stagedOf(no)).map(({ resolved }) => resolved)

async function mappingsLike(text: string) {
  return test.db((tx) =>
    tx
      .select()
      .from(importMappings)
      .where(like(sql`${importMappings.headers}::text`, `%${text}%`)),
  )
}
