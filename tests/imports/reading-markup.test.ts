import { expect, test } from 'vitest'
import { inspectJson } from '../../imports/inspect.ts'
import type { ReadEvent } from '../../imports/reading/events.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import { cellsOf, refusal, textFile } from './workbooks.ts'

async function eventsOf(content: string | Buffer): Promise<ReadEvent[]> {
  const events = await Array.fromAsync(readWorkbook(textFile('导出.xls', content), { merges: true }))
  return events
    .filter(({ kind }) => kind !== 'progress' && kind !== 'end')
    .map((event) => (event.kind === 'row' ? { ...event, cells: event.cells } : event))
}

const page = (inner: string) => `<html><head><title>导出</title></head><body>${inner}</body></html>`

test('a page: texts as they stand, breaks, entities, covered places, hidden rows and columns', async () => {
  const html = page(`
    <style>td { mso-number-format:"\\@" } /* <table><tr><td>no */</style>
    <table border=1><col><col style='display:none'>
      <tr><th colspan="2">固定&nbsp;资产</th><th rowspan=2>原值</th>
      <tr><td>编号<td style='mso-number-format:"\\@"'>370123198001011234</td></tr>
      <tr style="display:none"><td>007</td><td>两行<br>文字 &amp;&lt;b&gt; &#31481;</td><td x:num="1234.567">1,234.57</td></tr>
      <!-- <tr><td>no</td></tr> -->
      <tr><td></td><td> </td></tr>
      <tr><td>2015/3/1</td><td><p>甲</p><p>乙</p></td><td x:num x:fmla="=A1">3.70E+17</td></tr>
    </table>`)
  expect(await eventsOf(html)).toEqual([
    { kind: 'container', container: 'html' },
    { kind: 'sheet', index: 0, name: 'Sheet1', hidden: false, merges: ['A1:B1', 'C1:C2'], hiddenColumns: ['B'] },
    { kind: 'row', row: 1, cells: { A: '固定 资产', C: '原值' } },
    { kind: 'row', row: 2, cells: { A: '编号', B: '370123198001011234' } },
    {
      kind: 'row',
      row: 3,
      cells: { A: '007', B: '两行\n文字 &<b> 竹'.replace('竹', String.fromCodePoint(31481)), C: '1234.567' },
      hidden: true,
    },
    { kind: 'row', row: 5, cells: { A: '2015/3/1', B: '甲\n乙', C: '3.70E+17' } },
    { kind: 'sheetEnd', formulas: 1 },
  ])
})

test('tables side by side and inside each other are worksheets of their own', async () => {
  const html = page(
    '<table><tr><td></td></tr></table><table><tr><td>外<table><tr><td>内</td></tr><tr><td>里</td></tr></table>面</td></tr><tr><td>尾</td></tr></table><table><tr><td>末</td></tr></table>',
  )
  const told = (await eventsOf(html)).flatMap((event) =>
    event.kind === 'sheet' ? [event.name] : event.kind === 'row' ? [event.cells.A] : [],
  )
  expect(told).toEqual(['Sheet1', '内', '里', 'Sheet2', '外面', '尾', 'Sheet3', '末'])
})

test('a table of one cell inside a cell is how a page is laid out: its text is that of the cell', async () => {
  const lone = (text: string) => `<table><tr><td></td></tr><tr><td>${text}</td></tr></table>`
  const html = page(`<table><tr><td>名称</td><td>原值</td></tr>
    <tr><td>甲${lone('乙&amp;lt;&lt;br&gt;<br>丙')}</td><td>${lone(lone('30'))}</td></tr></table>`)
  expect(await cellsOf(textFile('导出.xls', html))).toEqual({
    1: { A: '名称', B: '原值' },
    2: { A: '甲\n乙&lt;<br>\n丙', B: '30' },
  })
})

test('a caption, and the unit that stands before a table, are its first rows', async () => {
  const table =
    '<table><caption>资产</caption><tr><td>名称</td><td>原值</td></tr><tr><td>村部</td><td>30</td></tr></table>'
  const told = { 2: { A: '资产' }, 3: { A: '名称', B: '原值' }, 4: { A: '村部', B: '30' } }
  const html = page(`<h3>台账</h3><p>填报：张三</p><p>单位：&nbsp;万元</p>${table}${'<br>'.repeat(9000)}${table}`)
  const { sheets } = await inspectJson(textFile('导出.xls', html))
  const cells = sheets.map(({ rows }) => Object.fromEntries(rows.map(({ row, cells }) => [row, cells])))
  expect(cells).toEqual([
    { 1: { A: '单位： 万元' }, ...told },
    { 1: { A: '资产' }, 2: { A: '名称', B: '原值' }, 3: { A: '村部', B: '30' } },
  ])
  expect((await inspectJson(textFile('导出.xls', `固定资产台账<br>单位：万元\n${table}`))).sheets[0]?.rows[0]).toEqual({
    row: 1,
    cells: { A: '单位：万元' },
  })
})

