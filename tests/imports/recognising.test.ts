import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { noAnswers } from '../../imports/answers.ts'
import { gathered } from '../../imports/recognising/questions.ts'
import { recognise } from '../../imports/recognising/recognise.ts'
import { ImportRefused } from '../../imports/refused.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { save, table, textFile } from './workbooks.ts'

const cards = { label: '资产卡片', name: 'name', headers: ['资产名称'], fields: cardFields }

async function fieldsOf(path: string, options = {}) {
  const found = await recognise(path, cards, options)
  return { ...found, fields: Object.fromEntries(found.columns.map(({ header, field }) => [header, field])) }
}

test('title, unit line, one header row', async () => {
  const path = await table(
    [
      ['蓬莱镇固定资产台账'],
      ['填报单位：蓬莱镇', null, '单位：万元、亩'],
      ['序号', '*资产\n名称', '账面原值', '占地面积', '净值（元）'],
      [1, '村部', 30, 2, 100],
    ],
    ['A1:E1'],
  )
  const { headerRows, fields, columns, questions } = await fieldsOf(path)
  expect(headerRows).toEqual([3])
  expect(fields).toEqual({
    序号: null,
    资产名称: 'name',
    账面原值: 'cost',
    占地面积: 'landArea',
    '净值（元）': 'netValue',
  })
  expect(columns.map(({ unit }) => unit)).toEqual([null, null, '万元', '亩', '元'])
  expect(columns[0]).toMatchObject({ column: 'A', serial: true })
  expect(questions).toEqual([])
})

test('groups above leaves, with merges', async () => {
  const path = await table(
    [
      ['资产明细'],
      ['序号', '名称', '面积（亩）', null, '四至边界', null, '备注'],
      [null, null, '建筑', '占地', '东', '西', null],
      [1, '村部', 1, 2, '路', '河', 'x'],
    ],
    ['A1:G1', 'A2:A3', 'B2:B3', 'C2:D2', 'E2:F2', 'G2:G3'],
  )
  const { headerRows, fields, columns } = await fieldsOf(path)
  expect(headerRows).toEqual([2, 3])
  expect(fields).toEqual({
    序号: null,
    名称: 'name',
    建筑: 'floorArea',
    占地: 'landArea',
    '四至边界>东': null,
    '四至边界>西': null,
    备注: 'remark',
  })
  expect(columns[2]?.unit).toBe('亩')
})

test('groups above leaves, without merges', async () => {
  const path = textFile('表.csv', '序号,名称,四至边界,,备注\n,,东,西,\n1,村部,路,河,x\n2,学校,路,河,y\n')
  const { headerRows, fields } = await fieldsOf(path)
  expect(headerRows).toEqual([1, 2])
  expect(fields).toMatchObject({ 名称: 'name', '四至边界>东': null, '四至边界>西': null, 备注: 'remark' })
})

test('two columns for one field: the one its values fit wins, the other is asked about', async () => {
  const path = await table([
    ['资产名称', '资产类型', '资源类型', '类型'],
    ['集体林', '不动产', '公益林', '林木'],
    ['装载机', '动产', '机械设备', null],
  ])
  const { fields, questions } = await fieldsOf(path)
  expect(fields).toEqual({ 资产名称: 'name', 资产类型: null, 资源类型: 'cardType', 类型: null })
  expect(questions.map(({ column }) => column)).toEqual(['B', 'D'])
  expect(questions[1]?.about).toContain('第 C 列')
})

test('a code of others is no code of ours, 资产属性 may tell the nature, 面积 goes by its unit', async () => {
  const foreign = await fieldsOf(
    await table([
      ['资产编号', '资产名称', '资产属性', '面积(亩)'],
      ['GZ-001', '山林', '经营性', 3],
    ]),
  )
  expect(foreign.fields).toEqual({
    资产编号: 'originalCode',
    资产名称: 'name',
    资产属性: 'nature',
    '面积(亩)': 'landArea',
  })
  const own = await fieldsOf(
    await table([
      ['资产编号', '资产名称', '资产属性', '面积'],
      ['51092300000017', '办公楼', '集体', 3],
    ]),
  )
  expect(own.fields).toEqual({ 资产编号: 'code', 资产名称: 'name', 资产属性: 'track', 面积: 'floorArea' })
  expect(own.questions.map(({ column }) => column)).toEqual(['D'])
})

test('权属 names units, or tells which kind of owner', async () => {
  const units = await fieldsOf(
    await table([
      ['资产名称', '权属'],
      ['山林', '古井村集体经济组织'],
      ['学校', '蓬莱镇人民政府'],
    ]),
  )
  expect(units.fields).toMatchObject({ 权属: 'ownerUnit' })
  const kinds = await fieldsOf(
    await table([
      ['资产名称', '权属'],
      ['山林', '集体'],
      ['学校', '国有'],
    ]),
  )
  expect(kinds.fields).toMatchObject({ 权属: 'track' })
  expect(kinds.questions.map(({ column }) => column)).toEqual(['B'])
})

