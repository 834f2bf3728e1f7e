import { expect, test } from 'vitest'
import { interpret } from '../../imports/interpreting/interpret.ts'
import { plainCards } from './plain-cards.ts'
import { sumsOf } from './sums.ts'
import { textFile } from './workbooks.ts'

async function read(...lines: string[]) {
  const { rows, summary } = await interpret(textFile('left-out.csv', lines.join('\n')), plainCards)
  const found = await Array.fromAsync(rows())
  return { rows: found, names: found.map(({ values }) => values.name), sums: sumsOf(found), ...summary }
}

test('an asset whose name begins like a note or a signature is read', async () => {
  const { names, leftOut } = await read(
    '资产名称,账面原值,坐落',
    '说明：标识牌,200,东',
    '审核大厅：一楼,10,西',
    '注：以上为暂估数,,',
    '审核人：李四,填表人：张三,2024年5月1日',
  )
  expect(names).toEqual(['说明：标识牌', '审核大厅：一楼'])
  expect(leftOut).toEqual([
    { row: 4, role: 'note' },
    { row: 5, role: 'note' },
  ])
})

test('totals that count, gather or close the form are no assets and are checked', async () => {
  const { names, sums, totals, leftOut } = await read(
    '序号,村,资产名称,账面原值',
    '1,甲村,村部,100',
    '2,甲村,学校,200',
    '共 2 项,,,300',
    ',乙村,塘,50',
    ',乙村汇总,,50',
    ',总合计,,360',
    '3,,以下空白,',
  )
  expect(names).toEqual(['村部', '学校', '塘'])
  expect(sums).toEqual({ cost: '350.00' })
  expect(totals.map(({ row, computed, agrees }) => [row, computed, agrees])).toEqual([
    [4, '300', true],
    [6, '50', true],
    [7, '350', false],
  ])
  expect(leftOut.at(-1)).toEqual({ row: 8, role: 'note' })
})

test('a total right behind a smaller one counts the parts since any earlier one', async () => {
  const { totals } = await read(
    '资产名称,账面原值',
    '村部,100',
    '小计,100',
    '学校,200',
    '小计,200',
    '甲村合计,300',
    '塘,50',
    '小计,50',
    '水渠,60',
    '小计,61',
    '乙村合计,110',
    '总合计,410',
  )
  expect(totals.filter(({ agrees }) => !agrees).map(({ row, computed }) => [row, computed])).toEqual([[10, '60']])
})

test('a group alone in the name column heads rows, as a village does', async () => {
  const { names, notices } = await read('资产名称,账面原值', '五组,', '晒坝,5', '第6组,', '水塔,6')
  expect(names).toEqual(['晒坝', '水塔'])
  expect(notices).toEqual([
    '第 2 行「五组」、第 4 行「第6组」是分段标题，没有作为资产读入。标题里的村名没有写进各行，需要的请在表里加“所在村”一列。',
  ])
})

test('what only a late row has beyond the header is kept and told', async () => {
  const many = Array.from({ length: 250 }, (_, at) => `房屋${at},1`)
  const { rows, notices } = await read('资产名称,账面原值', ...many, '仓库,12,000')
  expect(rows.at(-1)).toMatchObject({ values: { cost: '12.00' }, extras: { C列: '000' } })
  expect(notices).toEqual([
    '第 252 行在表头右边（C 列）还有内容，已作为附加栏目保留；是数字里的逗号把一格分成了两格的，请改正后重新上传。',
  ])
})

test('a 序号 that is more than a number is kept', async () => {
  const { rows } = await read('序号,资产名称', '1,村部', 'ZC-02,学校', '(3),塘', '5(新),渠')
  expect(rows.map(({ extras }) => extras)).toEqual([{}, { 序号: 'ZC-02' }, {}, { 序号: '5(新)' }])
})

test('a village written only where it changes is told, and no row takes it from above', async () => {
  const { rows, notices } = await read('村,资产名称', '古井村,村部', ',学校', '红林村,塘', ',渠')
  expect(rows.map(({ values }) => values.division)).toEqual(['古井村', undefined, '红林村', undefined])
  expect(notices).toEqual(['A 列「村」第 3、5 行空着，没有沿用上面一行；属于上面的村的，请逐行填写后重新上传。'])
  expect((await read('村,资产名称', '古井村,村部', '古井村,学校', '红林村,塘', ',渠')).notices).toEqual([])
})

test('averages and shares below a total are no assets', async () => {
  expect((await read('资产名称,原值', '村部,5', '学校,7', '合计,12', '平均,6', '占比,50%')).names).toEqual([
    '村部',
    '学校',
  ])
})
