import { expect, test } from 'vitest'
import { inspectJson, inspectText } from '../../imports/inspect.ts'
import { unreadParts, unreadSentence } from '../../imports/reading/unread.ts'
import { cellsOf, parts, rows, table, zipped } from './workbooks.ts'

test('parts that are not read are counted by their names', () => {
  const names = [
    'xl/media/image1.png',
    'xl/media/image2.jpeg',
    'xl/drawings/drawing1.xml',
    'xl/drawings/vmldrawing1.vml',
    'xl/charts/chart1.xml',
    'xl/charts/style1.xml',
    'xl/vbaproject.bin',
    'xl/externallinks/externallink1.xml',
    'xl/externallinks/_rels/externallink1.xml.rels',
    'xl/embeddings/oleobject1.bin',
    'xl/comments1.xml',
    'xl/pivottables/pivottable1.xml',
    'xl/worksheets/sheet1.xml',
    'docprops/app.xml',
  ]
  expect(unreadParts(names).map(({ what, count }) => [what, count])).toEqual([
    ['drawings', 2],
    ['charts', 1],
    ['macros', 1],
    ['externalLinks', 1],
    ['embeddings', 1],
    ['comments', 1],
    ['pivotTables', 1],
  ])
  expect(unreadParts(['xl/drawings/drawing1.xml', 'xl/charts/chart1.xml']).map(({ what }) => what)).toEqual(['charts'])
  expect(unreadParts(['xl/drawings/drawing1.xml']).map(({ what }) => what)).toEqual(['drawings'])
})

test('a file with macros and pictures is read, and what was passed over is told', async () => {
  const sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
  const path = await zipped(parts(sheet, { 'xl/vbaProject.bin': 'x', 'xl/media/image1.png': 'x' }))
  const inspection = await inspectJson(path)
  expect(inspection.unread).toEqual([
    { what: 'drawings', count: 1 },
    { what: 'macros', count: 1 },
  ])
  expect(unreadSentence(inspection.unread ?? [])).toBe('图片 1 个、宏没有读取，不影响单元格里的数据。')
  expect(inspectText(inspection)).toContain('图片 1 个、宏没有读取')
  expect(await cellsOf(path)).toEqual({ 1: { A: '1' } })
})

test('a plain file has nothing more to tell than its cells', async () => {
  const inspection = await inspectJson(await table([['资产名称'], ['村部']]))
  expect(inspection).toEqual({
    container: 'xlsx',
    sheets: [
      {
        name: '台账',
        hidden: false,
        rows: [
          { row: 1, cells: { A: '资产名称' } },
          { row: 2, cells: { A: '村部' } },
        ],
      },
    ],
  })
})

test('errors and hidden rows are told with their places', async () => {
  const path = await rows(
    '<row r="2" hidden="1"><c r="A2" t="e"><v>#DIV/0!</v></c><c r="C2" t="e"><v>#SPILL!</v></c></row>',
  )
  const inspection = await inspectJson(path)
  expect(inspection.sheets[0]).toMatchObject({ hiddenRows: [2], errors: ['A2', 'C2'] })
  expect(inspectText(inspection)).toContain('公式出错的单元格：A2、C2')
})
