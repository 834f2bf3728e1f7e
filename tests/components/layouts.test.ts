import { describe, expect, test } from 'vitest'
import { env, hostile, tag, text } from './render.ts'

const frame = {
  county: { name: '大英县' },
  person: { name: '张会计', unit: '蓬莱镇财政办', role: '牵头' },
  nav: [
    { label: '工作台', href: '/', icon: 'layout-dashboard' },
    { label: '资产台账', href: '/assets', icon: 'table', current: true },
    { label: '移交', href: '/transfers', icon: 'arrows-exchange', soon: true },
  ],
}
const page = `{% extends layout or "layouts/page.njk" %}
{% from "components/badge/macro.njk" import appBadge %}
{% block title %}资产台账{% endblock %}
{% block content %}<h1>资产台账</h1><div id="results">{% block results %}{{ appBadge({ text: name }) }}{% endblock %}</div>{% endblock %}`

describe('page', () => {
  test('has language, title, landmarks and the signed-in person', () => {
    const html = env.renderString(page, { ...frame, name: '闲置' })
    expect(tag(html, 'html').lang).toBe('zh-CN')
    expect(html).toContain('<title>资产台账 - 镇村公有资产管理</title>')
    expect(tag(html, 'main').id).toBe('main')
    expect(text(html)).toContain('张会计 蓬莱镇财政办 · 牵头')
    expect(tag(html, 'form', '/sign-out')).toMatchObject({ method: 'post' })
  })

  test('marks the current place and does not link what is not there yet', () => {
    const html = env.renderString(page, { ...frame, name: '闲置' })
    expect(tag(html, 'a', 'aria-current').href).toBe('/assets')
    expect(html).not.toContain('href="/transfers"')
  })

  test('says in the title that something is wrong, and then shows no flash', () => {
    const problems = [{ field: 'name', text: '写明资产名称' }]
    const html = env.renderString(page, { ...frame, name: '', problems, flash: { text: '已保存。' } })
    expect(html).toContain('<title>错误:资产台账')
    expect(html).toContain('href="#field-name"')
    expect(html).not.toContain('已保存。')
  })

  test('shows one flash before the heading', () => {
    const html = env.renderString(page, { ...frame, name: '', flash: { text: '已保存。' } })
    expect(html.indexOf('已保存。')).toBeGreaterThan(html.indexOf('<main'))
    expect(html.indexOf('已保存。')).toBeLessThan(html.indexOf('<h1'))
  })

  test('loads scripts and styles only from our own address', () => {
    const html = env.renderString(page, { ...frame, name: '' })
    for (const [, address] of html.matchAll(/<(?:script|link)[^>]*(?:src|href)="([^"]*)"/g))
      expect(address).toMatch(/^\/static\//)
    for (const [whole] of html.matchAll(/<script[^>]*>/g)) expect(whole).toContain(' defer')
  })

  test('prints names as data', () => {
    const person = { name: hostile, unit: hostile, role: hostile }
    expect(env.renderString(page, { ...frame, person, county: hostile, name: hostile })).not.toContain('<script>')
  })
})

test('a fragment is the results block and nothing else', () => {
  const html = env.renderString(page, { layout: 'layouts/fragment.njk', name: '闲置' })
  expect(html.trim()).toBe('<span class="app-badge app-badge-neutral">闲置</span>')
})

describe('error pages', () => {
  test.each(['not-found', 'forbidden', 'refused', 'stale', 'broken', 'signed-out'])(
    '%s renders with and without a person',
    (name) => {
      for (const context of [frame, {}, { layout: 'layouts/fragment.njk' }]) {
        const html = env.render(`errors/${name}.njk`, context)
        expect(html).toMatch(/<h1/)
        expect(text(html)).not.toMatch(/抱歉|非法|无效/)
      }
    },
  )

  test('refused says why, once, in a page as in a part of one', () => {
    const problems = [{ field: null, text: '先补传批复扫描件。' }]
    for (const context of [frame, {}, { layout: 'layouts/fragment.njk' }]) {
      const html = env.render('errors/refused.njk', { ...context, problems })
      expect(html.match(/先补传批复扫描件。/g)).toHaveLength(1)
    }
  })

  test('broken shows the number of the request', () => {
    expect(env.render('errors/broken.njk', { requestId: 'req-8f2a' })).toContain('<code>req-8f2a</code>')
  })

  test('stale shows the differences and leads back', () => {
    const differences = [{ field: '原值', old: '1.00', new: '2.00', yours: '3.00' }]
    const html = env.render('errors/stale.njk', { ...frame, differences, back: '/assets/1' })
    expect(text(html)).toContain('原值 1.00 2.00 3.00')
    expect(html).toContain('href="/assets/1"')
  })
})
