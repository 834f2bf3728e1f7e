import { describe, expect, test } from 'vitest'
import { component, hostile, tag, text } from './render.ts'

const columns = [
  { key: 'code', label: '编号', link: true, sortable: true, href: '/assets?sort=code', sorted: 'desc' },
  { key: 'name', label: '名称' },
  { key: 'cost', label: '原值', unit: '元', format: 'money' },
  { key: 'acquired', label: '取得日期', format: 'date' },
  { key: 'usage', label: '状况', choices: [{ value: 'idle', label: '闲置' }] },
]
const rows = [
  {
    href: '/assets/1',
    code: '51092300000001',
    name: hostile,
    cost: '1234.5',
    acquired: { date: '1998-03-01', precision: 'month' },
    usage: 'idle',
  },
  {
    code: '51092300000002',
    name: { text: '门面', href: '/x', hint: '两间' },
    cost: null,
    acquired: null,
    usage: { badge: '在用' },
  },
]

describe('dataTable', () => {
  const html = component('data-table', 'appDataTable', { caption: '资产', columns, rows, totals: { cost: '1234.5' } })

  test('prints each value in the format of its column', () => {
    expect(text(html)).toContain('1,234.50 1998年3月 闲置')
    expect(text(html)).toContain('门面 两间 — — 在用')
  })

  test('sets numbers to the right', () => {
    expect(html).toMatch(/<td class="is-right">1,234\.50<\/td>/)
  })

  test('links rows and cells', () => {
    expect(html).toContain('<a href="/assets/1">51092300000001</a>')
    expect(html).toContain('<a href="/x">门面</a>')
  })

  test('tells how it is sorted', () => {
    expect(tag(html, 'th', 'aria-sort')['aria-sort']).toBe('descending')
    expect(tag(html, 'a', 'class="app-sort is-on"').href).toBe('/assets?sort=code')
  })

  test('ends with the totals', () => {
    expect(text(html.slice(html.indexOf('<tfoot>')))).toBe('合计 1,234.50')
  })

  test('prints data as data', () => {
    expect(html).not.toContain('<script>')
  })

  test('says what to do when it is empty', () => {
    const empty = {
      title: '还没有资产卡片',
      text: '先导入手头的台账。',
      action: { text: '导入', href: '/imports/new' },
    }
    const none = component('data-table', 'appDataTable', { columns, rows: [], empty })
    expect(text(none)).toBe('还没有资产卡片 先导入手头的台账。 导入')
    expect(none).not.toContain('<table')
  })

  test('offers one checkbox per row for work in bulk', () => {
    const bulk = { action: '/assets/bulk', token: 't', buttons: [{ text: '批量修改', name: 'do', value: 'edit' }] }
    const chosen = component('data-table', 'appDataTable', { columns, rows, bulk })
    expect(tag(chosen, 'form')).toMatchObject({ method: 'post', action: '/assets/bulk' })
    expect(tag(chosen, 'input', 'value="51092300000002"')).toMatchObject({ type: 'checkbox', name: 'codes' })
    expect(chosen).not.toContain('<script>')
  })
})

describe('filterBar', () => {
  const fields = [
    { name: 'q', label: '关键字', kind: 'search', value: hostile },
    { name: 'usage', label: '状况', value: 'idle', items: [{ value: 'idle', label: '闲置' }] },
  ]
  const html = component('filter-bar', 'appFilterBar', { action: '/assets', fields, clearHref: '/assets' })

  test('is a plain GET form that htmx makes live', () => {
    expect(tag(html, 'form')).toMatchObject({
      method: 'get',
      action: '/assets',
      'hx-get': '/assets',
      'hx-trigger': 'settled, submit',
      'hx-target': '#results',
    })
  })

  test('keeps what was asked', () => {
    expect(tag(html, 'option', 'selected').value).toBe('idle')
    expect(html).not.toContain('<script>')
  })

  test('lists active conditions with a way to drop each', () => {
    const active = [{ label: '状况', value: hostile, href: '/assets?q=x' }]
    const chips = component('filter-bar', 'appActiveFilters', { active, clearHref: '/assets' })
    expect(tag(chips, 'a').href).toBe('/assets?q=x')
    expect(chips).not.toContain('<script>')
    expect(component('filter-bar', 'appActiveFilters', { active: [] }).trim()).toBe('')
  })
})

test('pager links back and forth, live only when told', () => {
  const html = component('pager', 'appPager', {
    text: '共 1,000+ 条',
    previous: null,
    next: '/assets?after=9',
    live: true,
  })
  expect(text(html)).toBe('共 1,000+ 条 上一页 下一页')
  expect(tag(html, 'a')).toMatchObject({ href: '/assets?after=9', rel: 'next', 'hx-target': '#results' })
  expect(component('pager', 'appPager', { text: '共 3 条' })).not.toContain('<a')
  expect(component('pager', 'appPager', { text: '', next: '/assets?after=9' })).not.toContain('hx-')
})
