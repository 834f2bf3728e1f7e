import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { usages } from '../../imports/sheets/card-choices.ts'
import { parseArea } from '../../imports/values/area.ts'
import { parseChoice } from '../../imports/values/choice.ts'
import { parseDate, readDate } from '../../imports/values/date.ts'
import { parseMoney } from '../../imports/values/money.ts'
import { parseInteger, parseQuantity } from '../../imports/values/quantity.ts'
import { parseValue } from '../../imports/values/value.ts'

describe('money', () => {
  test.for([
    ['30', '万元', '300000.00'],
    ['1,285', undefined, '1285.00'],
    ['１，２８５．５０', undefined, '1285.50'],
    ['¥ 5,000.00', undefined, '5000.00'],
    ['10万元', '元', '100000.00'],
    ['3.5亿元', undefined, '350000000.00'],
    ['0', undefined, '0.00'],
    ['-500', undefined, '-500.00'],
    ['(500)', undefined, '-500.00'],
    ['.5', undefined, '0.50'],
    ['12.345678', '万元', '123456.78'],
    ['1.5万', undefined, '15000.00'],
    ['5千', undefined, '5000.00'],
    ['2', '千元', '2000.00'],
    ['5000元', '万元', '5000.00'],
    ['５０００', undefined, '5000.00'],
  ] as const)('%s in %s', ([text, unit, value]) => {
    expect(parseMoney(text, { unit })).toEqual({ value })
  })

  test.for(['', ' ', '——', '-', '/', '无', '暂无', '。'])('「%s」 is blank, not zero', (text) => {
    expect(parseMoney(text)).toEqual({ value: null })
  })

  test.for([
    '1.23E+17',
    '三十万',
    '1/3',
    '100-200',
    '5,00',
    '12,34.5',
    '30元/㎡',
    '10万元/年',
    '3年',
    '(500',
    '1234567890123456',
  ])('「%s」 cannot be read, and says why', (text) => {
    const { value, problem } = parseMoney(text)
    expect(value).toBeNull()
    expect(problem).toMatch(/请|写/)
  })

  test('what cannot be read says what is the matter', () => {
    expect(parseMoney('1.23E+17').problem).toContain('科学计数法')
    expect(parseMoney('3万5').problem).toContain('如 35000 或 3.5万')
    expect(parseMoney('100+20').problem).toContain('算出结果')
    expect(parseArea('40m*30m').problem).toContain('算出结果')
  })

  test.for([
    ['约200', '200.00', '核对'],
    ['39660元(整体出租竞价保证金)', '39660.00', '核对'],
    ['100.005', '100.01', '四舍五入'],
  ] as const)('%s is read and told', ([text, value, told]) => {
    const parsed = parseMoney(text)
    expect(parsed.value).toBe(value)
    expect(parsed.problem).toContain(told)
  })

  test('a rent counts its months', () => {
    expect(parseMoney('900', { unit: '元/月', yearly: true })).toEqual({ value: '10800.00' })
    expect(parseMoney('10万元/年', { yearly: true })).toEqual({ value: '100000.00' })
    expect(parseMoney('900元', { unit: '元/月', yearly: true })).toEqual({ value: '10800.00' })
    expect(parseMoney('1万元/年', { unit: '元/月', yearly: true })).toEqual({ value: '10000.00' })
    expect(parseMoney('3000', { unit: '元/季', yearly: true })).toEqual({ value: '12000.00' })
    expect(parseMoney('900', { unit: '元/月' }).problem).toContain('每月')
  })

  test('no figure passes through floating point', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (cents) => {
        const text = new Big(cents.toString()).div(100).toFixed(2)
        expect(parseMoney(text)).toEqual({ value: text })
        expect(parseMoney(new Big(text).div(10000).toFixed(), { unit: '万元' })).toEqual({ value: text })
      }),
    )
  })
})

describe('area', () => {
  test.for([
    ['30亩', undefined, '20000.00'],
    ['50', '亩', '33333.33'],
    ['5亩', undefined, '3333.33'],
    ['0.6', '亩', '400.00'],
    ['70.41', '㎡', '70.41'],
    ['1.5公顷', undefined, '15000.00'],
    ['200平方米', '亩', '200.00'],
    ['113.5m²', undefined, '113.50'],
    ['120平方米', undefined, '120.00'],
    ['100m2', undefined, '100.00'],
    ['2亩3分', undefined, '1533.33'],
    ['3亩2分5厘', undefined, '2166.67'],
    ['2分', undefined, '133.33'],
  ] as const)('%s in %s', ([text, unit, value]) => {
    expect(parseArea(text, { unit })).toEqual({ value })
  })

  test('about is told, lengths and ranges are not read', () => {
    expect(parseArea('约2亩')).toMatchObject({ value: '1333.33', problem: expect.stringContaining('核对') })
    for (const text of ['10余亩', '约2亩3分'])
      expect(parseArea(text), text).toMatchObject({ problem: expect.any(String) })
    for (const text of ['4米*3000米', '100-200', '二亩', '2.5亩3分']) expect(parseArea(text).value, text).toBeNull()
  })
})