test('a page with pictures in its tags, values as formulas, entities without an end', async () => {
  const image = `<img src="data:image/png;base64,${'iVBORw0KGgo'.repeat(300_000)}">`
  const html = page(`<table><tr><td>${image}="00123"</td><td>&nbsp1234.5&nbsp;</td></tr></table>`)
  expect(await cellsOf(textFile('导出.xls', html))).toEqual({ 1: { A: '00123', B: '1234.5' } })
})

const gbk = Buffer.from('d7cab2fac3fbb3c6', 'hex')
const wrapped = (head: string, bytes: Buffer) =>
  Buffer.concat([Buffer.from(`<html>${head}<table><tr><td>`), bytes, Buffer.from('</td></tr></table></html>')])
test.for([
  ['GBK that is declared', wrapped('<meta http-equiv=Content-Type content="text/html; charset=gb2312">', gbk)],
  ['GBK that is not', wrapped('', gbk)],
  ['GBK that says it is UTF-8', wrapped('<meta charset="utf-8">', gbk)],
  ['UTF-8 that says it is GBK', wrapped('<meta charset=gbk>', Buffer.from('资产名称'))],
  ['UTF-16', Buffer.from(`\ufeff${wrapped('', Buffer.from('资产名称')).toString()}`, 'utf16le')],
  ['Big5 that is declared', wrapped('<meta charset=big5>', Buffer.from('b8eab2a3', 'hex'))],
] as const)('a page in %s', async ([name, bytes]) => {
  expect(await cellsOf(textFile('导出.xls', bytes))).toEqual({
    1: { A: name.startsWith('Big5') ? '資產' : '资产名称' },
  })
})

const book = (inner: string, styles = '') => `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:html="http://www.w3.org/TR/REC-html40">${styles}${inner}</Workbook>`

test('Excel 2003 XML: gaps, merges, types, formats, notes, rich text, hidden worksheets', async () => {
  const styles = `<Styles><Style ss:ID="Default"/><Style ss:ID="s1"><NumberFormat ss:Format="000000"/></Style>
    <Style ss:ID="s2"><NumberFormat ss:Format="Short Date"/></Style><Style ss:ID="s3"><NumberFormat ss:Format="[h]:mm:ss"/></Style></Styles>`
  const xml = book(
    `<Worksheet ss:Name="台账 &amp; 表"><Table><Column ss:Index="3" ss:Span="1" ss:Hidden="1"/>
      <Row><Cell ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">标题</Data></Cell><Cell><Data ss:Type="String">C</Data></Cell></Row>
      <Row ss:Index="4" ss:Hidden="1"><Cell ss:Index="2" ss:StyleID="s1"><Data ss:Type="Number">42</Data></Cell>
        <Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>粗</B><Font html:Color="#FF0000">体&#10;字</Font></ss:Data><Comment ss:Author="x"><ss:Data><B>注</B></ss:Data></Comment></Cell></Row>
      <Row><Cell><Data ss:Type="DateTime">2015-03-01T00:00:00.000</Data></Cell><Cell><Data ss:Type="DateTime">2015-03-01T08:30:00.000</Data></Cell>
        <Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#DIV/0!</Data></Cell><Cell ss:StyleID="s2"><Data ss:Type="Number">42064</Data></Cell>
        <Cell><Data ss:Type="DateTime">1899-12-31T08:30:00.000</Data></Cell><Cell ss:StyleID="s3"><Data ss:Type="DateTime">1900-01-01T02:00:00.000</Data></Cell>
        <Cell><Data ss:Type="Number">370123456789012345</Data></Cell><Cell ss:Formula="=A1"/><Cell ss:Formula="=1"><Data ss:Type="Number">1</Data></Cell></Row>
    </Table></Worksheet>
    <Worksheet ss:Name="藏"><Table/><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetVeryHidden</Visible></WorksheetOptions></Worksheet>`,
    styles,
  )
  expect(await eventsOf(xml)).toEqual([
    { kind: 'container', container: 'xml' },
    { kind: 'sheet', index: 0, name: '台账 & 表', hidden: false, merges: ['A1:B2'], hiddenColumns: ['C', 'D'] },
    { kind: 'row', row: 1, cells: { A: '标题', C: 'C' } },
    { kind: 'row', row: 4, cells: { B: '000042', C: '粗体\n字' }, hidden: true },
    {
      kind: 'row',
      row: 5,
      cells: {
        A: '2015-03-01',
        B: '2015-03-01 08:30:00',
        C: 'TRUE',
        D: '#DIV/0!',
        E: '2015-03-01',
        F: '08:30:00',
        G: '26:00:00',
        H: '370123456789012000',
        J: '1',
      },
      errors: ['D'],
      rounded: ['H'],
      uncomputed: ['I'],
    },
    { kind: 'sheetEnd', formulas: 2 },
    { kind: 'sheet', index: 1, name: '藏', hidden: true, merges: [] },
    { kind: 'sheetEnd', formulas: 0 },
  ])
})

