import { expect, test } from 'vitest'
import { inspectJson } from '../../imports/inspect.ts'
import { cellsOf, refusal, textFile } from './workbooks.ts'

const rows = { 1: { A: '资产名称', B: '原值' }, 2: { A: '村部', B: '30' } }

test.for([
  ['UTF-8', Buffer.from('资产名称,原值\n村部,30\n')],
  ['UTF-8 with a mark', Buffer.from('\ufeff资产名称,原值\r\n村部,30')],
  ['UTF-16 with a mark', Buffer.from('\ufeff资产名称\t原值\r\n村部\t30\r\n', 'utf16le')],
  ['UTF-16 without a mark', Buffer.from('资产名称,原值\r\n村部,30\r\n'.padEnd(200, '\n'), 'utf16le')],
  ['GBK', Buffer.from('d7cab2fac3fbb3c62cd4add6b50a b4e5b2bf2c33300a'.replaceAll(' ', ''), 'hex')],
  ['semicolons', Buffer.from('资产名称;原值\n村部;30\n')],
  ['a declared delimiter', Buffer.from('资产名称|原值\n村部|30\n')],
  ['old line ends', Buffer.from('资产名称,原值\r村部,30\r')],
] as const)('%s', async ([, bytes]) => {
  expect(await cellsOf(textFile('表.csv', bytes))).toEqual(rows)
})

test('GB18030 carries characters beyond GBK', async () => {
  const bytes = Buffer.concat([Buffer.from('a,', 'latin1'), Buffer.from('9532e239', 'hex'), Buffer.from('\nb,c\n')])
  const cells = await cellsOf(textFile('表.csv', bytes))
  expect([...(cells[1]?.B ?? '')]).toHaveLength(1)
  expect(cells[1]?.B?.codePointAt(0)).toBeGreaterThan(0xffff)
})

test('quotes hold delimiters, line breaks and quotes; a quote inside a field is a character', async () => {
  const path = textFile('表.csv', '名称,说明\n"村,部","两行\r\n""引号"""\n4" 管,"",x\n\n末行,1')
  expect(await cellsOf(path)).toEqual({
    1: { A: '名称', B: '说明' },
    2: { A: '村,部', B: '两行\n"引号"' },
    3: { A: '4" 管', C: 'x' },
    5: { A: '末行', B: '1' },
  })
})

test('codes that are written as formulas to keep their zeros, and the end mark of old programs', async () => {
  const text = '编号,身份证\r\n="00123","=""370123198001011234"""\r\n="a"&"b",=""\r\n\u001a'
  expect(await cellsOf(textFile('表.csv', text))).toEqual({
    1: { A: '编号', B: '身份证' },
    2: { A: '00123', B: '370123198001011234' },
    3: { A: '="a"&"b"' },
  })
})

test('row numbers are record numbers, also where a record takes several lines', async () => {
  const long = `"${'长文\n'.repeat(30)}"`
  const { sheets } = await inspectJson(textFile('表.csv', `a,b\n${`${long},1\n`.repeat(2000)}尾,2\n`))
  expect(sheets[0]?.rows).toHaveLength(2002)
  expect(sheets[0]?.rows.at(-1)).toEqual({ row: 2002, cells: { A: '尾', B: '2' } })
})

test('what is no table is refused by name', async () => {
  expect(await refusal(textFile('空.csv', ''))).toContain('空')
  expect(await refusal(textFile('空.csv', '\ufeff \n\n'))).toContain('空')
  expect(await refusal(textFile('话.xls', 'file not found!'))).toContain('不是表格')
  expect(await refusal(textFile('图.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')))).toContain(
    '不是表格',
  )
  expect(await refusal(textFile('引号.csv', `a,b\n1,"开头\n${'没有结束,x\n'.repeat(20)}`))).toContain('第 2 行')
  expect(await refusal(textFile('长.csv', `a,b\n1,${'字'.repeat(40_000)}\n`))).toMatch(/第 2 行 B 列.*32767/)
})
