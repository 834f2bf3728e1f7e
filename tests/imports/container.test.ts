import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compound } from './biff.ts'
import { cellsOf, parts, refusal, scratch, textFile, zipped } from './workbooks.ts'

const hex = (digits: string, more = 200) =>
  Buffer.concat([Buffer.from(digits.replaceAll(' ', ''), 'hex'), Buffer.alloc(more)])

/** What Excel leaves beside an open file: the user's name in one byte per letter, then in two. */
function ownerFile(size: number): Buffer {
  const bytes = Buffer.alloc(size, 0x20)
  bytes[0] = 5
  bytes.write('Zhang', 1)
  const at = size === 165 ? 55 : 54
  for (let place = at + 2; place + 1 < size; place += 2) bytes.writeUInt16LE(0x20, place)
  bytes.writeUInt16LE(5, at)
  bytes.write('Zhang', at + 2, 'utf16le')
  return bytes
}

function dbf(): Buffer {
  const bytes = Buffer.alloc(128)
  bytes.set([3, 126, 11, 22, 1, 0, 0, 0, 65, 0, 11, 0])
  bytes.write('NAME', 32)
  bytes[64] = 13
  return bytes
}

const files: readonly (readonly [string, Buffer | string, string | RegExp])[] = [
  ['nothing', '', '空'],
  ['blanks', ' \r\n\t\n  ', '空'],
  ['blanks in UTF-16', Buffer.from('\ufeff \r\n', 'utf16le'), '空'],
  ['zero bytes', Buffer.alloc(5000), '空字节'],
  [
    'a flat OpenDocument table',
    '<?xml version="1.0"?>\n<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>',
    '.ods',
  ],
  ['.doc', compound({ WordDocument: 'x', 'ObjectPool/_1/Workbook': 'x' }), '文字文档'],
  [
    'Word 2003 XML',
    '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="x"/>',
    '文字文档',
  ],
  ['.ppt', compound({ 'PowerPoint Document': 'x' }), '演示文稿'],
  ['a message of Outlook', compound({ '__properties_version1.0': 'x' }), '邮件'],
  ['another compound file', compound({ VisioDocument: 'x' }), '其他软件'],
  ['a password', compound({ EncryptionInfo: 'x', EncryptedPackage: Buffer.alloc(9000) }), '密码'],
  ['PDF', '%PDF-1.7\n…', 'PDF'],
  ['PDF behind a mark', '\ufeff%PDF-1.4 …', 'PDF'],
  ['RTF', '{\\rtf1\\ansi 资产}', 'RTF'],
  ['PNG', hex('89504e470d0a1a0a0000000d49484452'), '图片'],
  ['JPEG', hex('ffd8ffe000104a464946'), '图片'],
  ['GIF', hex('474946383961'), '图片'],
  ['BMP', hex('424d e6000000 00000000 36000000 28000000'), '图片'],
  ['HEIC', hex('00000018 66747970 68656963'), '图片'],
  ['TIFF', hex('49492a0008000000'), '图片'],
  ['WebP', hex('52494646 10000000 57454250'), '图片'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"></svg>', '图片'],
  ['a film', hex('00000018 66747970 6d703432'), '视频'],
  ['RAR', hex('526172211a0700'), '先解压'],
  ['7z', hex('377abcaf271c0004'), '先解压'],
  ['gzip', hex('1f8b0800'), '先解压'],
  [
    '.mht',
    'From: <由 WPS 保存>\r\nSubject: 台账\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n',
    '.mht',
  ],
  ['.eml', 'Received: from a\r\n by b\r\nTo: 财政所\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n', '邮件'],
  ['a page without a table', '<!DOCTYPE html><html><body>请先登录</body></html>', '网页'],
  ['dBASE', dbf(), '.dbf'],
  ['Access', hex('000100005374616e64617264204a6574204442'), 'Access'],
  ['SQLite', hex('53514c69746520666f726d6174203300'), '数据库'],
  ['Lotus', hex('00001a0002100400'), 'Lotus'],
  ['XML', '<?xml version="1.0"?><assets><asset/></assets>', 'XML'],
  ['XML with a document type', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', 'DTD'],
  ['JSON', '[{"资产名称":"村部"}]', 'JSON'],
  ['JSON over lines', '{\n  "rows": []\n}', 'JSON'],
  ['a program', hex('4d5a90000300000004000000'), '程序'],
  ['an owner file of Excel', ownerFile(165), '~$'],
  ['an owner file of Word', ownerFile(162), '~$'],
  ['a lock file of LibreOffice', ',clerk,pc,22.11.2026 08:00,file:///home/clerk/.config;', '~$'],
  ['other bytes', Buffer.from(Array.from({ length: 999 }, (_, at) => (at * 7919) % 251)), '不是表格'],
  ['a compound file cut short', compound({ Workbook: Buffer.alloc(20_000) }).subarray(0, 5000), '损坏'],
]

test.for(files)('%s is refused by name', async ([, bytes, sentence]) => {
  const told = await refusal(textFile('台账.xlsx', bytes))
  expect(told).toMatch(sentence)
  expect(told).toMatch(/。$/)
  expect(told).toMatch(/请|先/)
})

const archives: readonly (readonly [string, Record<string, string>, string])[] = [
  ['.ods', { mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' }, '.ods'],
  ['.xlsb', { 'xl/workbook.bin': 'x' }, '.xlsb'],
  ['.docx', { 'word/document.xml': '<x/>' }, '文字文档'],
  ['.pptx', { 'ppt/presentation.xml': '<x/>' }, '演示文稿'],
  ['.ofd', { 'OFD.xml': '<x/>', 'Doc_0/Document.xml': '<x/>' }, 'OFD'],
  ['.numbers', { 'Index/Document.iwa': 'x' }, 'Numbers'],
  ['any zip', { '台账.xlsx': 'x' }, '先解压'],
  [
    'an add-in',
    {
      ...parts('<sheetData/>'),
      '[Content_Types].xml':
        '<Types><Override ContentType="application/vnd.ms-excel.addin.macroEnabled.main+xml"/></Types>',
    } as Record<string, string>,
    '加载宏',
  ],
  [
    'a workbook of macro sheets',
    {
      ...parts(''),
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="rId1" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" Target="macrosheets/sheet1.xml"/></Relationships>',
    } as Record<string, string>,
    '没有工作表',
  ],
]

test.for(archives)('%s is refused by name', async ([, entries, sentence]) => {
  expect(await refusal(await zipped(entries))).toContain(sentence)
})

test('a lock file is known by its name too', async () => {
  for (const name of ['~$台账.xlsx', '.~台账.et']) {
    const path = scratch(name)
    writeFileSync(path, 'a,b\n1,2\n')
    expect(await refusal(path)).toContain('~$')
  }
})

test.for([
  ['a mark', '\ufeff编号,名称\n1,村部\n'],
  ['letters of a signature', 'BM,MZ\nPK,%P\n'],
  ['something like a header', 'To: a,b\n1,2\n'],
  ['an opened angle', '<50,b\n1,2\n'],
  ['an opened bracket', '[单位],b\n1,2\n'],
  ['markup in a cell', 'a,b\n<table>,2\n'],
] as const)('a text table that begins with %s is read', async ([, content]) => {
  expect(Object.keys(await cellsOf(textFile('表.csv', content)))).toEqual(['1', '2'])
})

test('a directory that goes in circles is damage', async () => {
  const whole = compound({ Workbook: Buffer.alloc(20_000), Other: 'x' })
  const directory = (whole.readInt32LE(48) + 1) * 512
  const circles = [68, 72].map((side) => {
    const bytes = Buffer.from(whole)
    for (let entry = 1; entry < 4; entry++) bytes.writeInt32LE(entry, directory + entry * 128 + side)
    return bytes
  })
  const table = Buffer.from(whole)
  const first = (table.readInt32LE(76) + 1) * 512
  for (let at = 0; at < 512; at += 4) table.writeInt32LE(1, first + at)
  for (const bytes of [...circles, table]) expect(await refusal(textFile('坏.xls', bytes))).toContain('损坏')
})
