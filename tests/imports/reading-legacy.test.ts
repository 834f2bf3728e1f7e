import { utils, write } from '@e965/xlsx'
import { expect, test } from 'vitest'
import { inspectJson } from '../../imports/inspect.ts'
import { interpret } from '../../imports/interpreting/interpret.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import { plainCards } from './plain-cards.ts'
import { cellsOf, textFile } from './workbooks.ts'

function workbook() {
  const sheet = utils.aoa_to_sheet([
    ['固定资产', null],
    ['编号', '取得日期'],
    ['007', 42064],
    [9, 0.1 + 0.2],
  ])
  const date = sheet.B3
  if (date) date.z = 'yyyy"年"m"月"d"日"'
  sheet['!merges'] = [utils.decode_range('A1:B1')]
  const book = utils.book_new()
  utils.book_append_sheet(book, sheet, '台账')
  utils.book_append_sheet(book, utils.aoa_to_sheet([['旧']]), '旧表')
  book.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 2 }] }
  return book
}

const cells = {
  1: { A: '固定资产' },
  2: { A: '编号', B: '取得日期' },
  3: { A: '007', B: '2015-03-01' },
  4: { A: '9', B: '0.3' },
}

test.for([
  ['台账.xls', 'biff8', 'xls'],
  ['台账.et', 'biff8', 'xls'],
  ['named.xlsx', 'biff8', 'xls'],
  ['oa.xls', 'xlml', 'xml'],
] as const)('%s written as %s', async ([name, bookType, container]) => {
  const path = textFile(name, write(workbook(), { type: 'buffer', bookType }))
  expect(await cellsOf(path)).toEqual(cells)
  const { container: found, sheets } = await inspectJson(path)
  expect(found).toBe(container)
  expect(sheets.map(({ hidden }) => hidden)).toEqual([false, true])
})

test('merges are told, and an HTML table keeps its texts', async () => {
  const path = textFile('台账.xls', write(workbook(), { type: 'buffer', bookType: 'biff8' }))
  const merges = []
  for await (const event of readWorkbook(path, { merges: true })) if (event.kind === 'sheet') merges.push(event.merges)
  expect(merges[0]).toEqual(['A1:B1'])
  const html =
    '<html><meta charset="utf-8"><body><table><tr><td>编号</td><td>面积</td></tr><tr><td>007</td><td>1.50</td></tr></table></body></html>'
  expect(await cellsOf(textFile('导出.xls', html))).toEqual({ 1: { A: '编号', B: '面积' }, 2: { A: '007', B: '1.50' } })
})

test.for(['biff8', 'xlml', 'xlsx'] as const)(
  'a date that shows its month or its year is kept as one, also below a merge (%s)',
  async (bookType) => {
    const sheet = utils.aoa_to_sheet([
      ['序号', '资产名称', '取得时间', '备注'],
      [1, '办公楼', 42064, 42064],
      [2, '车库', null, null],
      [3, '泵站', 42005, null],
      [4, '晒场', 42065, null],
      [5, '仓库', 42064, null],
    ])
    const formats = { C2: 'yyyy"年"m"月"', D2: 'yyyy-mm', C4: 'yyyy"年"', C5: 'yyyy-mm', C6: 'yyyy-mm-dd' }
    for (const [place, format] of Object.entries(formats)) Object.assign(sheet[place], { z: format })
    sheet['!merges'] = [utils.decode_range('C2:C3')]
    const book = utils.book_new()
    utils.book_append_sheet(book, sheet, '台账')
    const path = textFile('台账.xls', write(book, { type: 'buffer', bookType }))
    const { rows } = await interpret(path, plainCards)
    const read = await Array.fromAsync(rows())
    expect(read.map(({ values }) => values.acquiredOn)).toEqual([
      '2015-03',
      '2015-03',
      '2015',
      '2015-03-02',
      '2015-03-01',
    ])
    expect(read.map(({ written, problems }) => [written, problems])).toEqual(read.map(() => [{}, []]))
    expect((await cellsOf(path))[2]?.C).toBe('2015-03-01')
  },
)
