import { describe, expect, test } from 'vitest'
import { env } from './render.ts'

const show = (expression: string, value: unknown, extra: object = {}) =>
  env.renderString(`{{ value | ${expression} }}`, { value, ...extra })

describe('filters', () => {
  test.each([
    ['money', '1234.5', '1,234.50'],
    ['money', '-1234567.005', '-1,234,567.01'],
    ['money', '9007199254740993.01', '9,007,199,254,740,993.01'],
    ['money', '0', '0.00'],
    ['money', null, '—'],
    ['money', '十二万', '十二万'],
    ['area', '666.666', '666.67'],
    ['area', null, '—'],
    ['quantity', '3.000', '3'],
    ['quantity', '12500.250', '12,500.25'],
    ['count', 12345, '12,345'],
    ['count', '1000', '1,000'],
    ['date', '2018-03-15', '2018-03-15'],
    ['date', '2018-03', '2018年3月'],
    ['date', '2018', '2018年'],
    ['date', null, '—'],
    ['date', { date: '2018-03-01', precision: 'month' }, '2018年3月'],
    ['date', { date: '2018-01-01', precision: 'year' }, '2018年'],
    ['date', { date: '2018-03-15', precision: 'day' }, '2018-03-15'],
    ['date', { date: null, precision: null }, '—'],
    ['date', '2026-11-21T16:30:00Z', '2026-11-22'],
    ['dateTime', new Date('2026-11-21T16:30:00Z'), '2026-11-22 00:30'],
    ['dateTime', '2026-11-22T01:20:00.000Z', '2026-11-22 09:20'],
    ['dateTime', null, '—'],
    ['fileSize', 812, '812 字节'],
    ['fileSize', 1536, '1.5 KB'],
    ['fileSize', '10485760', '10 MB'],
  ])('%s reads %o as %s', (filter, value, shown) => {
    expect(show(filter, value)).toBe(shown)
  })

  test('money refuses a float and a value nobody passed', () => {
    expect(() => show('money', 1234.5)).toThrow(/decimal text/)
    expect(() => show('money', undefined)).toThrow(/decimal text/)
  })

  test('label reads a choice, keeps an unknown one, and dashes a missing one', () => {
    const choices = [{ value: 'idle', label: '闲置' }]
    expect(show('label(choices)', 'idle', { choices })).toBe('闲置')
    expect(show('label(choices)', 'haunted', { choices })).toBe('haunted')
    expect(show('label(choices)', null, { choices })).toBe('—')
  })

  test.each(['/assets?q=村', '?page=2', '#field-cost', 'https://www.mof.gov.cn/'])(
    'safeUrl lets %s through',
    (address) => {
      expect(show('safeUrl', address)).toBe(address)
    },
  )

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '//evil.example/',
    '/\\evil.example/',
    'data:text/html,x',
    'vbscript:x',
    'https:///evil',
    '',
  ])('safeUrl stops %j', (address) => {
    expect(show('safeUrl', address)).toBe('#')
  })

  test('problemFor finds the sentence of a field', () => {
    const problems = [{ field: 'cost', text: '原值写成数字' }]
    expect(show('problemFor("cost")', problems)).toBe('原值写成数字')
    expect(show('problemFor("area")', problems)).toBe('')
    expect(show('problemFor("area")', undefined)).toBe('')
  })
})

describe('environment', () => {
  test('escapes what it prints', () => {
    expect(env.renderString('{{ name }}', { name: '<b>"村"</b>' })).toBe('&lt;b&gt;&quot;村&quot;&lt;/b&gt;')
  })

  test('throws on a variable nobody passed', () => {
    expect(() => env.renderString('{{ naem }}', { name: 'x' })).toThrow(/undefined/)
  })
})
