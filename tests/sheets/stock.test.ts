import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type StockAmounts,
  type StockLine,
  stockLines,
  stockRow,
  stockSheet,
  stockSumLines,
} from '../../imports/sheets/stock.ts'
import { writeSheet } from '../../imports/writing/write.ts'
import { folder, open, texts, worksheet } from './open.ts'

const none: StockAmounts = { quantity: null, cost: null, depreciation: null, netValue: null }
const blank = { opening: none, closing: none, inUse: none, let: none, idle: none, awaiting: none, other: none }
const worth = (cost: string): StockAmounts => ({ ...none, cost })
const states = ['inUse', 'let', 'idle', 'awaiting'] as const

/** The nine official lines; of premises, some in use and some idle. */
function linesOf(inUse: string, idle: string, closing: string): StockLine[] {
  const held = { ...blank, opening: worth('0.20'), closing: worth(closing), inUse: worth(inUse), idle: worth(idle) }
  return stockLines
    .filter(({ key }) => key !== 'unsorted')
    .map(({ key, label }) => ({ key, label, figures: ['all', 'fixed', 'premises'].includes(key) ? held : blank }))
}

async function written(lines: StockLine[]) {
  const path = join(await folder(), 'stock.xlsx')
  const adds = stockSumLines(lines)
  const rows = lines.map(stockRow)
  await writeSheet({ sheet: stockSheet(lines, states), name: '存量', sections: [{ rows, adds }], total: null }, path)
  return worksheet(await open(path), '存量')
}

test('the stock table has the official header of three rows and 24 columns of figures', async () => {
  const sheet = await written(linesOf('0.10', '0.20', '0.30'))
  expect(texts(sheet, 3)).toEqual(['项目', '行次', '期初账面数', '期末账面数'])
  expect(texts(sheet, 4)).toEqual(['合计', '在用', '出租出借', '闲置', '待处置(待报废、毁损等)'])
  expect(texts(sheet, 5).join()).toBe(Array(6).fill('数量,价值,累计折旧摊销,净值').join())
  expect(['A5', 'B4', 'F4', 'Z3', 'J4', 'Z4'].map((at) => sheet.getCell(at).master.address)).toEqual([
    'A3',
    'B3',
    'C3',
    'G3',
    'G4',
    'W4',
  ])
  expect(sheet.pageSetup.printTitlesRow).toBe('3:5')
  expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 5 })
  expect(sheet.getColumn(1).values.slice(6, 15)).toEqual(stockLines.slice(0, 9).map(({ label }) => label))
  expect(sheet.getColumn(2).values.slice(6, 15)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('its sums are formulas across and down that already hold the exact result', async () => {
  const sheet = await written(linesOf('0.10', '0.20', '0.30'))
  expect(sheet.getCell('H8').value).toEqual({ formula: 'SUM(L8,P8,T8,X8)', result: 0.3 })
  expect(sheet.getCell('H6').value).toEqual({ formula: 'SUM(L6,P6,T6,X6)', result: 0.3 })
  expect(sheet.getCell('D6').value).toEqual({ formula: 'SUM(D7,D14)', result: 0.2 })
  expect(sheet.getCell('L7').value).toEqual({ formula: 'SUM(L8,L9,L10,L11,L12,L13)', result: 0.1 })
  expect(sheet.getCell('L8').value).toBe(0.1)
  expect([sheet.getCell('C6').value, sheet.getCell('H9').value]).toEqual([null, null])
})

test('a figure too long for a number stays whole, and so does a sum with it', async () => {
  const sheet = await written(linesOf('99999999999999.99', '0.01', '100000000000000.00'))
  expect(sheet.getCell('L8').value).toBe('99999999999999.99')
  expect(sheet.getCell('H8').value).toBe(100000000000000)
  expect(sheet.getCell('L7').value).toBe('99999999999999.99')
  expect(sheet.getCell('T7').value).toEqual({ formula: 'SUM(T8,T9,T10,T11,T12,T13)', result: 0.01 })
})

test('a column is as wide as its longest figure', () => {
  const width = (cost: string) => stockSheet(linesOf(cost, '0.01', cost), states).columns[11]?.width
  expect([width('1.00'), width('1234567.00'), width('999999999.99')]).toEqual([9, 14, 16])
})
