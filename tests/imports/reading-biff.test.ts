import { utils, write } from '@e965/xlsx'
import { expect, test } from 'vitest'
import type { ReadEvent } from '../../imports/reading/events.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import { compound, double, end, record, short, unicode, workbookStream } from './biff.ts'
import { cellsOf, refusal, textFile } from './workbooks.ts'

const style = (format: number) => record(0xe0, 0, format, Buffer.alloc(16))
const name8 = (text: string) => unicode(text, Buffer.from([text.length]))
const number = (row: number, column: number, xf: number, value: number) => record(0x203, row, column, xf, double(value))

async function eventsOf(bytes: Buffer): Promise<ReadEvent[]> {
  const events = await Array.fromAsync(readWorkbook(textFile('台账.xls', bytes), { merges: true }))
  return events.map((event) => (event.kind === 'row' ? { ...event, cells: event.cells } : event))
}

test.for(['biff2', 'biff5', 'biff8'] as const)('%s as another program writes it', async (bookType) => {
  const sheet = utils.aoa_to_sheet([
    ['Code', 'Value', 'Sold'],
    ['007', 1.5, true],
    [-42, 42064, false],
  ])
  const book = utils.book_new()
  utils.book_append_sheet(book, sheet, 'Sheet1')
  expect(await cellsOf(textFile('台账.xls', write(book, { type: 'buffer', bookType })))).toEqual({
    1: { A: 'Code', B: 'Value', C: 'Sold' },
    2: { A: '007', B: '1.5', C: 'TRUE' },
    3: { A: '-42', B: '42064', C: 'FALSE' },
  })
})

test.for([
  [
    '3',
    0x209,
    Buffer.concat([
      record(0x1e, '07', Buffer.from('General')),
      record(0x1e, '03', Buffer.from('000')),
      record(0x243, '0001', Buffer.alloc(10)),
    ]),
  ],
  [
    '4',
    0x409,
    Buffer.concat([
      record(0x41e, 0, '07', Buffer.from('General')),
      record(0x41e, 0, '03', Buffer.from('000')),
      record(0x443, '0001', Buffer.alloc(10)),
    ]),
  ],
] as const)('the bare worksheet of Excel %s', async ([, bof, head]) => {
  const cells = [record(0x204, 0, 0, 0, 4, 'd7cab2fa'), number(0, 1, 0, 7), record(0x406, 1, 0, 0, double(2), 0, 0)]
  const bytes = Buffer.concat([record(bof, 0, 0x10, 0), head, ...cells, end])
  expect(await cellsOf(textFile('旧.xls', bytes))).toEqual({ 1: { A: '资产', B: '007' }, 2: { A: '002' } })
})

test.for([0, 0x500, 0x600])('a bare worksheet as web pages write it, by version %i', async (version) => {
  const text = version === 0x600 ? unicode('资产') : Buffer.from('0400d7cab2fa', 'hex')
  const cells = [record(0x204, 0, 0, 0, text), number(0, 1, 0, 30.5)]
  const bytes = Buffer.concat([record(0x809, version, 0x10, 0, 0), ...cells, end])
  expect(await cellsOf(textFile('导出.xls', bytes))).toEqual({ 1: { A: '资产', B: '30.5' } })
})

