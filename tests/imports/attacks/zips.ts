import { archive, type Part, part, repeated, stored } from './archive.ts'
import { type Attack, damaged, either, tooLarge } from './attack.ts'
import { book, honestRows, names, sheetOf } from './book.ts'

const honest = { rows: 2, cells: { 2: { A: '7' } } }
const [open = '', close = ''] = sheetOf(`${honestRows}|`).split('|')
const zeros = '\0'.repeat(1_000_000)

/** Parts that inflate without measure. */
export const bombs: Attack[] = [
  ...[names.sheet, names.strings, names.styles, names.workbook, names.relations, names.root].map(
    (name): Attack =>
      zip(
        `1.5 MB that inflate to 1.5 GB in ${name}`,
        () => book(repeated(name, { piece: zeros, times: 1500 })),
        either,
      ),
  ),
  zip(
    'a bomb in a picture, which nobody reads',
    () => book(repeated('xl/media/image1.png', { piece: zeros, times: 1500 })),
    honest,
  ),
  zip(
    'a gigabyte of blanks packed less than 200 times',
    () =>
      book(
        repeated(names.sheet, { before: open, piece: ' '.repeat(1_000_000), times: 1200, after: close, ratio: 190 }),
      ),
    tooLarge,
  ),
  ...[1000, 0].map((size) =>
    zip(
      `202 MB that the headers call ${size} bytes`,
      () =>
        book(
          repeated(
            names.sheet,
            { before: open, piece: ' '.repeat(1_000_000), times: 202, after: close },
            { says: { size } },
          ),
        ),
      either,
    ),
  ),
  zip(
    '202 MB, packed less than 200 times, that the headers call 1000 bytes',
    () =>
      book(
        repeated(
          names.sheet,
          { before: open, piece: ' '.repeat(1_000_000), times: 202, after: close, ratio: 150 },
          { says: { size: 1000 } },
        ),
      ),
    either,
  ),
  zip(
    'a gigabyte in 200 worksheets that share the same bytes',
    () => {
      const rows = repeated('xl/worksheets/sheet1.xml', {
        before: open,
        piece: '<row><c><v>1</v></c></row>'.repeat(200),
        times: 2000,
        after: close,
        ratio: 150,
      })
      const others = Array.from(
        { length: 200 },
        (_, at): Part => ({ ...rows, name: `xl/worksheets/sheet${at + 2}.xml`, sameAs: rows.name }),
      )
      const sheets = Array.from({ length: 200 }, (_, at) => `<sheet name="${at}" sheetId="${at}"/>`).join('')
      return book(part(names.workbook, `<workbook><sheets>${sheets}</sheets></workbook>`), rows, ...others)
    },
    either,
  ),
]

/** Directories that are not what they say. */
export const directories: Attack[] = [
  zip(
    '100,000 entries',
    () => book(...Array.from({ length: 100_000 }, (_, at) => stored(`customXml/${at}.xml`, ''))),
    /部件/,
  ),
  zip('a count of entries that is too small', () => book(), either, { entryCount: 3 }),
  zip('a count of entries that is too large', () => book(), damaged, { entryCount: 60 }),
  zip('a directory beyond the end', () => book(), damaged, { directoryAt: 100_000_000 }),
  zip('a name that leaves the folder', () => book(part('../../etc/cron.d/x', 'x')), damaged),
  zip('an absolute name', () => book(part('/etc/passwd', 'x')), damaged),
  zip('a name with a drive', () => book(part('C:\\x.xml', 'x')), damaged),
  zip('a symbolic link for a worksheet', () => book(stored(names.sheet, '/etc/passwd', { mode: 0o120777 })), damaged),
  zip('a worksheet that is there twice', () => [...book(), part(names.sheet, sheetOf('<row/>'))], /两个/),
  zip(
    'a way of packing that nobody knows',
    () => book(part(names.sheet, sheetOf(honestRows), { method: 99 })),
    damaged,
  ),
  zip('an encrypted part', () => book(part(names.sheet, sheetOf(honestRows), { flags: 1 })), /密码/),
  zip(
    'a wide size without a value',
    () => book(part(names.sheet, sheetOf(honestRows), { says: { size: 0xffffffff, packed: 0xffffffff } })),
    damaged,
  ),
  zip(
    'a wide size of exabytes',
    () => book(part(names.sheet, sheetOf(honestRows), { says: { size: 0xffffffff }, extra: wide(2n ** 60n) })),
    damaged,
  ),
  zip(
    'a packed size beyond the file',
    () => book(part(names.sheet, sheetOf(honestRows), { says: { packed: 90_000_000 } })),
    damaged,
  ),
  zip('sizes that follow the bytes', () => book(part(names.sheet, sheetOf(honestRows), { flags: 8 })), honest),
  zip(
    'bytes that are no deflate',
    () => book(part(names.sheet, sheetOf(honestRows), { packed: Buffer.alloc(5000, 0xff) })),
    damaged,
  ),
  zip('bytes that end early', () => book(cut(part(names.sheet, sheetOf(honestRows.repeat(1))))), damaged),
  zip(
    'another name beside the bytes',
    () => book(part(names.sheet, sheetOf(honestRows), { localName: 'xl/worksheets/sheet9.xml' })),
    honest,
  ),
  zip('something before the archive', () => book(), /请/, { prefix: Buffer.from('GIF89a') }),
  zip('something behind the archive', () => book(), damaged, { suffix: Buffer.alloc(100_000, 1) }),
  zip('a page and an archive in one', () => book(), /请/, { prefix: Buffer.from('<html><body><script>1</script>') }),
  {
    name: 'an archive cut in half',
    file: '表.xlsx',
    make: () => {
      const whole = archive(book(part(names.sheet, sheetOf(honestRows))))
      return whole.subarray(0, whole.length / 2)
    },
    ends: { refused: damaged },
  },
  {
    name: 'an empty archive',
    file: '表.xlsx',
    make: () => archive([]),
    ends: { refused: /请/ },
  },
]

function zip(
  name: string,
  parts: () => readonly Part[],
  ends: RegExp | Attack['ends'],
  shape: Parameters<typeof archive>[1] = {},
): Attack {
  const make = () => archive(parts(), shape)
  return { name, file: '表.xlsx', make, ends: ends instanceof RegExp ? { refused: ends } : ends }
}

function wide(size: bigint): Buffer {
  const extra = Buffer.alloc(12)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8, 2)
  extra.writeBigUInt64LE(size, 4)
  return extra
}

function cut(whole: Part): Part {
  return { ...whole, packed: whole.packed.subarray(0, whole.packed.length - 20) }
}
