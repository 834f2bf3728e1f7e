import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { limits } from '../../imports/reading/limits.ts'

const manual = readFileSync(new URL('../../docs/manual/import-limits.md', import.meta.url), 'utf8')

/** The figures of a row of the manual's table; 约 5,000 万字 is 50,000,000, told to the nearest tenth. */
function told(item: string): number[] {
  const line = manual.split('\n').find((candidate) => candidate.startsWith(`| ${item}`)) ?? ''
  const figures = line.split('|')[2]?.matchAll(/([\d,]+)\s*(万|亿|MB|GB)?/g) ?? []
  const units: Record<string, number> = { 万: 1e4, 亿: 1e8, MB: 2 ** 20, GB: 2 ** 30 }
  return [...figures].map(([, digits = '', unit = '']) => Number(digits.replaceAll(',', '')) * (units[unit] ?? 1))
}

const about = (figure: number) => Number(figure.toPrecision(1))

test('the manual tells every limit as it is', () => {
  expect(told('文件大小')).toEqual([limits.fileBytes])
  expect(told('解压后大小')).toEqual([limits.inflatedBytes, limits.ratioFrom, limits.ratio])
  expect(told('文件内的部件')).toEqual([limits.entries])
  expect(told('工作簿设置')).toEqual([Math.floor(limits.partBytes / 1e6) * 1e6])
  expect(told('工作表')).toEqual([limits.sheets])
  expect(told('一张工作表的行')).toEqual([limits.rows, limits.rowNumber])
  expect(told('一张工作表的列')).toEqual([limits.columnNumber])
  expect(told('资产表')).toEqual([limits.tableColumns, limits.blocks])
  expect(told('全部单元格')).toEqual([limits.cells, limits.wideColumn, limits.wideCells])
  expect(told('一个单元格')).toEqual([limits.cellChars])
  expect(told('一行的文字')).toEqual([about(limits.rowText), about(limits.rowBytes)])
  expect(told('读出的全部文字')).toEqual([about(limits.output)])
  expect(told('不同的文字')).toEqual([limits.sharedStrings, about(limits.sharedChars)])
  expect(told('合并单元格')).toEqual([limits.merges])
  expect(told('读取时间')).toEqual([limits.seconds, limits.silentSeconds])
  expect(told('同时读取')).toEqual([limits.turns, limits.waiting])
})
