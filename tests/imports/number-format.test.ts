import { expect, test } from 'vitest'
import {
  builtInFormat,
  isRounded,
  numberText,
  readFormat,
  shownPrecision,
} from '../../imports/reading/number-format.ts'

const text = (value: number, code: string, date1904 = false) => numberText(value, readFormat(code), date1904)

test.for([
  'yyyy"年"m"月"d"日"',
  '[$-804]yyyy"年"m"月"d"日";@',
  '[DBNum1][$-804]yyyy"年"m"月"d"日"',
  '[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy',
  'e"年"m"月"',
  '[$-411]ge.m.d',
  'mmm-yy',
  'yyyy年m月',
  'm"月"d"日"',
  'yyyy/m/d h:mm',
  'aaaa',
])('%s is a date', (code) => {
  expect(text(42064, code)).toBe('2015-03-01')
  expect(text(42064 - 1462, code, true)).toBe('2015-03-01')
})

test('days, times and what lies outside the calendar', () => {
  const day = 'yyyy-mm-dd'
  expect([1, 59, 60, 61].map((serial) => text(serial, day))).toEqual([
    '1900-01-01',
    '1900-02-28',
    '1900-02-29',
    '1900-03-01',
  ])
  expect([0, 59, 60].map((serial) => text(serial, day, true))).toEqual(['1904-01-01', '1904-02-29', '1904-03-01'])
  expect(text(42064.5, 'yyyy/m/d h:mm')).toBe('2015-03-01 12:00:00')
  expect(text(0.75, 'h:mm')).toBe('18:00:00')
  expect(text(1.5, '[h]:mm')).toBe('36:00:00')
  expect(text(2_958_465, day)).toBe('9999-12-31')
  expect([text(-1, day), text(2_958_466, day), text(2_958_465, day, true)]).toEqual(['-1', '2958466', '2958465'])
})

test.for([
  ['000000', 42, '000042'],
  ['00-00', 123, '01-23'],
  ['"川"0000', 7, '川0007'],
  ['0000"-"000', 12345, '0012-345'],
  ['0000-000', 123456789, '123456-789'],
  ['"第"000"号"', 5, '第005号'],
  ['0000年', 2015, '2015年'],
  ['[>999]000_ ', 7, '007'],
  ['[=0]"";000000', 42, '000042'],
  ['[=0]"";yyyy/m/d', 42064, '2015-03-01'],
  ['000000', -42, '-42'],
  ['000000', 1.5, '1.5'],
  ['0', 7, '7'],
  ['#,##0.00_ ;[Red]-#,##0.00', 1234.5, '1234.5'],
  ['0.00E+00', 1234.5, '1234.5'],
  ['[DBNum1]General', 42064, '42064'],
  ['0%', 0.05, '0.05'],
] as const)('%s shows %d as %s', ([code, value, shown]) => {
  expect(text(value, code)).toBe(shown)
})

test.for([
  ['0"亩"', 30, '30亩'],
  ['#,##0.00"万元"', 1234.5, '1234.5万元'],
  ['G/通用格式"元"', 5000, '5000元'],
  ['0.00㎡', 70.41, '70.41㎡'],
  // Behind a comma the cell shows thousands: what is stored are whole yuan.
  ['0.0,"万元"', 300000, '300000'],
  ['0!.0,"万元"', 300000, '300000'],
  ['0"台"', 3, '3'],
] as const)('the unit that %s shows belongs to the figure', ([code, value, shown]) => {
  expect(text(value, code)).toBe(shown)
})

test('numbers come without float noise, and only rounded ones are called so', () => {
  expect([0.1 + 0.2, 1e21, 1e-7, 1.005, 100 / 3].map((value) => text(value, 'General'))).toEqual([
    '0.3',
    '1000000000000000000000',
    '0.0000001',
    '1.005',
    '33.3333333333333',
  ])
  expect(isRounded(numberText(Number('510923199001011234'), readFormat('General'), false))).toBe(true)
  expect(isRounded(text(7, '000000000000000000'))).toBe(false)
  expect(isRounded('123456789012345')).toBe(false)
})

test.for([
  ['yyyy"年"m"月"', 'months'],
  ['yyyy-mm', 'months'],
  ['mmm-yy', 'months'],
  ['[$-804]yyyy年m月;@', 'months'],
  ['[DBNum1][$-804]yyyy"年"m"月";@', 'months'],
  ['yyyy', 'years'],
  ['yyyy"年"', 'years'],
  ['yyyy-mm-dd', null],
  ['m"月"d"日"', null],
  ['yyyy"年"m"月1日"', null],
  ['yyyy/m aaaa', null],
  ['yyyy/m h:mm', null],
  ['[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy', null],
  ['General', null],
] as const)('of the first day of 2015 %s shows %s', ([code, shown]) => {
  expect(shownPrecision(text(42005, code), readFormat(code))).toBe(shown)
})

test('a day that is not the first was written on purpose, and so was a time', () => {
  const month = readFormat('yyyy-mm')
  const year = readFormat('yyyy')
  const shown = (serial: number, format: typeof month) => shownPrecision(numberText(serial, format, false), format)
  expect([42005, 42006, 42064, 42064.5, 0.5].map((serial) => shown(serial, month))).toEqual([
    'months',
    null,
    'months',
    null,
    null,
  ])
  expect([42005, 42006, 42064].map((serial) => shown(serial, year))).toEqual(['years', null, null])
  expect([14, 17, 22, 27, 28, 31, 36, 57, 58].filter((id) => shown(42064, builtInFormat(id)) === 'months')).toEqual([
    17, 27, 36, 57,
  ])
})
