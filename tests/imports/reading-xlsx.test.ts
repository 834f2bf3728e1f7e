import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { inspectJson } from '../../imports/inspect.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import { cellsOf, parts, rows, save, table, zipped } from './workbooks.ts'

test('dates come as calendar days, whatever their format and epoch', async () => {
  for (const date1904 of [false, true]) {
    const book = new ExcelJS.Workbook()
    book.properties.date1904 = date1904
    const sheet = book.addWorksheet('台账')
    const formats = ['yyyy-mm-dd', 'yyyy"年"m"月"d"日"', '[$-804]yyyy/m/d;@', 'yyyy年m月']
    sheet.addRow(formats.map(() => new Date(Date.UTC(2015, 2, 1))))
    for (const [at, numFmt] of formats.entries()) sheet.getRow(1).getCell(at + 1).numFmt = numFmt
    sheet.getRow(2).getCell(1).value = new Date(Date.UTC(2021, 0, 1, 10, 10, 10))
    sheet.getRow(2).getCell(1).numFmt = 'yyyy-mm-dd hh:mm:ss'
    const day = '2015-03-01'
    expect(await cellsOf(await save(book))).toEqual({
      1: { A: day, B: day, C: day, D: day },
      2: { A: '2021-01-01 10:10:10' },
    })
  }
})

test('built-in East Asian date formats are dates, and day 60 of 1900 stays the day that never was', async () => {
  const styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="57"/></cellXfs></styleSheet>'
  const path = await rows(
    '<row r="1"><c r="A1" s="1"><v>44197</v></c><c r="B1" s="2"><v>60</v></c><c r="C1" s="1"><v>59</v></c></row>',
    {
      'xl/styles.xml': styles,
    },
  )
  expect(await cellsOf(path)).toEqual({ 1: { A: '2021-01-01', B: '1900-02-29', C: '1900-02-28' } })
})

test('numbers are plain decimals: no float noise, no exponent, zeros that the format pads', async () => {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('台账')
  sheet.addRow([0.1 + 0.2, 1e21, 123456789012345, 1e-7, -1285.5, 7, 42, 1234.5])
  sheet.getRow(1).getCell(6).numFmt = '000'
  sheet.getRow(1).getCell(7).numFmt = '"SY"00000'
  sheet.getRow(1).getCell(8).numFmt = '#,##0.00'
  expect((await cellsOf(await save(book)))[1]).toEqual({
    A: '0.3',
    B: '1000000000000000000000',
    C: '123456789012345',
    D: '0.0000001',
    E: '-1285.5',
    F: '007',
    G: 'SY00042',
    H: '1234.5',
  })
})

test('formulas give their cached result, booleans and errors their names', async () => {
  const path = await rows(
    '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1&amp;"&lt;v&gt;"</f><v>合计&lt;</v></c>' +
      '<c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#N/A</v></c></row>',
  )
  expect(await cellsOf(path)).toEqual({ 2: { A: '2', B: '合计<', C: 'TRUE', D: '#N/A' } })
  const errors: string[][] = []
  for await (const event of readWorkbook(path)) if (event.kind === 'row') errors.push(event.errors ?? [])
  expect(errors).toEqual([['D']])
})

test('texts are whole: rich runs joined, phonetic runs left out, CDATA, escapes and line breaks', async () => {
  const shared =
    '<sst><si><t>村部</t></si><si><r><t>办公</t></r><r><t xml:space="preserve">楼 </t></r></si>' +
    '<si><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh></si><si><t>a_x000D_\nb_x005F_x000D_</t></si><si/></sst>'
  const path = await rows(
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>' +
      '<c r="D1" t="s"><v>3</v></c><c r="E1" t="inlineStr"><is><t><![CDATA[</c></row>&]]>&amp;</t></is></c>' +
      '<c r="F1" t="s"><v>4</v></c></row>',
    { 'xl/sharedStrings.xml': shared },
  )
  expect((await cellsOf(path))[1]).toEqual({ A: '村部', B: '办公楼 ', C: '課', D: 'a\nb_x000D_', E: '</c></row>&&' })
})

test('rows and cells without references count on from the one before', async () => {
  const path = await rows(
    '<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>',
  )
  expect(await cellsOf(path)).toEqual({ 1: { A: '1', B: '2' }, 5: { C: '3', D: '4' }, 6: { A: '5' } })
})

test('namespace prefixes, comments and UTF-16 parts are read', async () => {
  const sheet =
    '<?xml version="1.0"?><x:worksheet><x:sheetData><!-- <x:row> --><x:row r="1"><x:c r="A1" t="inlineStr">' +
    '<x:is><x:t>村</x:t></x:is></x:c><!-- x --><x:c r="B1"><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>'
  const path = await zipped(parts('', { 'xl/worksheets/sheet1.xml': Buffer.from(`\ufeff${sheet}`, 'utf16le') }))
  expect(await cellsOf(path)).toEqual({ 1: { A: '村', B: '2' } })
})

test('hidden worksheets and rows are told, merges when they are asked for', async () => {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('台账')
  sheet.addRows([
    ['名称', '面积', '面积'],
    ['村部', 1, 2],
    ['学校', 3, 4],
  ])
  sheet.mergeCells('B1:C1')
  sheet.getRow(3).hidden = true
  book.addWorksheet('旧表', { state: 'veryHidden' }).addRow(['x'])
  const path = await save(book)
  expect((await inspectJson(path)).sheets.map(({ name, hidden }) => [name, hidden])).toEqual([
    ['台账', false],
    ['旧表', true],
  ])
  const events = []
  for await (const event of readWorkbook(path, { merges: true, worksheet: '台账' })) events.push(event)
  expect(events.find(({ kind }) => kind === 'sheet')).toMatchObject({ kind: 'sheet', merges: ['B1:C1'] })
  expect(events.filter((event) => event.kind === 'row').map((event) => event.hidden)).toEqual([
    undefined,
    undefined,
    true,
  ])
})

test('a reader that stops early ends the process, and only so many rows are told', async () => {
  const path = await table(Array.from({ length: 3000 }, (_, at) => [`资产${at}`, at]))
  expect((await inspectJson(path, { rows: 2 })).sheets[0]?.rows).toHaveLength(2)
  for await (const event of readWorkbook(path)) if (event.kind === 'row' && event.row === 10) break
  await expect.poll(() => process.getActiveResourcesInfo()).not.toContain('ProcessWrap')
})

test('a date that shows only its month or its year says so, and stays a date', async () => {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('台账')
  const formats = ['yyyy"年"m"月"', 'yyyy', 'mmm-yy', 'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"']
  for (const [at, format] of formats.entries()) {
    const cell = sheet.getCell(1, at + 1)
    cell.value = new Date(Date.UTC(2015, 0, at === 4 ? 2 : 1))
    cell.numFmt = format
  }
  const path = await save(book)
  const rows = (await Array.fromAsync(readWorkbook(path))).filter((event) => event.kind === 'row')
  expect(rows[0]).toMatchObject({ months: ['A', 'C'], years: ['B'] })
  expect((await cellsOf(path))[1]).toMatchObject({ A: '2015-01-01', B: '2015-01-01', E: '2015-01-02' })
})
