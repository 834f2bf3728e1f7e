import { describe, expect, test } from 'vitest'
import { component, hostile, tag, text } from './render.ts'

describe('form', () => {
  const params = { action: '/assets', token: 'abc', version: 0, hidden: { batch: '7' } }

  test('works alone and swaps the page under htmx', () => {
    const form = tag(component('form', 'appForm', params, 'x'), 'form')
    expect(form).toMatchObject({ method: 'post', action: '/assets', novalidate: '' })
    expect(form).toMatchObject({ 'hx-post': '/assets', 'hx-target': 'main', 'hx-select': 'main' })
    expect(form).toMatchObject({
      'hx-swap': 'outerHTML show:top',
      'hx-push-url': 'true',
      'hx-disable': 'findAll button:enabled',
    })
  })

  test('carries token, version and hidden values', () => {
    const html = component('form', 'appForm', params, 'x')
    expect(tag(html, 'input', 'name="token"')).toMatchObject({ type: 'hidden', value: 'abc' })
    expect(tag(html, 'input', 'name="version"')).toMatchObject({ type: 'hidden', value: '0' })
    expect(tag(html, 'input', 'name="batch"')).toMatchObject({ type: 'hidden', value: '7' })
  })

  test('leaves uploads to the browser', () => {
    const form = tag(component('form', 'appForm', { action: '/imports', enctype: 'multipart/form-data' }, ''), 'form')
    expect(form.enctype).toBe('multipart/form-data')
    expect(form['hx-post']).toBeUndefined()
  })

  test('escapes its content', () => {
    expect(component('form', 'appForm', params, hostile)).not.toContain('<script>')
  })
})

describe('fieldInput', () => {
  test('ties label, hint and problem to the input', () => {
    const problems = [{ field: 'cost', text: '原值写成数字，例如 120000.00' }]
    const html = component('field-input', 'appFieldInput', {
      name: 'cost',
      label: '原值',
      kind: 'money',
      hint: '按账面填写',
      values: { cost: '十二万' },
      problems,
    })
    expect(tag(html, 'label').for).toBe('field-cost')
    expect(tag(html, 'input')).toMatchObject({
      id: 'field-cost',
      name: 'cost',
      value: '十二万',
      inputmode: 'decimal',
      'aria-invalid': 'true',
      'aria-describedby': 'hint-cost error-cost',
    })
    expect(tag(html, 'div', 'id="error-cost"')).toBeDefined()
    expect(text(html)).toContain('原值写成数字，例如 120000.00')
    expect(text(html)).toContain('元')
  })

  test.each([undefined, null])('shows a missing value (%s) as blank', (value) => {
    const html = component('field-input', 'appFieldInput', { name: 'cost', label: '原值', values: { cost: value } })
    expect(tag(html, 'input').value).toBe('')
  })

  test('keeps zero', () => {
    expect(tag(component('field-input', 'appFieldInput', { name: 'n', label: '层数', value: 0 }), 'input').value).toBe(
      '0',
    )
  })

  test.each(['text', 'textarea'])('escapes the value of a %s', (kind) => {
    const html = component('field-input', 'appFieldInput', {
      name: 'name',
      label: hostile,
      hint: hostile,
      kind,
      value: hostile,
    })
    expect(html).not.toContain('<script>')
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)')
  })
})

test('fieldSelect keeps the answer and offers a blank', () => {
  const items = [
    { value: 'idle', label: '闲置' },
    { value: 'in_use', label: hostile },
  ]
  const html = component('field-select', 'appFieldSelect', { name: 'usage', label: '使用状况', items, value: 'idle' })
  expect(tag(html, 'option', 'selected').value).toBe('idle')
  expect(html).toContain('<option value="">请选择</option>')
  expect(html).not.toContain('<script>')
})

test('fieldRadios checks the answer, and its first choice can be linked to', () => {
  const items = [
    { value: 'state', label: '国有' },
    { value: 'collective', label: '集体' },
  ]
  const html = component('field-radios', 'appFieldRadios', { name: 'track', label: '条线', items, value: 'collective' })
  expect(tag(html, 'input', 'id="field-track"').value).toBe('state')
  expect(tag(html, 'input', 'checked').value).toBe('collective')
})

test.each([
  { value: ['water', 'power'], checked: 2 },
  { value: ['power'], checked: 1 },
  { value: 'power', checked: 1 },
  { value: null, checked: 0 },
])('fieldChecks checks $value', ({ value, checked }) => {
  const items = [
    { value: 'water', label: '通水' },
    { value: 'power', label: '通电' },
    { value: 'pow', label: '其他' },
  ]
  const html = component('field-checks', 'appFieldChecks', { name: 'utilities', label: '配套', items, value })
  expect(html.match(/ checked/g) ?? []).toHaveLength(checked)
})

test('fieldFile and dropzone are plain file inputs', () => {
  const params = { name: 'file', label: '选择文件', hint: '支持 .xlsx', accept: '.xlsx,.xls' }
  for (const html of [component('field-file', 'appFieldFile', params), component('dropzone', 'appDropzone', params)]) {
    expect(tag(html, 'input')).toMatchObject({ type: 'file', name: 'file', id: 'field-file', accept: '.xlsx,.xls' })
  }
})

test('errorSummary links every problem to its field and takes the focus', () => {
  const problems = [
    { field: 'cost', text: '写明原值' },
    { field: '', text: hostile },
  ]
  const html = component('error-summary', 'appErrorSummary', { problems })
  expect(tag(html, 'div')).toMatchObject({ role: 'alert', tabindex: '-1', 'data-focus': '' })
  expect(html).toContain('<a href="#field-cost">写明原值</a>')
  expect(html).not.toContain('<script>')
})
