import { expect, test } from 'vitest'
import { interpret } from '../../imports/interpreting/interpret.ts'
import { plainCards } from './plain-cards.ts'
import { sumsOf } from './sums.ts'
import { textFile } from './workbooks.ts'

async function read(...lines: string[]) {
  const { recognition, rows, summary } = await interpret(textFile('measures.csv', lines.join('\n')), plainCards)
  const found = await Array.fromAsync(rows())
  return { recognition, rows: found, sums: sumsOf(found), ...summary }
}

test('of one figure in 元 and in 万元 the one with the cents is read, and nothing is asked where they agree', async () => {
  const { rows, questions, notices } = await read('资产名称,原值(万元),原值(元)', '村部,1,10000', '学校,2.5,25000.00')
  expect(rows.map(({ values }) => values.cost)).toEqual(['10000.00', '25000.00'])
  expect([questions, notices]).toEqual([[], []])
  const differing = await read('资产名称,原值(万元),原值(元)', '村部,1,10000', '学校,2.5,26000')
  expect(differing.questions).toMatchObject([
    { about: '第 B 列「原值(万元)」与第 C 列都像「账面原值」，第 3 行写的不同，读哪一列？', column: 'B' },
  ])
})

test('a figure under a name with a measure keeps the measure where it is read as text', async () => {
  const { rows } = await read('资产名称,租期（年）,规格(米)', '铺1,2,1.5', '铺2,三年,1.5*2', '铺3,2020-2025,')
  expect(rows.map(({ values }) => [values.leaseTerm, values.specification])).toEqual([
    ['2年', '1.5米'],
    ['三年', '1.5*2'],
    ['2020-2025', undefined],
  ])
})

test('a rent names its own period, with the money of its column', async () => {
  const { rows } = await read('资产名称,租金（万元/月）', '铺1,0.1', '铺2,1.2/年', '铺3,"10,800元/年"', '铺4,1.2/台')
  expect(rows.map(({ values }) => values.annualRent)).toEqual(['12000.00', '12000.00', '10800.00', undefined])
  expect(rows[3]?.problems).toMatchObject([{ severity: 'wrong', message: '「1.2/台」不是一个数字，请只写一个数字。' }])
})

test('amounts at the end of the period are the card’s, and a group of values trusts its leaves', async () => {
  const end = await read('资产名称,期初原值,期末原值,期末净值', '村部,1,3,2')
  expect(end.recognition.columns.map(({ field, sure }) => sure && field)).toEqual(['name', null, 'cost', 'netValue'])
  const group = await read('资产名称,价值（万元）,', ',原值,净值', '村部,3,2')
  expect(group.sums).toEqual({ cost: '30000.00', netValue: '20000.00' })
  expect(group.questions).toEqual([])
})

test('units above the table: no floor is counted in 亩, and a rent by the month is in the money named there', async () => {
  const { recognition, sums } = await read(
    '（单位：万元、亩）,,,',
    '资产名称,占地面积,建筑面积,月租金',
    '村部,3,100,0.1',
  )
  expect(recognition.columns.map(({ unit }) => unit)).toEqual([null, '亩', null, '万元/月'])
  expect(sums).toEqual({ landArea: '2000.00', floorArea: '100.00', annualRent: '12000.00' })
})

test('an area without a unit takes the one that its row names, unless that counts a quantity', async () => {
  const { rows, sums, notices } = await read('资源名称,占地面积,单位', '塘,3,亩', '晒坝,100,平方米', '林地,1,片')
  expect(rows.map(({ values, written }) => [values.landArea, written.landArea])).toEqual([
    ['2000.00', '3亩'],
    ['100.00', '100平方米'],
    ['1.00', undefined],
  ])
  expect(sums.landArea).toBe('2101.00')
  expect(notices).toEqual(['B 列没有写单位，按同一行 C 列里的亩、平方米等读入。'])
  const counted = await read('资源名称,占地面积,数量,单位', '塘,3,1,亩')
  expect(counted.sums.landArea).toBe('3.00')
})
