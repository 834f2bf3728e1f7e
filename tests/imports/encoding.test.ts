import { expect, test } from 'vitest'
import { encodingOf } from '../../imports/reading/csv/encoding.ts'
import { cellsOf, refusal, textFile } from './workbooks.ts'

const text = '资产名称,原值\r\n一开最退耀老,30\r\n'
const big = (text: string) => Buffer.from(text, 'utf16le').swap16()
/** 资产名称,原值 / 村部,30 in GBK, which Node reads but does not write. */
const gbk = Buffer.from('d7cab2fac3fbb3c62cd4add6b50ab4e5b2bf2c33300a', 'hex')

test.for([
  ['utf-8', Buffer.from(text)],
  ['utf-8', Buffer.from(`\ufeff${text}`)],
  ['utf-8', Buffer.from('a,b')],
  ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['utf-16be', big(`\ufeff${text}`)],
  ['utf-16le', Buffer.from(text, 'utf16le')],
  ['utf-16be', big(text)],
  ['utf-16le', Buffer.from('一\t开\n', 'utf16le')],
  ['utf-16le', Buffer.from(`${'镇村公有资产清理'.repeat(900)}\n一,开\n`, 'utf16le')],
  ['gb18030', gbk],
  ['gb18030', Buffer.concat([Buffer.from('84319533', 'hex'), gbk])],
  ['gb18030', Buffer.concat([Buffer.from('a,9\n'.repeat(90_000)), gbk])],
] as const)('%s is told', async ([encoding, bytes]) => {
  expect(await encodingOf(textFile('表.csv', bytes))).toBe(encoding)
})

test('signs that only GBK has, and tables of one word, are no Big5', async () => {
  for (const digits of ['a94f2ca9960aa94f2ca9960a', 'b4e5b2bf2cb4e50a'.repeat(30), 'c3b6b4e52ca94f0a']) {
    expect(await encodingOf(textFile('表.csv', Buffer.from(digits, 'hex')))).toBe('gb18030')
  }
})

test.for([0, 1, 2, 3])('a character that the reading cuts in two counts as one: %i', async (shift) => {
  const line = `${'村'.repeat(30)},1\n`
  const lead = `${'x'.repeat(shift)},1\n`
  const utf8 = lead + line.repeat(6000)
  expect(await encodingOf(textFile('表.csv', utf8))).toBe('utf-8')
  expect(Object.keys(await cellsOf(textFile('表.csv', utf8)))).toHaveLength(6001)
  const four = Buffer.from(`${'9532e239'.repeat(50)}2c310a`.repeat(2000), 'hex')
  const cells = await cellsOf(textFile('表.csv', Buffer.concat([Buffer.from(lead), four])))
  const texts = new Set(Object.values(cells).map((row) => row.A))
  expect(texts).toEqual(new Set(['x'.repeat(shift) || undefined, '𠏃'.repeat(50)]))
})

test.for([
  ['UTF-8 that was cut', Buffer.from(`${'村部办公楼,1\n'.repeat(50)}村`).subarray(0, -1), '损坏的字节'],
  [
    'UTF-8 with a broken byte',
    Buffer.concat([Buffer.from('村部办公楼,1\n'.repeat(50)), Buffer.from([0xff, 10])]),
    '损坏的字节',
  ],
  [
    'Big5',
    Buffer.from(
      'b8eab2a3a657bad92cadecadc82ca8fab16fa4e9b4c10aa7f8b3a1bfeca4bdbcd32c33302ca6dbabd80abef7a4ab2c352cc1cab86d0a',
      'hex',
    ),
    '文字编码',
  ],
  ['GB18030 that ends in the middle', Buffer.concat([gbk, Buffer.from([0xb4])]), '文字编码'],
  ['UTF-8 with a mark and other bytes', Buffer.concat([Buffer.from('\ufeffa,b\n'), gbk]), '文字编码'],
  ['UTF-16 that ends in the middle', Buffer.from(`\ufeff${text}`, 'utf16le').subarray(0, -1), '文字编码'],
  ['zero bytes in a text', Buffer.from('a,b\n1,\0\n'), '不是表格'],
  ['zero bytes far behind', Buffer.from(`${'a,b\n'.repeat(90_000)}\0`), '不是表格'],
  ['zero characters far behind', Buffer.from(`${'a,b\n'.repeat(90_000)}\0`, 'utf16le'), '不是表格'],
  ['control characters', Buffer.from([1, 2, 3, 44, 5, 10]), '不是表格'],
] as const)('%s is refused', async ([, bytes, sentence]) => {
  expect(await refusal(textFile('表.csv', bytes))).toContain(sentence)
})

test('a line without an end and line ends of old machines are read', async () => {
  expect(await cellsOf(textFile('表.csv', Buffer.from('名称,1', 'utf16le')))).toEqual({ 1: { A: '名称', B: '1' } })
  expect(
    await cellsOf(textFile('表.csv', Buffer.from(gbk.toString('latin1').replaceAll('\n', '\r'), 'latin1'))),
  ).toEqual({
    1: { A: '资产名称', B: '原值' },
    2: { A: '村部', B: '30' },
  })
})

test('a line break that was pasted from Word makes a table no other file', async () => {
  const rows = await cellsOf(textFile('表.csv', '名称,说明\n村部,甲\u000b乙\n'))
  expect(rows[2]).toEqual({ A: '村部', B: '甲\u000b乙' })
})
