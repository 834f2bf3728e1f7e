import { type Attack, either } from './attack.ts'

const mega = 2 ** 20
const head = '资产名称,账面原值\n'

/** Text tables without line ends, quotes or measure. */
export const texts: Attack[] = [
  csv('100 MB without a line end', () => Buffer.alloc(100 * mega - 1, 'a'), /过大.*请/),
  csv('100 MB of commas', () => Buffer.alloc(100 * mega - 1, ','), /请/),
  csv('100 MB of line ends', () => Buffer.alloc(100 * mega - 1, '\n'), /空|请/),
  csv('a million columns', () => `${head}${'1,'.repeat(1_000_000)}1\n`, /16384|16,384/),
  csv('a million rows of a thousand commas', () => Buffer.from(`${head}${`${','.repeat(1000)}1\n`.repeat(100_000)}`), {
    rows: 100_001,
  }),
  csv('a row more than are read', () => Buffer.from(head + '村部,1\n'.repeat(1_000_000)), /1000000 行|1,000,000/),
  csv('a quote that never closes', () => Buffer.from(`${head}"${'村部,1\n'.repeat(8_000_000)}`), /引号/),
  csv('quotes in every place', () => Buffer.from(`${head}${'"'.repeat(60_000_001)}`), /引号|请/),
  csv('lines of quotes without a comma', () => Buffer.from(`${head.repeat(60)}${'"a"\n'.repeat(900_000)}`), {
    rows: 900_060,
  }),
  csv('half-open quotes in every line', () => Buffer.from(`${head.repeat(60)}${'a"b\n'.repeat(900_000)}`), {
    rows: 900_060,
  }),
  csv('nothing but zero bytes', () => Buffer.alloc(50 * mega), /空字节/),
  csv(
    'zero bytes behind an honest beginning',
    () => Buffer.concat([Buffer.from(head.repeat(20_000)), Buffer.alloc(mega)]),
    /不是表格/,
  ),
  csv(
    'halves of UTF-16 pairs',
    () => Buffer.concat([Buffer.from(`\ufeff${head}`, 'utf16le'), Buffer.alloc(mega, Buffer.from([0, 0xd8]))]),
    /编码/,
  ),
  csv(
    'an odd number of UTF-16 bytes',
    () => Buffer.concat([Buffer.from(`\ufeff${head}村部,1\n`, 'utf16le'), Buffer.from([0x41])]),
    /编码/,
  ),
  csv(
    'neither UTF-8 nor GB18030',
    () => Buffer.concat([Buffer.from(head.repeat(30_000)), Buffer.alloc(mega, 0xff)]),
    /编码/,
  ),
  csv('a cell of 50 MB', () => Buffer.from(`${head}${'村'.repeat(15_000_000)},1\n`), either),
  csv('a separator of its own and nothing else', () => Buffer.from('sep=;\r\n'), /请/),
  csv('100 MB of random bytes', () => random(90 * mega), /请/),
  csv('10 MB of separators to guess from', () => Buffer.from(`${';|\t，,'.repeat(13_000)}\n`.repeat(100)), {
    either: true,
  }),
]

function csv(name: string, make: () => string | Buffer, ends: RegExp | Attack['ends']): Attack {
  return {
    name,
    file: '表.csv',
    make: () => Buffer.from(make()),
    ends: ends instanceof RegExp ? { refused: ends } : ends,
  }
}

/** The same bytes every time. */
function random(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let seed = 42
  for (let at = 0; at + 4 <= length; at += 4) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0
    bytes.writeInt32LE(seed, at)
  }
  return bytes
}