test('a book value is the cost or what is left of it, whichever no other column tells', async () => {
  const row = (headers: string[]) =>
    table([headers, headers.map((header, at) => (header === '资产名称' ? '山林' : at + 1))])
  const left = await fieldsOf(await row(['资产名称', '账面价值', '原值']))
  expect(left.fields).toMatchObject({ 账面价值: 'netValue', 原值: 'cost' })
  const cost = await fieldsOf(await row(['资产名称', '账面价值', '账面净值']))
  expect(cost.fields).toMatchObject({ 账面价值: 'cost', 账面净值: 'netValue' })
  expect(cost.questions.map(({ column }) => column)).toEqual(['B'])
})

test('what looks alike and is not ours stays beside', async () => {
  const headers = [
    '资产名称',
    '减值准备(元)',
    '月折旧率(%)',
    '单价(元)',
    '起点坐标',
    '部门名称',
    '是否闲置',
    '租赁单价(元/㎡/月)',
  ]
  const { fields } = await fieldsOf(await table([headers, headers.map((_, at) => at)]))
  expect(Object.values(fields).filter((field) => field !== null)).toEqual(['name'])
})

test('a monthly rent says so in its unit', async () => {
  const { columns } = await fieldsOf(
    await table([
      ['资产名称', '月租金'],
      ['铺面', 900],
    ]),
  )
  expect(columns[1]).toMatchObject({ field: 'annualRent', unit: '元/月' })
})

test('what a person decided goes before what is found', async () => {
  const path = await table([
    ['资产名称', '原值', '现状'],
    ['村部', 3, '闲置'],
  ])
  const { fields } = await fieldsOf(path, { answers: { ...noAnswers, columns: { B: 'netValue', C: null } } })
  expect(fields).toEqual({ 资产名称: 'name', 原值: 'netValue', 现状: null })
})

test('the worksheet that holds the table is taken, the others are named', async () => {
  const book = new ExcelJS.Workbook()
  book.addWorksheet('封面').addRow(['蓬莱镇'])
  book.addWorksheet('台账').addRows([
    ['资产名称', '原值'],
    ['村部', 1],
  ])
  book.addWorksheet('旧台账', { state: 'hidden' }).addRows([
    ['资产名称', '原值', '净值'],
    ['村部', 1, 1],
  ])
  const path = await save(book)
  const { worksheet, questions, notices } = await fieldsOf(path)
  expect(worksheet).toBe('台账')
  expect(questions[0]?.about).toBe('文件里还有工作表「旧台账」（隐藏），读哪一张？')
  expect(notices).toEqual(['工作表「封面」里没有认出资产表，没有读入。'])
  expect((await fieldsOf(path, { answers: { ...noAnswers, worksheet: '旧台账' } })).worksheet).toBe('旧台账')
  await expect(recognise(path, cards, { answers: { ...noAnswers, worksheet: '没有' } })).rejects.toThrow('「台账」')
})

test('people are asked once about all columns that nobody knows', async () => {
  const { questions } = await fieldsOf(
    await table([
      ['资产名称', '经度', '纬度', '面积'],
      ['村部', 105.1, 30.5, 9],
    ]),
  )
  expect(questions.map(({ column }) => column)).toEqual(['B', 'C', 'D'])
  expect(gathered(questions).map(({ about, guess }) => `${about} ${guess}`)).toEqual([
    '第 D 列「面积」是「建筑面积」吗？ 按「建筑面积」读入',
    '有 2 列没有认出，对应哪一栏？ 都作为附加栏目原样保留：B 经度、C 纬度',
  ])
})

test('a file without a table is refused with what to write', async () => {
  const prose = recognise(textFile('话.csv', '今天,天气\n很好,真的\n'), cards)
  await expect(prose).rejects.toThrow(ImportRefused)
  await expect(prose).rejects.toThrow('资产名称')
})

test('the same headers have the same fingerprint, whatever stands below', async () => {
  const [a, b, c] = await Promise.all(
    [
      [
        ['资产名称', '原值（元）'],
        ['村部', 1],
      ],
      [['台账'], ['*资产 名称', '原值(元)'], ['学校', 2], ['礼堂', 3]],
      [
        ['原值（元）', '资产名称'],
        [1, '村部'],
      ],
    ].map(async (rows) => (await recognise(await table(rows), cards)).fingerprint),
  )
  expect(a).toBe(b)
  expect(a).not.toBe(c)
})
