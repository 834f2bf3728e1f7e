import { readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { limits } from '../../imports/reading/limits.ts'
import { cellsOf, parts, refusal, rows, scratch, textFile, zipped } from './workbooks.ts'

const one = '<row r="1"><c r="A1"><v>1</v></c></row>'

test.for([
  ['a row number beyond the worksheet', `<row r="1000000000"><c r="A1"><v>1</v></c></row>`],
  ['a column beyond the worksheet', '<row r="1"><c r="XFE1"><v>1</v></c></row>'],
  ['a text that is not there', '<row r="1"><c r="A1" t="s"><v>9</v></c></row>'],
  ['an unknown entity', '<row r="1"><c r="A1" t="inlineStr"><is><t>&bomb;</t></is></c></row>'],
  ['a cell that does not end', '<row r="1"><c r="A1"><v>1</v></row>'],
  ['a row that does not end', '<row r="1"><c r="A1"><v>1</v></c>'],
] as const)('%s is damage', async ([, xml]) => {
  expect(await refusal(await rows(xml))).toMatch(/损坏，无法读取.*另存为 \.xlsx/)
})

test.for(['xl/workbook.xml', 'xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml'])(
  'a document type in %s is refused before anything expands',
  async (name) => {
    const bomb =
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData></sheetData></worksheet>'
    const shared = { 'xl/sharedStrings.xml': '<sst></sst>' }
    expect(await refusal(await zipped(parts(`<sheetData>${one}</sheetData>`, { ...shared, [name]: bomb })))).toContain(
      'DTD',
    )
  },
)

test('text before the root, two parts of one name, too many parts, no workbook', async () => {
  const ordinary = parts(`<sheetData>${one}</sheetData>`)
  const foo = `<?xml version="1.0"?>foo<worksheet><sheetData>${one}</sheetData></worksheet>`
  expect(await refusal(await zipped({ ...ordinary, 'xl/worksheets/sheet1.xml': foo }))).toContain('损坏')
  const twice = [...Object.entries(ordinary), ['xl/worksheets/Sheet1.xml', foo] as const]
  expect(await refusal(await zipped(twice))).toContain('两个')
  const many = Object.fromEntries(Array.from({ length: limits.entries + 1 }, (_, at) => [`a/${at}`, 'x']))
  expect(await refusal(await zipped({ ...ordinary, ...many }))).toContain(`上限 ${limits.entries} 个`)
  expect(await refusal(await zipped({ 'readme.txt': 'x' }))).toContain('压缩包')
  expect(await refusal(await zipped({ 'word/document.xml': '<w/>' }))).toContain('不是表格')
})

test('a part that inflates without measure is refused while it inflates', async () => {
  const padding = `<!--${' '.repeat(40 * 2 ** 20)}-->`
  const started = Date.now()
  expect(await refusal(await zipped(parts(`<sheetData>${one}</sheetData>${padding}`)))).toContain('200 倍以上')
  expect(Date.now() - started).toBeLessThan(10_000)
})

test('a size that the archive understates does not help a bomb', async () => {
  const path = await zipped(parts(`<sheetData>${one}</sheetData>`))
  const big = deflateRawSync(Buffer.alloc(30 * 2 ** 20, 32))
  writeFileSync(path, lyingArchive(big))
  expect(await refusal(path)).toMatch(/损坏|过大/)
})

test('merges, validations and widths over the whole worksheet cost nothing', async () => {
  const path = await zipped(
    parts(
      `<cols><col min="1" max="300000000"/></cols><sheetData>${one}<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>` +
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>' +
        '<dataValidations><dataValidation sqref="A1:XFD1048576"/></dataValidations>',
    ),
  )
  expect(await cellsOf(path)).toEqual({ 1: { A: '1' }, 1048576: { XFD: '2' } })
})

test('another format, a lock file and a missing file are called by their names', async () => {
  expect(await refusal(textFile('~$台账.xlsx', 'x'))).toContain('~$')
  expect(await refusal(textFile('文.pdf', '%PDF-1.7 …'))).toContain('PDF')
  expect(await refusal(textFile('断.xlsx', Buffer.from('504b0304140000', 'hex')))).toContain('损坏')
  expect(await refusal(scratch('没有.xlsx'))).toContain('找不到文件')
})

test('nothing is left in the temporary folder', async () => {
  const ours = () => readdirSync(tmpdir()).filter((name) => !name.startsWith('panhuo-') && !name.startsWith('vitest'))
  const before = ours()
  await refusal(await rows('<row r="0"/>'))
  await cellsOf(await rows(one))
  expect(ours().filter((name) => !before.includes(name))).toEqual([])
})

/** An archive with the usual names whose worksheet says it is 100 bytes long. */
function lyingArchive(packed: Buffer): Buffer {
  const ordinary = parts('')
  const local: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [name, content] of Object.entries(ordinary)) {
    const sheet = name.endsWith('sheet1.xml')
    const body = sheet ? packed : deflateRawSync(Buffer.from(content))
    const size = sheet ? 100 : Buffer.from(content).length
    const header = Buffer.alloc(26)
    header.writeUInt16LE(20, 0)
    header.writeUInt16LE(8, 4)
    header.writeUInt32LE(body.length, 14)
    header.writeUInt32LE(size, 18)
    header.writeUInt16LE(name.length, 22)
    local.push(Buffer.from('504b0304', 'hex'), header, Buffer.from(name), body)
    const entry = Buffer.alloc(42)
    entry.writeUInt16LE(20, 0)
    header.copy(entry, 2, 0, 26)
    entry.writeUInt32LE(at, 38)
    central.push(Buffer.from('504b0102', 'hex'), entry, Buffer.from(name))
    at += 30 + name.length + body.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(Object.keys(ordinary).length, 4)
  end.writeUInt16LE(Object.keys(ordinary).length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...local, directory, Buffer.from('504b0506', 'hex'), end])
}
