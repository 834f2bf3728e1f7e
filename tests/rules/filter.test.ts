import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { containing, doubled, filterUrl, isIndexed } from '../../server/kernel/filter.ts'

describe('the address of a filter', () => {
  it('drops blanks and sorts its keys, so that one filter has one address', () => {
    expect(filterUrl('/assets', { unit: '5109', q: '办公楼', track: '', sort: undefined })).toBe(
      filterUrl('/assets', { q: '办公楼', unit: '5109' }),
    )
    expect(filterUrl('/assets', { track: '' })).toBe('/assets')
    expect(filterUrl('/assets', { b: '1', a: '2' })).toBe('/assets?a=2&b=1')
  })

  it('goes back to the first page with every change but turning the page', () => {
    const filter = { q: '校舍', after: 'x', before: 'y' }
    expect(filterUrl('/assets', filter, { sort: '-cost' })).toBe('/assets?q=%E6%A0%A1%E8%88%8D&sort=-cost')
    expect(filterUrl('/assets', filter, { after: 'z' })).toBe('/assets?after=z&q=%E6%A0%A1%E8%88%8D')
  })

  it('takes a change away by undefined and writes signs of addresses safely', () => {
    expect(filterUrl('/assets', { q: 'a' }, { q: undefined })).toBe('/assets')
    expect(filterUrl('/assets', { q: 'a&b=c#d' })).toBe('/assets?q=a%26b%3Dc%23d')
  })
})

it.each([
  ['办公', '%办公%'],
  ['100%', '%100\\%%'],
  ['a_b', '%a\\_b%'],
  ['c:\\', '%c:\\\\%'],
  ['％', '%\\%%'],
  ['Ａ１', '%A1%'],
])('searching for %s finds it as it is written: %s', (text, pattern) => {
  expect(containing(text)).toBe(pattern)
})

it('two characters beyond ASCII, or three in all, are known to the index', () => {
  expect(['村部', '村a', 'a村', 'ab村', 'abc', '12%', ' 村 部 '].filter((text) => !isIndexed(text))).toEqual([])
  expect(['村', 'ab', '1', '', ' 村 '].filter(isIndexed)).toEqual([])
})

it('a text that is kept doubled is found by exactly those parts that it has', () => {
  const text = fc.string({ unit: fc.constantFrom(...'村部𠮷a\\%'), maxLength: 8 })
  const kept = (whole: string) => [...whole].map((one) => (one > '~' ? one + one : one)).join('')
  const found = (whole: string, part: string) =>
    kept(whole).includes(doubled(part).slice(1, -1).replaceAll(/\\(.)/gu, '$1'))
  fc.assert(
    fc.property(text, text, (whole, part) => found(whole, part) === whole.includes(part)),
    { numRuns: 2000 },
  )
})