test("Excel 2003 XML: a cell without a style has its row's, then its column's", async () => {
  const styles = `<Styles><Style ss:ID="code"><NumberFormat ss:Format="000000"/></Style>
    <Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style><Style ss:ID="none"/></Styles>`
  const cell = '<Cell><Data ss:Type="Number">42064</Data></Cell>'
  const cells = `${cell}${cell}<Cell ss:StyleID="none"><Data ss:Type="Number">42064</Data></Cell>${cell}${cell}`
  const columns = '<Column ss:StyleID="code"/><Column ss:Index="3" ss:StyleID="day" ss:Span="1"/>'
  const worksheet = (name: string, head: string, row: string) =>
    `<Worksheet ss:Name="${name}"><Table>${head}<Row${row}>${cells}</Row></Table></Worksheet>`
  const xml = book(
    worksheet('a', columns, '') + worksheet('b', columns, ' ss:StyleID="day"') + worksheet('c', '', ''),
    styles,
  )
  expect((await eventsOf(xml)).flatMap((event) => (event.kind === 'row' ? [Object.values(event.cells)] : []))).toEqual([
    ['042064', '42064', '42064', '2015-03-01', '42064'],
    ['2015-03-01', '2015-03-01', '42064', '2015-03-01', '2015-03-01'],
    ['42064', '42064', '42064', '42064', '42064'],
  ])
})

test('Excel 2003 XML: dates that show a month or a year say so, amid rows that do not', async () => {
  const styles = `<Styles><Style ss:ID="m"><NumberFormat ss:Format="yyyy&quot;年&quot;m&quot;月&quot;"/></Style>
    <Style ss:ID="y"><NumberFormat ss:Format="yyyy"/></Style><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style></Styles>`
  const date = (style: string, day: string) =>
    `<Cell ss:StyleID="${style}"><Data ss:Type="DateTime">${day}T00:00:00.000</Data></Cell>`
  const rows = [
    date('d', '2015-03-01'),
    date('m', '2015-03-01') + date('y', '2015-01-01') + date('m', '2015-03-02') + date('y', '2015-03-01'),
    '<Cell ss:StyleID="m"><Data ss:Type="Number">42064</Data></Cell>',
    date('d', '2015-03-01'),
  ].map((cells) => `<Row>${cells}</Row>`)
  const events = await eventsOf(book(`<Worksheet ss:Name="台账"><Table>${rows.join('')}</Table></Worksheet>`, styles))
  expect(events.filter(({ kind }) => kind === 'row')).toEqual([
    { kind: 'row', row: 1, cells: { A: '2015-03-01' } },
    {
      kind: 'row',
      row: 2,
      cells: { A: '2015-03-01', B: '2015-01-01', C: '2015-03-02', D: '2015-03-01' },
      months: ['A'],
      years: ['B'],
    },
    { kind: 'row', row: 3, cells: { A: '2015-03-01' }, months: ['A'] },
    { kind: 'row', row: 4, cells: { A: '2015-03-01' } },
  ])
})

const row = '<Row><Cell><Data ss:Type="String">x</Data></Cell></Row>'
test.for([
  ['a document type', book('').replace('<Workbook', '<!DOCTYPE x [<!ENTITY a "b">]><Workbook'), 'DTD'],
  [
    'a document type behind much',
    book('').replace('<Workbook', `<!--${' '.repeat(20_000)}--><!DOCTYPE x><Workbook`),
    /DTD|XML/,
  ],
  [
    'a row that goes back',
    book(
      `<Worksheet ss:Name="a"><Table><Row ss:Index="5"/>${row.replace('<Row', '<Row ss:Index="3"')}</Table></Worksheet>`,
    ),
    '损坏',
  ],
  ['a row too far', book('<Worksheet ss:Name="a"><Table><Row ss:Index="9999999"/></Table></Worksheet>'), '损坏'],
  ['a worksheet that breaks off', book(`<Worksheet ss:Name="a"><Table>${row}`).replace('</Workbook>', ''), '损坏'],
  ['no worksheet', book(''), '没有工作表'],
  ['a page with entities of its own', `<!DOCTYPE html [<!ENTITY a "b">]><table><tr><td>&a;</td></tr></table>`, 'DTD'],
] as const)('%s is refused', async ([, xml, sentence]) => {
  expect(await refusal(textFile('台账.xls', xml))).toMatch(sentence)
})
