import { CFB, utils, write } from '@e965/xlsx'
import { type Attack, damaged } from './attack.ts'

/** Workbooks of Excel 97 whose chains, lengths and counts lie. */
export const legacy: Attack[] = [
  xls(
    'a chain of sectors that bites its tail',
    () => patched((bytes, fat) => bytes.writeInt32LE(3, fat + 4 * 3)),
    /请/,
  ),
  xls(
    'every sector its own successor',
    () => patched((bytes, fat) => each(128, (at) => bytes.writeInt32LE(at, fat + 4 * at))),
    /请/,
  ),
  xls(
    'a table of sectors that is its own continuation',
    () =>
      patched((bytes) => {
        bytes.writeInt32LE(0, 0x44)
        bytes.writeInt32LE(2_000_000_000, 0x48)
      }),
    null,
  ),
  xls('sectors of 2 GB', () => patched((bytes) => bytes.writeUInt16LE(31, 0x1e)), /请/),
  xls('a stream that says it is 2 GB long', () => patched((bytes) => sizeOf(bytes, 'Workbook', 0x7fffffff)), null),
  xls(
    'a folder that is its own child',
    () => patched((bytes) => eachEntry(bytes, (at) => each(3, (link) => bytes.writeInt32LE(0, at + 0x44 + 4 * link)))),
    null,
  ),
  xls(
    'a password',
    () =>
      compound(
        Buffer.concat([
          biff().subarray(0, 20),
          record(0x2f, Buffer.from(`010001000100${'5a'.repeat(48)}`, 'hex')),
          biff().subarray(20),
        ]),
      ),
    /密码/,
  ),
  xls(
    'four thousand million texts',
    () => compound(replaced(0xfc, (old) => Buffer.concat([Buffer.from('ffffffffffffff7f', 'hex'), old.subarray(8)]))),
    null,
  ),
  xls('records that run past the end', () => compound(replaced(0x3d, () => Buffer.alloc(18), 60_000)), null),
  xls(
    '65,536 × 256 cells announced, none there',
    () => compound(replaced(0x200, () => Buffer.from('0000000000000100000000010000', 'hex'))),
    null,
  ),
  xls(
    'a million cells of one place',
    () => compound(inserted(0x200, Array<Buffer>(1_000_000).fill(record(0x203, Buffer.alloc(14, 1))))),
    null,
  ),
  xls(
    'merges of the whole worksheet by the ten thousand',
    () => compound(inserted(0x200, Array<Buffer>(10).fill(record(0xe5, merges(1000))))),
    null,
  ),
  xls(
    'rows of 256 blanks, 65,536 of them',
    () =>
      compound(
        inserted(
          0x200,
          Array.from({ length: 65_536 }, (_, row) => blanks(row)),
        ),
      ),
    null,
  ),
  xls('an old workbook cut in half', () => compound(biff()).subarray(0, 2000), damaged),
  xls(
    'an old workbook of zeros',
    () =>
      Buffer.concat([
        Buffer.from('d0cf11e0a1b11ae1', 'hex'),
        Buffer.alloc(10_000_000),
        Buffer.from('Workbook', 'utf16le'),
      ]),
    /请/,
  ),
  xls(
    '50 MB that only name a workbook',
    () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(50_000_000, 'Workbook', 'utf16le')]),
    /请/,
  ),
  xls(
    'a stream of Excel 2 that is nothing but records',
    () => Buffer.concat([Buffer.from('0900040002001000', 'hex'), Buffer.alloc(20_000_000, record(4, Buffer.alloc(8)))]),
    null,
  ),
  xls(
    'records of no length',
    () => Buffer.concat([Buffer.from('0900040002001000', 'hex'), Buffer.alloc(20_000_000)]),
    null,
  ),
]

const spreadsheet =
  '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="台账"><Table>|</Table></Worksheet></Workbook>'

