import { archive, part, repeated, stored } from './archive.ts'
import { type Attack, either } from './attack.ts'
import { book, honestRows, names, ordinary, sheetOf, worksheet } from './book.ts'

const laughs = `<!DOCTYPE x [<!ENTITY a0 "哈">${Array.from({ length: 30 }, (_, at) => `<!ENTITY a${at + 1} "&a${at};&a${at};">`).join('')}]>`
const outside = '<!DOCTYPE x [<!ENTITY a30 SYSTEM "file:///etc/passwd">]>'
const read = [names.workbook, names.root, names.relations, names.strings, names.styles, names.sheet]

/** Entities that grow without bound, or point outside of the file. */
export const entities: Attack[] = [
  ...read.flatMap((name) => [
    declared('billion laughs', laughs, name),
    declared('an entity of another file', outside, name),
  ]),
  {
    name: 'billion laughs in the content types',
    file: '表.xlsx',
    make: () => archive(book(part(names.types, `<?xml version="1.0"?>${laughs}<Types>&a30;</Types>`))),
    ends: { refused: /DTD/ },
  },
]

const sheetTag = '<sheet name="a" sheetId="1" r:id="rId1"/>'

/**
 * Markup that never ends, or that a careless reader goes through again and again. It lies in the archive as it is: the
 * limit on how far a part is packed would refuse it before the trap is met.
 */
export const traps: Attack[] = [
  text(
    'tags without an end in the workbook',
    names.workbook,
    '<workbook><sheets>',
    '<sheet ',
    2_000_000,
    '</sheets></workbook>',
  ),
  text(
    'tags without an end in the relationships',
    names.relations,
    '<Relationships>',
    '<Relationship ',
    1_000_000,
    '',
    { either: true },
  ),
  text('tags without an end in the styles', names.styles, '<styleSheet>', '<numFmt ', 1_500_000, '', { either: true }),
  text('prefixes without an end in the workbook', names.workbook, '<workbook>', '<a.b', 3_000_000, ''),
  text('phonetic runs without an end', names.strings, '<sst><si>', '<rPh>', 700_000, '<t>甲</t></si></sst>', {
    either: true,
  }),
  text('text runs without an end', names.strings, '<sst><si>', '<t ', 1_200_000, '</si></sst>'),
  trap('comments without an end in a row', '<row>', '<!--', 900_000, '<c><v>1</v></c></row>'),
  trap(
    'one CDATA that says the end of the cell a million times',
    '<row><c t="inlineStr"><is><t><![CDATA[',
    '</c>',
    900_000,
    ']]></t></is></c></row>',
  ),
  trap(
    'CDATA without an end, again and again',
    '<row><c t="inlineStr"><is><t>',
    '<![CDATA[',
    400_000,
    '</t></is></c></row>',
  ),
  trap(
    'a row in CDATA that says the end of the row',
    '<row><c t="inlineStr"><is><t><![CDATA[',
    '</row>',
    600_000,
    ']]></t></is></c></row>',
  ),
  trap('a row that never ends', '<row>', '<c><v>1</v></c>', 2_000_000, ''),
  trap('rows in rows', '', '<row>', 700_000, '<c><v>1</v></c></row>', { either: true }),
  trap('cells in cells', '<row>', '<c>', 1_000_000, '<v>1</v></c></row>', { either: true }),
  trap('a tag of a million attributes', '<row r="1" ', 'a="1" ', 600_000, '><c><v>1</v></c></row>', { rows: 1 }),
  trap('a tag that names its row a million times', '<row ', 'r ', 1_500_000, '><c><v>1</v></c></row>', {
    either: true,
  }),
  sheetText('comments before another root', `${'<!-- -->'.repeat(60)}<foo><sheetData>`),
  sheetText('declarations before another root', `${'<?a ?>'.repeat(200_000)}<foo><sheetData>`),
  sheetText(
    'a million elements in each other before the rows',
    worksheet(`${'<a>'.repeat(1_000_000)}<sheetData>${honestRows}</sheetData>`),
    { either: true },
  ),
  sheetText(
    'ten million elements in each other before the rows',
    worksheet(`${'<a>'.repeat(5_000_000)}<sheetData>${honestRows}</sheetData>`),
  ),
  text(
    'a million elements in each other in a text',
    names.strings,
    '<sst><si>',
    '<r>',
    1_000_000,
    '<t>甲</t></si></sst>',
    { either: true },
  ),
  text(
    'a million elements in each other in the workbook',
    names.workbook,
    '<workbook>',
    '<a>',
    1_000_000,
    '</workbook>',
  ),
  sheetText('a worksheet that is cut off', sheetOf(honestRows).slice(0, -30)),
  sheetText('a worksheet without rows or end', '<worksheet>'),
  sheetText('two declarations of different encodings', `<?xml version="1.0" encoding="utf-32"?>${sheetOf(honestRows)}`),
  sheetText(
    'half of a UTF-16 pair',
    Buffer.concat([Buffer.from('\ufeff<worksheet>', 'utf16le'), Buffer.from([0x00, 0xd8, 0x3c])]),
  ),
  text(
    'a million cell styles',
    names.styles,
    '<styleSheet><cellXfs>',
    '<xf numFmtId="0"/>',
    800_000,
    '</cellXfs></styleSheet>',
    { rows: 2 },
  ),
  text(
    'more cell styles than are read',
    names.styles,
    '<styleSheet><cellXfs>',
    '<xf numFmtId="0"/>',
    1_500_000,
    '</cellXfs></styleSheet>',
    { refused: either },
  ),
  formats(
    'a million number formats',
    Array.from({ length: 200_000 }, (_, at) => `<numFmt numFmtId="${at}" formatCode="yyyy-${at}"/>`).join(''),
    { rows: 2 },
  ),
  formats('a number format of ten million brackets', `<numFmt numFmtId="0" formatCode="${'['.repeat(10_000_000)}"/>`, {
    rows: 2,
  }),
  formats('a number format of ten million quotes', `<numFmt numFmtId="0" formatCode='${'"\\'.repeat(5_000_000)}'/>`, {
    rows: 2,
  }),
  formats(
    'a number format of a million half sections',
    `<numFmt numFmtId="0" formatCode='${'"0.0E+'.repeat(1_000_000)}'/>`,
    { rows: 2 },
  ),
]

