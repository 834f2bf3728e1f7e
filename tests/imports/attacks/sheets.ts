import { archive, part, repeated } from './archive.ts'
import { type Attack, damaged, either, tooLarge } from './attack.ts'
import { book, honestRows, names, ordinary, sheetOf, worksheet } from './book.ts'

const honest = { rows: 2, cells: { 1: { A: '资产名称' }, 2: { A: '7' } } }
const all = 'A1:XFD1048576'

/** Traps that lie where nothing is read, and places that do not exist. */
export const places: Attack[] = [
  sheet(
    'a merge of the whole worksheet',
    after(`<mergeCells count="1"><mergeCell ref="${all}"/></mergeCells>`),
    honest,
  ),
  sheet(
    'a validation of the whole worksheet',
    after(`<dataValidations count="1"><dataValidation type="list" sqref="${all}"/></dataValidations>`),
    honest,
  ),
  {
    name: 'a name for the whole worksheet',
    file: '名称.xlsx',
    make: () =>
      archive(
        book(
          part(
            names.workbook,
            (ordinary[names.workbook] ?? '').replace(
              '</sheets>',
              `</sheets><definedNames><definedName name="x">台账!$A$1:$XFD$1048576</definedName></definedNames>`,
            ),
          ),
        ),
      ),
    ends: honest,
  },
  sheet(
    '300,000,000 columns of one width',
    `<cols><col min="1" max="300000000"/></cols><sheetData>${honestRows}</sheetData>`,
    honest,
  ),
  sheet('row 1000000000', data('<row r="1000000000"><c><v>1</v></c></row>'), { refused: damaged }),
  sheet('column XFE', data('<row r="1"><c r="XFE1"><v>1</v></c></row>'), { refused: damaged }),
  sheet('the last cell there is', data(`${honestRows}<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>`), {
    rows: 3,
    cells: { 1048576: { XFD: '2' } },
  }),
]

const million = 1_000_000

/** Rows and cells without measure. */
export const masses: Attack[] = [
  {
    name: 'an honest table of 50,000 × 20',
    file: '台账.xlsx',
    make: () => archive(book(part(names.sheet, sheetOf(ledgerRows(50_000, 20))))),
    ends: { rows: 50_000, cells: { 50000: { A: '50000', B: '台账' } } },
  },
  mass('a million empty rows', { before: honestRows, piece: '<row/>'.repeat(1000), times: 1048, ratio: 150 }, honest),
  mass(
    'more empty rows than a worksheet has, all of one number',
    { before: honestRows, piece: '<row r="3"/>'.repeat(1000), times: 60_000, ratio: 190 },
    { refused: tooLarge },
  ),
  mass(
    'a million rows whose only cell is in the last column',
    { piece: '<row><c r="XFD1"><v>1</v></c></row>'.repeat(1000), times: 1000, ratio: 150 },
    { rows: million, cells: { [million]: { XFD: '1' } } },
  ),
  mass(
    'more rows than are read',
    { piece: '<row><c><v>1</v></c></row>'.repeat(1000), times: 1001, ratio: 150 },
    { refused: /超出 1000000 行|1,000,000/ },
  ),
  mass(
    'all columns filled in thousands of rows',
    { piece: `<row>${'<c><v>1</v></c>'.repeat(16_384)}</row>`, times: 4000, ratio: 190 },
    { refused: tooLarge },
  ),
  mass(
    'all columns empty in thousands of rows',
    { before: honestRows, piece: `<row>${'<c/>'.repeat(16_384)}</row>`, times: 12_000, ratio: 190 },
    { refused: tooLarge },
  ),
  mass(
    'a row of a million cells without a place',
    { piece: '<c/>'.repeat(1000), times: 1000, before: '<row>', after: '</row>', ratio: 150 },
    {
      refused: either,
    },
  ),
  mass('one cell of 100 MB', inline({ piece: '重'.repeat(10_000), times: 3500, ratio: 150 }), { refused: tooLarge }),
  mass('one cell of 32,768 characters', inline({ piece: '重', times: 32_768 }), { refused: /32767|32,767/ }),
  mass('one cell of 32,767 characters', inline({ piece: '重', times: 32_767 }), { rows: 1 }),
]

/** One long text that many cells point to. */
export const references: Attack[] = [
  pointing('a long text that a million rows point to', '<row><c t="s"><v>0</v></c></row>'.repeat(1000), 1000),
  pointing('a long text that every cell of a row points to', `<row>${'<c t="s"><v>0</v></c>'.repeat(16_384)}</row>`, 1),
  pointing(
    'a long text that a thousand cells of many rows point to',
    `<row>${'<c t="s"><v>0</v></c>'.repeat(1000)}</row>`,
    200,
  ),
  {
    name: 'two million different texts',
    file: '文字.xlsx',
    make: () =>
      archive(
        book(
          repeated(names.strings, {
            before: '<sst>',
            piece: '<si><t>甲</t></si>'.repeat(1000),
            times: 2001,
            after: '</sst>',
            ratio: 150,
          }),
        ),
      ),
    ends: { refused: tooLarge },
  },
  {
    name: 'a text table without its beginning',
    file: '文字.xlsx',
    make: () => archive(book(repeated(names.strings, { piece: '<a>甲</a>'.repeat(10_000), times: 4000, ratio: 190 }))),
    ends: { refused: either },
  },
]

export function sheet(name: string, inside: string, ends: Attack['ends']): Attack {
  return { name, file: '表.xlsx', make: () => archive(book(part(names.sheet, worksheet(inside)))), ends }
}

export function data(rows: string): string {
  return `<sheetData>${rows}</sheetData>`
}

function after(more: string): string {
  return data(honestRows) + more
}

type Mass = Parameters<typeof repeated>[1]

/** A worksheet whose rows say one piece many times. */
export function mass(name: string, { before = '', after: last = '', ...rest }: Mass, ends: Attack['ends']): Attack {
  const [open = '', close = ''] = sheetOf('|').split('|')
  const make = () => archive(book(repeated(names.sheet, { ...rest, before: open + before, after: last + close })))
  return { name, file: '表.xlsx', make, ends }
}

function inline(rest: Omit<Mass, 'before' | 'after'>): Mass {
  return { ...rest, before: '<row><c t="inlineStr"><is><t>', after: '</t></is></c></row>' }
}

function pointing(name: string, piece: string, times: number): Attack {
  const [open = '', close = ''] = sheetOf('|').split('|')
  const make = () =>
    archive(
      book(
        part(names.strings, `<sst><si><t>${'重'.repeat(32_767)}</t></si></sst>`),
        repeated(names.sheet, { before: open, piece, times, after: close, ratio: 150 }),
      ),
    )
  return { name, file: '表.xlsx', make, ends: { refused: tooLarge } }
}

function ledgerRows(rows: number, columns: number): string {
  const lines: string[] = []
  for (let row = 1; row <= rows; row++) {
    let line = `<row r="${row}"><c r="A${row}"><v>${row}</v></c><c r="B${row}" t="s"><v>0</v></c>`
    for (let column = 3; column <= columns; column++)
      line += `<c r="${String.fromCharCode(64 + column)}${row}"><v>${row * column}.5</v></c>`
    lines.push(`${line}</row>`)
  }
  return lines.join('')
}