/** Tables written as pages and as the XML of 2003. */
export const markup: Attack[] = [
  page('a million tables in each other', '<table><tr><td>'.repeat(1_000_000), null),
  page('tables without an end', '<table '.repeat(3_000_000), null),
  page('a million rows without an end', `<table>${'<tr><td>1'.repeat(1_000_000)}`, null),
  page(
    'cells over a thousand million columns and rows',
    '<table><tr><td colspan="1000000000" rowspan="1000000000">1</td><td>2</td></tr></table>',
    null,
  ),
  page('comments without an end', `<table><tr><td>1</td></tr>${'<!--'.repeat(2_000_000)}</table>`, null),
  page('entities by the million', `<table><tr><td>${'&amp'.repeat(5_000_000)}</td></tr></table>`, null),
  page('40 MB of opening brackets', `<table><tr><td>${'<'.repeat(40_000_000)}`, null),
  xml('row 1000000000', '<Row ss:Index="1000000000"><Cell><Data ss:Type="String">1</Data></Cell></Row>', null),
  xml('column 1000000000', '<Row><Cell ss:Index="1000000000"><Data ss:Type="String">1</Data></Cell></Row>', null),
  xml(
    'a cell merged over 1,000,000,000',
    '<Row><Cell ss:MergeAcross="1000000000" ss:MergeDown="1000000000"><Data ss:Type="String">1</Data></Cell></Row>',
    null,
  ),
  xml(
    'a column repeated 1,000,000,000 times',
    '<Column ss:Span="1000000000"/><Row ss:Span="1000000000"><Cell><Data ss:Type="String">1</Data></Cell></Row>',
    null,
  ),
  xml('tags without an end', '<Row><Cell '.repeat(1_500_000), null),
  xml('comments without an end', '<!--'.repeat(2_000_000), null),
  {
    name: 'billion laughs in the XML of 2003',
    file: '表.xls',
    make: () =>
      Buffer.from(
        spreadsheet
          .replace('?>', '?><!DOCTYPE x [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>')
          .replace('|', '<Row><Cell><Data ss:Type="String">&b;</Data></Cell></Row>'),
      ),
    ends: { refused: /DTD/ },
  },
]

/** Null: however it is read, it ends: with a sentence, or with what the file says. */
type Ends = RegExp | null

function xls(name: string, make: () => Buffer, ends: Ends): Attack {
  return { name, file: '表.xls', make, ends: ends === null ? { either: true } : { refused: ends } }
}

function page(name: string, body: string, ends: Ends): Attack {
  return xls(`a page with ${name}`, () => Buffer.from(`<html><body>${body}</body></html>`), ends)
}

function xml(name: string, table: string, ends: Ends): Attack {
  return xls(`the XML of 2003 with ${name}`, () => Buffer.from(spreadsheet.replace('|', table)), ends)
}

/** The stream of a small workbook, long enough not to be kept among the small ones. */
function biff(): Buffer {
  const book = utils.book_new()
  const rows = Array.from({ length: 300 }, (_, at) => ['村部', at, at * 2])
  utils.book_append_sheet(book, utils.aoa_to_sheet([['资产名称', '原值', '数量'], ...rows]), '台账')
  const bytes: Buffer = write(book, { type: 'buffer', bookType: 'biff8' })
  const entry = CFB.find(CFB.read(bytes, { type: 'buffer' }), 'Workbook')
  return Buffer.from(entry?.content ?? [])
}

function compound(stream: Buffer): Buffer {
  const container = CFB.utils.cfb_new()
  CFB.utils.cfb_add(container, 'Workbook', stream)
  return Buffer.from(CFB.write(container, { type: 'buffer' }) as Buffer)
}

/** An ordinary compound file after something was done to it; `fat` is where its first table of sectors begins. */
function patched(change: (bytes: Buffer, fat: number) => void): Buffer {
  const bytes = compound(biff())
  change(bytes, 512 * (bytes.readInt32LE(0x4c) + 1))
  return bytes
}

function each(count: number, act: (at: number) => void): void {
  for (let at = 0; at < count; at++) act(at)
}

function eachEntry(bytes: Buffer, act: (at: number) => void): void {
  const start = 512 * (bytes.readInt32LE(0x30) + 1)
  each(4, (at) => act(start + 128 * at))
}

function sizeOf(bytes: Buffer, name: string, size: number): void {
  const at = bytes.indexOf(Buffer.from(name, 'utf16le'))
  bytes.writeInt32LE(size, at + 0x78)
}

function record(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(body.length, 2)
  return Buffer.concat([head, body])
}

/** The stream with another body for the first record of a type, which may also lie about its length. */
function replaced(type: number, change: (old: Buffer) => Buffer, says?: number): Buffer {
  const { stream, at, end } = found(type)
  const fresh = record(type, change(stream.subarray(at + 4, end)))
  if (says !== undefined) fresh.writeUInt16LE(says, 2)
  return Buffer.concat([stream.subarray(0, at), fresh, stream.subarray(end)])
}

function inserted(type: number, records: readonly Buffer[]): Buffer {
  const { stream, end } = found(type)
  return Buffer.concat([stream.subarray(0, end), ...records, stream.subarray(end)])
}

function found(type: number): { stream: Buffer; at: number; end: number } {
  const stream = biff()
  let at = 0
  while (stream.readUInt16LE(at) !== type) at += 4 + stream.readUInt16LE(at + 2)
  return { stream, at, end: at + 4 + stream.readUInt16LE(at + 2) }
}

function merges(count: number): Buffer {
  const body = Buffer.alloc(2 + 8 * count)
  body.writeUInt16LE(count, 0)
  each(count, (at) => Buffer.from('0000ffff0000ff00', 'hex').copy(body, 2 + 8 * at))
  return body
}

function blanks(row: number): Buffer {
  const body = Buffer.alloc(6 + 2 * 256)
  body.writeUInt16LE(row, 0)
  body.writeUInt16LE(255, body.length - 2)
  return record(0xbe, body)
}