test('every kind of cell, and what a worksheet tells besides', async () => {
  const globals = Buffer.concat([
    record(0x22, 0),
    record(0x41e, 164, unicode('000000')),
    record(0x41e, 165, unicode('yyyy"年"m"月"')),
    style(0),
    style(164),
    style(165),
    record(0xfc, short(2), 0, short(2), 0, unicode('资产名称'), unicode('两行\r\n文字')),
  ])
  const text = Buffer.concat([short(5), short(0), short(0), Buffer.from([0, 0, 0, 0, 0, 0, 0xff, 0xff])])
  const records = Buffer.concat([
    record(0x7d, 1, 2, 2048, 0, 1, 0),
    record(0x208, 1, 0, 9, 255, 0, 0, '20010000'),
    record(0xfd, 0, 0, 0, 0, 0),
    record(0xfd, 0, 1, 0, 1, 0),
    number(1, 0, 1, 42),
    number(1, 1, 2, 42064),
    record(0x27e, 1, 2, 0, '0100f03f'),
    record(0xbd, 1, 3, 0, '0a000000', 0, '16000000', 4),
    record(0x205, 1, 5, 0, '0100'),
    record(0x205, 1, 6, 0, '2a01'),
    number(1, 7, 0, 370_123_456_789_012_000),
    record(0x06, 2, 0, 0, double(0.1 + 0.2), 0, 0, 0, 0),
    record(0x06, 2, 1, 0, text.subarray(6), 0, 0, 0, 0),
    record(0x207, unicode('合计')),
    record(0x06, 2, 2, 0, '000000000000ffff', 0, 0, 0, 0),
    record(0x06, 2, 3, 0, '020007000000ffff', 0, 0, 0, 0),
    record(0xe5, 1, 0, 0, 0, 1),
    // A chart on the worksheet has cells of its own.
    record(0x809, 0x600, 0x20, 0, 0),
    number(0, 0, 0, 99),
    end,
  ])
  const book = workbookStream(8, globals, [
    { name: name8('图'), type: 2, records: Buffer.alloc(0) },
    { name: name8('台账'), records },
    { name: name8('藏'), state: 2, records: Buffer.alloc(0) },
  ])
  const events = await eventsOf(compound({ Workbook: book, '_VBA_PROJECT_CUR/VBA/dir': 'x', 'MBD0001/Workbook': 'x' }))
  expect(events.filter(({ kind }) => kind !== 'progress' && kind !== 'end')).toEqual([
    { kind: 'container', container: 'xls' },
    { kind: 'unread', what: 'charts', count: 2 },
    { kind: 'unread', what: 'macros', count: 1 },
    { kind: 'unread', what: 'embeddings', count: 1 },
    { kind: 'sheet', index: 0, name: '台账', hidden: false, merges: ['A1:B1'], hiddenColumns: ['B', 'C'] },
    { kind: 'row', row: 1, cells: { A: '资产名称', B: '两行\n文字' } },
    {
      kind: 'row',
      row: 2,
      cells: { A: '000042', B: '2015-03-01', C: '0.01', D: '2', E: '5', F: 'TRUE', G: '#N/A', H: '370123456789012000' },
      errors: ['G'],
      rounded: ['H'],
      hidden: true,
      months: ['B'],
    },
    { kind: 'row', row: 3, cells: { A: '0.3', B: '合计', D: '#DIV/0!' }, errors: ['D'], uncomputed: ['C'] },
    { kind: 'sheetEnd', formulas: 4 },
    { kind: 'sheet', index: 1, name: '藏', hidden: true, merges: [] },
    { kind: 'sheetEnd', formulas: 0 },
  ])
})

test('a text that goes on in another record changes between one byte and two per character', async () => {
  const first = record(
    0xfc,
    short(1),
    0,
    short(1),
    0,
    short(6),
    Buffer.from([0x0c]),
    short(1),
    short(2),
    0,
    Buffer.from('ab'),
  )
  const second = record(0x3c, Buffer.from([1]), Buffer.from('村部', 'utf16le'))
  const third = record(0x3c, Buffer.from([0]), Buffer.from('cd'), Buffer.alloc(4 + 2))
  const book = workbookStream(8, Buffer.concat([first, second, third, style(0)]), [
    { name: name8('台账'), records: record(0xfd, 0, 0, 0, 0, 0) },
  ])
  expect(await cellsOf(textFile('台账.xls', compound({ Workbook: book })))).toEqual({ 1: { A: 'ab村部cd' } })
})

test.for([
  ['are fewer than there are', 1, [unicode('甲'), unicode('乙')]],
  ['are followed by filling', 2, [unicode('甲'), unicode('乙'), Buffer.alloc(2)]],
] as const)('strings that were counted %s', async ([, count, strings]) => {
  const globals = Buffer.concat([style(0), record(0xfc, short(2), 0, short(count), 0, ...strings)])
  const records = Buffer.concat([record(0xfd, 0, 0, 0, 0, 0), record(0xfd, 0, 1, 0, 1, 0)])
  const book = workbookStream(8, globals, [{ name: name8('台账'), records }])
  expect(await cellsOf(textFile('台账.xls', compound({ Workbook: book })))).toEqual({ 1: { A: '甲', B: '乙' } })
})

