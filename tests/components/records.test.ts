import { describe, expect, test } from 'vitest'
import { component, env, hostile, tag, text } from './render.ts'

describe('stepForm', () => {
  const steps = [
    {
      key: 'approve',
      label: '同意',
      disabled: true,
      reasons: ['补传批复扫描件', { text: '公示未满', href: '/notices/3' }],
    },
    { key: 'return', label: '退回', comment: 'required', tone: 'danger' },
    { key: 'record', label: '代录', comment: 'none' },
  ]
  const html = component('step-form', 'appStepForm', { action: '/d/1/steps', token: 't', version: 2, steps })

  test('has one button per allowed step', () => {
    expect(tag(html, 'button', 'value="return"')).toMatchObject({ name: 'action', type: 'submit' })
    expect(tag(html, 'button', 'value="record"').disabled).toBeUndefined()
  })

  test('shows a blocked step disabled, with what is missing', () => {
    expect(tag(html, 'button', 'value="approve"')).toMatchObject({
      disabled: '',
      'aria-describedby': 'reasons-approve',
    })
    expect(tag(html, 'div', 'id="reasons-approve"')).toBeDefined()
    expect(text(html)).toContain('补传批复扫描件')
    expect(html).toContain('<a href="/notices/3">公示未满</a>')
  })

  test('asks for a comment and says which step needs it', () => {
    expect(tag(html, 'textarea').name).toBe('comment')
    expect(text(html)).toContain('“退回”时必须写明意见')
  })

  test('asks for no comment where no step takes one', () => {
    const plain = component('step-form', 'appStepForm', {
      action: '/d',
      steps: [{ key: 'a', label: '提交', comment: 'none' }],
    })
    expect(plain).not.toContain('<textarea')
  })

  test('says who must act when nothing can be done', () => {
    expect(
      text(component('step-form', 'appStepForm', { action: '/d', steps: [], waiting: '等待县财政局审定。' })),
    ).toContain('等待县财政局审定。')
  })

  test('escapes labels and reasons', () => {
    const nasty = [{ key: 'a', label: hostile, disabled: true, reasons: [hostile, { text: hostile }] }]
    expect(component('step-form', 'appStepForm', { action: '/d', steps: nasty })).not.toContain('<script>')
  })
})

test('steps marks where the document stands', () => {
  const items = [
    { label: '起草', state: 'done', note: hostile },
    { label: '审定', state: 'current' },
    { label: '生效', state: 'upcoming' },
  ]
  const html = component('steps', 'appSteps', { items })
  expect(tag(html, 'li', 'aria-current').class).toContain('is-current')
  expect(html.match(/aria-current/g)).toHaveLength(1)
  expect(html).not.toContain('<script>')
})

test('timeline tells what changed from what to what, in the time of the county', () => {
  const details = [{ label: '面积', old: null, new: '860.00' }]
  const events = [
    {
      at: new Date('2026-11-05T01:20:00Z'),
      who: '李主任',
      unit: '财政办',
      sentence: hostile,
      comment: hostile,
      details,
    },
  ]
  const html = component('timeline', 'appTimeline', { events })
  expect(text(html)).toContain('面积 空 → 860.00')
  expect(text(html)).toContain('李主任 · 财政办 · 2026-11-05 09:20')
  expect(html).not.toContain('<script>')
  expect(text(component('timeline', 'appTimeline', { events: [] }))).toBe('还没有办理记录。')
})

test('summaryList dashes what is not known and keeps units to known values', () => {
  const rows = [
    { label: '原值', value: '1,204,500.00', unit: '元' },
    { label: '净值', value: null, unit: '元' },
    { label: '备注', value: hostile, href: 'javascript:alert(1)' },
  ]
  const html = component('summary-list', 'appSummaryList', { rows })
  expect(text(html)).toContain('原值 1,204,500.00 元 净值 — 备注')
  expect(html).not.toContain('<script>')
  expect(html).not.toContain('javascript:')
})

test('summaryList dashes a macro that printed nothing', () => {
  const html = env.renderString(
    `{% from "components/summary-list/macro.njk" import appSummaryList %}
    {% macro nothing() %} {% endmacro %}{% macro something() %}<b>860.00</b>{% endmacro %}
    {{ appSummaryList({ rows: [{ label: '面积', value: nothing(), unit: '㎡' }, { label: '地', value: something(), unit: '㎡' }] }) }}`,
    {},
  )
  expect(text(html)).toBe('面积 — 地 860.00 ㎡')
  expect(html).toContain('<b>860.00</b>')
})

test('differences sets what was, what is and what was typed side by side', () => {
  const rows = [{ field: '原值', old: '1.00', new: '2.00', yours: hostile, clash: true }]
  const html = component('differences', 'appDifferences', { rows })
  expect(text(html)).toContain('原值 1.00 2.00')
  expect(html).not.toContain('<script>')
})

test('progress polls only when told to', () => {
  const still = tag(component('progress', 'appProgress', { label: '检查', value: 3, max: 10 }), 'progress')
  expect(still).toMatchObject({ value: '3', max: '10', 'aria-label': '检查' })
  const polled = tag(component('progress', 'appProgress', { label: '检查', poll: '/imports/1' }), 'div')
  expect(polled).toMatchObject({ 'hx-get': '/imports/1', 'hx-trigger': 'every 2s', 'hx-select': 'main' })
})

test.each([
  ['badge', 'appBadge', { text: hostile }],
  ['button', 'appButton', { text: hostile, name: 'a', value: hostile }],
  ['flash', 'appFlash', { text: hostile, link: { href: '/', text: hostile } }],
  [
    'page-header',
    'appPageHeader',
    { title: hostile, subtitle: hostile, breadcrumbs: [{ text: hostile }], badges: [{ text: hostile }] },
  ],
  ['empty-state', 'appEmptyState', { title: hostile, text: hostile, action: { text: hostile, href: '/' } }],
  ['tabs', 'appTabs', { items: [{ label: hostile, href: '/', count: 0 }] }],
  ['stat-tiles', 'appStatTiles', { items: [{ label: hostile, value: hostile, note: hostile }] }],
  ['pager', 'appPager', { text: hostile, next: '/assets?after=1' }],
  ['details-box', 'appDetailsBox', { summary: hostile, text: hostile }],
  ['progress', 'appProgress', { label: hostile, note: hostile }],
])('%s prints data as data', (folder, macro, params) => {
  const html = component(folder, macro, params)
  expect(html).not.toContain('<script>')
  expect(html).toContain('&lt;script&gt;')
})
