import { expect, test } from 'vitest'
import { type InterpretOptions, interpret } from '../../imports/interpreting/interpret.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { plainCards } from './plain-cards.ts'
import { sumsOf } from './sums.ts'
import { rows as rowsOf, table, textFile } from './workbooks.ts'

const cards: ImportTarget = {
  ...plainCards,
  check: ({ values }) =>
    values.cost === '1.00' ? [{ field: 'cost', message: '原值一元，请核对。', severity: 'told' }] : [],
}

async function read(path: string, options: InterpretOptions = {}) {
  const { recognition, rows, summary } = await interpret(path, cards, options)
  const found = await Array.fromAsync(rows())
  return { recognition, rows: found, summary: { ...summary, sums: sumsOf(found) } }
}

/** Headers and figures as village collectives write them, in the shape of their registers. */
const village = [
  ['基础属性', null, null, null, '经营属性', null, '不动产属性', null, null],
  [
    '*编号',
    '*名称',
    '*构（购）建时间',
    '*原值\n（万元）',
    '*经营方式',
    '*年租金或收益（万元）',
    '*建筑面积\n（平方米）',
    '*占地面积\n（平方米）',
    '四至边界\n东',
  ],
  ['001', '集体林', '2018', '30', '集体自主经营', '3', '0', '3400', '河'],
  ['002', '办公楼', '2018', '200', '公益性用途', null, '400', '200', null],
  ['004', '停车场', '2017年3月', '50', '出租经营', '5', null, '1.5亩', null],
]

test('a village register with a two-row header', async () => {
  const path = await table(village, ['A1:D1', 'E1:F1', 'G1:I1'])
  const { recognition, rows, summary } = await read(path, { defaults: { track: 'collective' } })
  expect(recognition.headerRows).toEqual([1, 2])
  expect(summary).toMatchObject({
    read: 3,
    wrong: 0,
    sums: { cost: '2800000.00', annualRent: '80000.00', floorArea: '400.00', landArea: '4600.00' },
  })
  expect(rows[2]).toEqual({
    row: 5,
    values: {
      originalCode: '004',
      name: '停车场',
      acquiredOn: '2017-03',
      cost: '500000.00',
      usage: 'leased',
      annualRent: '50000.00',
      landArea: '1000.00',
      track: 'collective',
    },
    extras: {},
    written: { acquiredOn: '2017年3月', cost: '50万元', usage: '出租经营', annualRent: '5万元', landArea: '1.5亩' },
    problems: [],
  })
  expect(rows[0]?.extras).toEqual({ 四至边界东: '河' })
})

test('totals, headings, notes, signatures and numbers of columns become no rows', async () => {
  const path = await table([
    ['序号', '资产名称', '原值', '备注'],
    ['1', '2', '3', '4'],
    ['一、房屋'],
    [1, '村部', 10, null],
    [2, '学校', 20.5, '一'],
    [null, '小计', 30.5, null],
    ['二、设备'],
    [3, '电脑', 5, '旧'],
    [null, '小计', 6, null],
    ['序号', '资产名称', '原值', '备注'],
    [4, '桌子', 1, null],
    [5, null, null, null],
    ['合 计', null, 36.5, null],
    ['注：原值为账面数'],
    ['填表人：张三', null, '审核人：李四'],
    ['2024年3月1日'],
  ])
  const { rows, summary } = await read(path)
  expect(rows.map(({ row, values }) => [row, values.name])).toEqual([
    [4, '村部'],
    [5, '学校'],
    [8, '电脑'],
    [11, '桌子'],
  ])
  expect(summary.totals).toEqual([
    { row: 6, field: 'cost', declared: '30.5', computed: '30.5', agrees: true },
    { row: 9, field: 'cost', declared: '6', computed: '5', agrees: false },
    { row: 13, field: 'cost', declared: '36.5', computed: '36.5', agrees: true },
  ])
  expect(summary.leftOut.map(({ row, role }) => `${row} ${role}`)).toEqual([
    '2 header',
    '3 section',
    '6 subtotal',
    '7 section',
    '9 subtotal',
    '10 header',
    '13 total',
    '14 note',
    '15 note',
    '16 note',
  ])
})

test('a total is checked in the unit of the file, also where it opens the table', async () => {
  const path = await table([
    ['资产名称', '原值（万元）'],
    ['合计', 30.12],
    ['村部', 10.005],
    ['学校', 20.112],
  ])
  const { summary } = await read(path)
  expect(summary.totals).toEqual([{ row: 2, field: 'cost', declared: '30.12', computed: '30.117', agrees: true }])
  expect(summary.sums.cost).toBe('301170.00')
})