describe('quantity', () => {
  test('figures, measure words and what is no count', () => {
    expect(parseQuantity('10')).toEqual({ value: '10' })
    expect(parseQuantity('2.5')).toEqual({ value: '2.5' })
    expect(parseQuantity('10台')).toMatchObject({ value: '10', problem: expect.any(String) })
    expect(parseQuantity('227.2立方米', '立方米')).toEqual({ value: '227.2' })
    expect(parseQuantity('若干').value).toBeNull()
    expect(parseInteger('3')).toEqual({ value: '3' })
    expect(parseInteger('3.5')).toMatchObject({ value: null, problem: expect.stringContaining('整数') })
  })
})

describe('date', () => {
  test.for([
    ['2015', '2015'],
    ['2018年', '2018'],
    ['2015.3', '2015-03'],
    ['2015—03—01', '2015-03-01'],
    ['2015年3月', '2015-03'],
    ['2015-03', '2015-03'],
    ['201503', '2015-03'],
    ['20150301', '2015-03-01'],
    ['2015/3/1', '2015-03-01'],
    ['2015.03.01', '2015-03-01'],
    ['2015年3月1日', '2015-03-01'],
    ['２０１５－０３－０１', '2015-03-01'],
    ['2021-01-01 10:10:10', '2021-01-01'],
    ['2015年3月份', '2015-03'],
    ['2015.03.', '2015-03'],
    ['２０１５．３', '2015-03'],
    ['二〇一五年三月', '2015-03'],
    ['二○一五年十二月三十一日', '2015-12-31'],
    ['一九九八年', '1998'],
  ] as const)('%s', ([text, value]) => {
    expect(parseDate(text)).toEqual({ value })
  })

  test('keeps how precisely it was written', () => {
    expect(readDate('2015年3月')).toEqual({ date: '2015-03-01', precision: 'month', written: '2015年3月' })
    expect(readDate('——')).toBeNull()
  })

  test.for([
    '2021年2月30日',
    '1900-02-29',
    '2015-13',
    '20151301',
    '1899',
    '2101',
    '2017-2018',
    '98.5',
    '90年代',
    '43101',
    '空置',
    '0',
  ])('「%s」 is no date and says what to write', (text) => {
    expect(parseDate(text)).toMatchObject({ value: null, problem: expect.stringContaining(text) })
  })

  test.for([
    ['2017-2018', '一段时间'],
    ['2015年3月至2018年2月', '一段时间'],
    ['15.3.1', '哪一年'],
    ['1/3', '哪一年'],
    ['90年代', '不是确切的日期'],
    ['1998年前后', '不是确切的日期'],
    ['2015年上半年', '不是确切的日期'],
    ['2015年3月初', '不是确切的日期'],
    ['98年', '看不出是哪一年'],
    ['3/1/2015', '看不出哪个是月、哪个是日'],
    ['42064', '2015-03-01'],
    ['2.015E+7', '科学计数法'],
  ] as const)('「%s」 says what is the matter', ([text, why]) => {
    expect(parseDate(text)).toEqual({ value: null, problem: expect.stringContaining(why) })
  })

  test('2015.1 may have lost the zero of October', () => {
    expect(parseDate('2015.1')).toMatchObject({ value: '2015-01', problem: expect.stringContaining('2015-10') })
  })
})

describe('text', () => {
  const code = { key: 'originalCode', label: '原资产编号', kind: 'text' } as const
  test('a long number that a spreadsheet has rewritten is no code', () => {
    expect(parseValue('5.10923E+17', code)).toEqual({ value: null, problem: expect.stringContaining('科学计数法') })
    for (const text of ['510923199001011234', '007', '1E5', 'X1.2E+3'])
      expect(parseValue(text, code)).toEqual({ value: text })
  })
})

describe('choice', () => {
  test('by value, label and the other ways to write it', () => {
    for (const text of ['idle', '闲置', '空置', ' 闲 置 ']) expect(parseChoice(text, usages)).toEqual({ value: 'idle' })
    expect(parseChoice('——', usages)).toEqual({ value: null })
  })

  test('an unknown text is guessed by what it contains, never by what it denies', () => {
    expect(parseChoice('长期闲置房屋', usages)).toMatchObject({
      value: 'idle',
      problem: expect.stringContaining('闲置'),
    })
    expect(parseChoice('未出租', usages)).toMatchObject({ value: null, problem: expect.stringContaining('在用') })
    expect(parseChoice('张三', usages)).toMatchObject({ value: null })
  })
})