const many = (count: number) =>
  (ordinary[names.workbook] ?? '').replace(/<sheets>.*<\/sheets>/, `<sheets>${sheetTag.repeat(count)}</sheets>`)

/** Worksheets without measure. */
export const worksheets: Attack[] = [
  {
    name: '201 worksheets',
    file: '表.xlsx',
    make: () => {
      const list = Array.from({ length: 201 }, (_, at) => at + 1)
      const sheets = list.map((at) => `<sheet name="${at}" sheetId="${at}"/>`).join('')
      const parts = list.map((at) => part(`xl/worksheets/sheet${at}.xml`, sheetOf(honestRows)))
      return archive(book(part(names.workbook, `<workbook><sheets>${sheets}</sheets></workbook>`), ...parts))
    },
    ends: { refused: /200 张/ },
  },
  workbook('300,000 worksheets', many(300_000), { refused: /同一个|200 张/ }),
  {
    name: 'as many worksheets as relationships, in the opposite order',
    file: '表.xlsx',
    make: () => {
      const list = Array.from({ length: 60_000 }, (_, at) => at)
      const sheets = list.map((at) => `<sheet name="${at}" sheetId="${at}" r:id="i${60_000 - at}"/>`).join('')
      const relations = list.map((at) => `<Relationship Id="i${at}" Type="x/chartsheet" Target="a"/>`).join('')
      return archive(
        book(
          stored(names.workbook, `<workbook><sheets>${sheets}</sheets></workbook>`),
          stored(names.relations, `<Relationships>${relations}</Relationships>`),
        ),
      )
    },
    ends: { either: true },
  },
  {
    name: 'one worksheet listed 200 times',
    file: '表.xlsx',
    make: () => {
      const [open = '', close = ''] = sheetOf('|').split('|')
      const piece = '<row><c><v>12345</v></c><c><v>67</v></c></row>'.repeat(1000)
      return archive(
        book(
          part(names.workbook, many(200)),
          repeated(names.sheet, { before: open, piece, times: 200, after: close, ratio: 150 }),
        ),
      )
    },
    ends: { refused: either },
  },
]

function declared(what: string, type: string, name: string): Attack {
  const root = /<(\w+)[ >]/.exec((ordinary[name] ?? '').replace(/^<\?.*?\?>\s*/, ''))?.[1] ?? 'x'
  const xml = (ordinary[name] ?? '')
    .replace(/^<\?.*?\?>\s*/, '')
    .replace(new RegExp(`</${root}>$`), `<x>&a30;</x></${root}>`)
  return {
    name: `${what} in ${name}`,
    file: '表.xlsx',
    make: () => archive(book(part(name, `<?xml version="1.0"?>${type}${xml}`))),
    ends: { refused: /DTD/ },
  }
}

function text(
  name: string,
  where: string,
  before: string,
  piece: string,
  times: number,
  after: string,
  ends: Attack['ends'] = { refused: /请/ },
): Attack {
  return { name, file: '表.xlsx', make: () => archive(book(stored(where, before + piece.repeat(times) + after))), ends }
}

function trap(
  name: string,
  before: string,
  piece: string,
  times: number,
  after: string,
  ends: Attack['ends'] = { refused: /请/ },
): Attack {
  const [open = '', close = ''] = sheetOf('|').split('|')
  return text(name, names.sheet, open + before, piece, times, after + close, ends)
}

function sheetText(name: string, xml: string | Buffer, ends: Attack['ends'] = { refused: /请/ }): Attack {
  return { name, file: '表.xlsx', make: () => archive(book(stored(names.sheet, xml))), ends }
}

function formats(name: string, xml: string, ends: Attack['ends']): Attack {
  const styles = `<styleSheet><numFmts>${xml}</numFmts><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>`
  return { name, file: '表.xlsx', make: () => archive(book(stored(names.styles, styles))), ends }
}

function workbook(name: string, xml: string, ends: Attack['ends']): Attack {
  return { name, file: '表.xlsx', make: () => archive(book(stored(names.workbook, xml))), ends }
}