test('only a missing name and an unreadable figure make a row wrong; the rest is told and kept', async () => {
  const path = await table([
    ['资产名称', '原值', '取得日期', '使用状况', '规格'],
    ['村部', '三十万', null, null, null],
    [null, '5', null, null, 'x'],
    ['学校', '7', '解放前', '堆放杂物', null],
    ['礼堂', '1', null, '长期闲置房屋', null],
  ])
  const { rows, summary } = await read(path)
  expect(summary).toMatchObject({ read: 4, wrong: 2, sums: { cost: '8.00' } })
  expect(
    rows.flatMap(({ problems }) => problems.map(({ row, column, field, severity }) => [row, column, field, severity])),
  ).toEqual([
    [2, 'B', 'cost', 'wrong'],
    [3, 'A', 'name', 'wrong'],
    [4, 'C', 'acquiredOn', 'told'],
    [4, 'D', 'usage', 'told'],
    [5, 'D', 'usage', 'told'],
    [5, 'B', 'cost', 'told'],
  ])
  expect(rows[2]?.values).toEqual({ name: '学校', cost: '7.00' })
  expect(rows[2]?.extras).toEqual({ 取得日期: '解放前', 使用状况: '堆放杂物' })
  expect(rows[3]?.values.usage).toBe('idle')
  expect(summary.questions.map(({ guess }) => guess)).toEqual(['留空，原文作为附加栏目保留', '按「闲置」读入'])
})

test('what is merged over several rows is said of each, but figures and names only once', async () => {
  const path = await table(
    [
      ['所在村', '资产名称', '原值'],
      ['河沙村', '村部', 10],
      [null, '学校', null],
      ['松林村', '礼堂', 5],
      ['黄莲村', '仓库', 7],
      [null, null, 8],
    ],
    ['A2:A3', 'C2:C3', 'A5:A6', 'B5:B6'],
  )
  const { rows, summary } = await read(path)
  expect(rows.map(({ values }) => [values.division, values.name, values.cost])).toEqual([
    ['河沙村', '村部', '10.00'],
    ['河沙村', '学校', undefined],
    ['松林村', '礼堂', '5.00'],
    ['黄莲村', '仓库', '7.00'],
    ['黄莲村', undefined, '8.00'],
  ])
  expect(summary.wrong).toBe(1)
  expect(rows[4]?.problems[0]?.message).toBe(
    '名称与第 5 行合并在一格：一项资产的几部分请合成一行，几项资产请分别写名称。',
  )
  expect(summary.questions).toEqual([])
  expect(summary.notices).toEqual([
    '第 A 列「所在村」跨行合并的内容已补入下面 2 行。',
    'C2:C3跨行合并的数字只记在第一行，没有重复计算；如果是几项资产的总数，请拆开后重新上传。',
  ])
})

test('a heading merged over the table is no asset, a lone name is', async () => {
  const path = await table(
    [
      ['资产名称', '原值', '坐落', '备注'],
      ['商铺具体情况', null, null, null],
      ['铺面', 1, '东', null],
      ['仓库', null, null, null],
    ],
    ['A2:D2'],
  )
  const { rows, summary } = await read(path)
  expect(rows.map(({ values }) => values.name)).toEqual(['铺面', '仓库'])
  expect(summary.leftOut).toEqual([{ row: 2, role: 'section' }])
})

test('a code that a cell has rounded is kept and told; as text it is whole', async () => {
  const path = await table([
    ['资产名称', '证件号', '原值'],
    ['村部', 510923199001011200, 1e16],
    ['学校', '510923199001011234', 2],
  ])
  const { rows } = await read(path)
  expect(rows[0]?.problems.map(({ column, severity }) => [column, severity])).toEqual([
    ['B', 'told'],
    ['C', 'wrong'],
  ])
  expect(rows[1]).toMatchObject({ values: { certificate: '510923199001011234' }, problems: [] })
})

test('an error cell is no text and no zero', async () => {
  const path = await rowsOf(
    '<row r="1"><c r="A1" t="inlineStr"><is><t>资产名称</t></is></c><c r="B1" t="inlineStr"><is><t>原值</t></is></c><c r="C1" t="inlineStr"><is><t>坐落</t></is></c></row>' +
      '<row r="2"><c r="A2" t="inlineStr"><is><t>村部</t></is></c><c r="B2" t="e"><v>#REF!</v></c><c r="C2" t="e"><v>#N/A</v></c></row>',
  )
  const { rows } = await read(path)
  expect(rows[0]?.values).toEqual({ name: '村部' })
  expect(rows[0]?.problems.map(({ severity, message }) => [severity, message])).toEqual([
    ['wrong', '公式出错（#REF!），请改为实际的内容。'],
    ['told', '公式出错（#N/A），请改为实际的内容。'],
  ])
})

test('another table further down is left out and told', async () => {
  const path = textFile(
    '表.csv',
    '资产名称,原值,坐落\n村部,1,东\n学校,2,西\n设备名称,规格型号,数量,计量单位,保管人\n电脑,X1,3,台,张三\n',
  )
  const { rows, summary } = await read(path)
  expect(rows.map(({ row }) => row)).toEqual([2, 3])
  expect(summary.questions).toMatchObject([{ kind: 'table', value: '1', about: '工作表里上下排了 2 张表，读哪一张？' }])
})

test('rows can be read again, and a long table is read to its end', async () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `资产${at + 1},${at + 1}`)
  const interpretation = await interpret(textFile('表.csv', `资产名称,原值\n${lines.join('\n')}\n`), cards)
  for (const _again of [1, 2]) {
    const rows = await Array.fromAsync(interpretation.rows())
    expect(rows.at(-1)?.row).toBe(5001)
    expect(sumsOf(rows)).toEqual({ cost: '12502500.00' })
    expect(interpretation.summary).toMatchObject({ read: 5000 })
  }
})