test.for([
  ['the page of China', record(0x42, 936), 'd7cab2fa', '资产'],
  ['the page of Western Europe over Chinese bytes', record(0x42, 1252), 'd7cab2fa', '资产'],
  ['no page at all', Buffer.alloc(0), 'd7cab2fa', '资产'],
  ['the page of Western Europe', record(0x42, 1252), '6db2', 'm²'],
  ['the page of Taiwan', record(0x42, 950), 'b8eab2a3', '資產'],
] as const)('texts of Excel 95 by %s', async ([, page, bytes, text]) => {
  const label = record(0x204, 0, 0, 0, bytes.length / 2, bytes)
  const name = Buffer.concat([Buffer.from([bytes.length / 2]), Buffer.from(bytes, 'hex')])
  const book = workbookStream(5, Buffer.concat([page, style(0)]), [{ name, records: label }])
  const events = await eventsOf(compound({ Book: book }))
  expect(events).toContainEqual({ kind: 'row', row: 1, cells: { A: text } })
  expect(events).toContainEqual({ kind: 'sheet', index: 0, name: text, hidden: false, merges: [] })
})

test('pictures and shapes are told; the drawing that every worksheet may have, comments and arrows of filters are none', async () => {
  const object = (type: number) => record(0x5d, 0x15, 0x12, type, 1, Buffer.alloc(14))
  const records = Buffer.concat([
    number(0, 0, 0, 1),
    record(0xec, Buffer.alloc(24)),
    ...[8, 8, 2, 0x19, 0x14, 5, 7].map(object),
  ])
  const book = workbookStream(8, style(0), [{ name: name8('台账'), records }])
  const events = await eventsOf(compound({ Workbook: book }))
  expect(events.filter(({ kind }) => kind === 'unread')).toEqual([{ kind: 'unread', what: 'drawings', count: 3 }])
})

test('days count from 1904 where the file says so, and rows come in their order', async () => {
  const book = workbookStream(8, Buffer.concat([record(0x22, 1), style(14)]), [
    { name: name8('台账'), records: Buffer.concat([number(5, 0, 0, 1), number(2, 0, 0, 366), number(5, 1, 0, 2)]) },
  ])
  const cells = await cellsOf(textFile('台账.xls', compound({ Workbook: book })))
  expect(Object.entries(cells)).toEqual([
    ['3', { A: '1905-01-01' }],
    ['6', { A: '1904-01-02', B: '1904-01-03' }],
  ])
})

const one = { name: name8('台账'), records: number(0, 0, 0, 1) }
test.for([
  ['a password of Excel 97', compound({ Workbook: workbookStream(8, record(0x2f, 1, 1, 1), [one]) }), '密码'],
  ['the old obfuscation', compound({ Workbook: workbookStream(8, record(0x2f, 0, 0x1234, 0x5678), [one]) }), '密码'],
  ['a password of Excel 95', compound({ Book: workbookStream(5, record(0x2f, 0x1234, 0x5678), [one]) }), '密码'],
  [
    'macro sheets only',
    compound({ Workbook: workbookStream(8, Buffer.alloc(0), [{ ...one, type: 1 }]) }),
    '没有工作表',
  ],
  ['charts only', compound({ Workbook: workbookStream(8, Buffer.alloc(0), [{ ...one, type: 2 }]) }), '没有工作表'],
  ['an add-in', compound({ Workbook: workbookStream(8, record(0x87), [one]) }), '加载宏'],
  [
    'a worksheet that breaks off',
    compound({ Workbook: workbookStream(8, Buffer.alloc(0), [one]).subarray(0, -6) }),
    '损坏',
  ],
  [
    'a text that is not there',
    compound({ Workbook: workbookStream(8, Buffer.alloc(0), [{ ...one, records: record(0xfd, 0, 0, 0, 7, 0) }]) }),
    '损坏',
  ],
  ['other bytes', compound({ Workbook: Buffer.alloc(9000, 7) }), '损坏'],
] as const)('%s is refused', async ([, bytes, sentence]) => {
  expect(await refusal(textFile('台账.xls', bytes))).toContain(sentence)
})
