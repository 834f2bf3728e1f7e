import { describe, expect, it } from 'vitest'
import { type FormField, readForm } from '../../server/kernel/forms.ts'

const choices = [{ value: 'state', label: '国有' }]

function read(field: Omit<FormField, 'key' | 'label'>, text: string | undefined) {
  const { values, problems } = readForm([{ key: 'it', label: '栏目', ...field }], { it: text })
  return problems[0]?.text ?? values.it
}

describe('one field', () => {
  it.each<[Omit<FormField, 'key' | 'label'>, string, string]>([
    [{ kind: 'text' }, '  办公楼 ', '办公楼'],
    [{ kind: 'longText' }, '第一行\n第二行', '第一行\n第二行'],
    [{ kind: 'money', unit: '元' }, '1,200', '1200.00'],
    [{ kind: 'area', unit: '㎡' }, '80.5', '80.50'],
    [{ kind: 'quantity' }, '2.125', '2.125'],
    [{ kind: 'integer' }, '12', '12'],
    [{ kind: 'date' }, '2018年3月', '2018-03'],
    [{ kind: 'day' }, '2018.3.5', '2018-03-05'],
    [{ kind: 'choice', choices }, 'state', 'state'],
    [{ kind: 'unit' }, '古井村（510923100210J01）', '古井村（510923100210J01）'],
    [{ kind: 'division' }, '古井村', '古井村'],
    [{ kind: 'password' }, 'Abc 123', 'Abc 123'],
    [{ kind: 'text', max: 2 }, '𠮷田', '𠮷田'],
  ])('%o reads %s', (field, text, value) => {
    expect(read(field, text)).toBe(value)
  })

  it.each<[Omit<FormField, 'key' | 'label'>, string, string]>([
    [{ kind: 'money', unit: '元' }, '约三万', '栏目不是数字，请只写数字（单位：元），如 1234.5。'],
    [{ kind: 'money', unit: '元' }, '3万元', '栏目不是数字，请只写数字（单位：元），如 1234.5。'],
    [{ kind: 'area', unit: '㎡' }, '2亩', '栏目不是数字，请只写数字（单位：㎡），如 1234.5。'],
    [{ kind: 'money' }, '1.005', '栏目最多保留 2 位小数。'],
    [{ kind: 'quantity' }, '1.0005', '栏目最多保留 3 位小数。'],
    [{ kind: 'integer' }, '1.5', '栏目要写整数。'],
    [{ kind: 'money' }, '-1', '栏目不能小于 0。'],
    [{ kind: 'money' }, '99999999999999999', '栏目的数太大，请核对位数和单位。'],
    [{ kind: 'quantity' }, '-９,999,999,999,999,999', '栏目的数太大，请核对位数和单位。'],
    [{ kind: 'area' }, '1e9', '栏目不是数字，请只写数字，如 1234.5。'],
    [{ kind: 'date' }, '去年', '栏目写不成日期，请写成 2018、2018-3 或 2018-3-31。'],
    [{ kind: 'day' }, '2021年8月', '栏目要写到日，如 2021-08-19。'],
    [{ kind: 'day' }, '2021-02-30', '栏目要写到日，如 2021-08-19。'],
    [{ kind: 'choice', choices }, '国有', '请从列表中选择栏目。'],
    [{ kind: 'choice' }, 'state', '请从列表中选择栏目。'],
    [{ kind: 'text', max: 3 }, '办公大楼', '栏目最多 3 个字，现在有 4 个。'],
    [{ kind: 'text' }, '字'.repeat(201), '栏目最多 200 个字，现在有 201 个。'],
    [{ kind: 'text' }, '办\u0000公', '栏目里有无法保存的字符，请重新输入。'],
    [{ kind: 'money' }, '1\u00002', '栏目里有无法保存的字符，请重新输入。'],
  ])('%o refuses %s: %s', (field, text, sentence) => {
    expect(read(field, text)).toBe(sentence)
  })

  it.each(['text', 'money', 'date', 'choice', 'unit'] as const)('a blank %s is unknown, not nought', (kind) => {
    for (const text of ['', '   ', undefined]) expect(read({ kind }, text)).toBeNull()
  })

  it('a required one asks for itself in the words of its kind', () => {
    expect(read({ kind: 'text', required: true }, ' ')).toBe('请填写栏目。')
    expect(read({ kind: 'choice', choices, required: true }, undefined)).toBe('请选择栏目。')
  })
})

it('a form tells all its problems at once and takes nothing that it does not declare', () => {
  const fields: FormField[] = [
    { key: 'name', label: '名称', kind: 'text', required: true },
    { key: 'cost', label: '原值', kind: 'money' },
    { key: 'area', label: '面积', kind: 'area' },
  ]
  const { values, problems } = readForm(fields, { cost: 'x', area: '5', voided: 'true' })
  expect(problems.map(({ field }) => field)).toEqual(['name', 'cost'])
  expect(values).toEqual({ name: null, area: '5.00' })
})
