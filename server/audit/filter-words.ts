import type { EventDetail } from '../../db/schema/kernel.ts'
import { cardTypes, natures, tracks, usages } from '../../imports/sheets/card-choices.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { type Choice, choiceLabel } from '../../imports/sheets/fields.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'
import { kinds } from './kinds.ts'

/** How the filters of lists and exports are called on their pages. */
const words: Readonly<Record<string, { label: string; choices?: readonly Choice[] }>> = {
  q: { label: '查找' },
  track: { label: '属性', choices: tracks },
  type: { label: '类别', choices: cardTypes },
  nature: { label: '性质', choices: natures },
  usage: { label: '使用状况', choices: usages },
  undetermined: { label: '待界定', choices: [{ value: '1', label: '是' }] },
  town: { label: '乡镇' },
  unit: { label: '单位' },
  asOf: { label: '时点' },
  since: { label: '从' },
  columns: {
    label: '栏目',
    choices: [...cardFields, ...allTypeFields].map(({ key, label }) => ({ value: key, label })),
  },
  day: { label: '时点' },
  sort: { label: '排序' },
  from: { label: '从' },
  to: { label: '到' },
  who: { label: '操作人' },
  kind: { label: '类别', choices: kinds.map(({ value, label }) => ({ value, label })) },
  result: {
    label: '结果',
    choices: [
      { value: 'done', label: '成功' },
      { value: 'failed', label: '失败' },
    ],
  },
}

/** What an export was narrowed to, as people read it; '' for an event that is no export. */
export function filterText({ filter }: EventDetail): string {
  if (typeof filter !== 'object' || filter === null) return ''
  const told = Object.entries(filter).flatMap(([key, value]) => {
    const { label = key, choices } = words[key] ?? {}
    const texts = Array.isArray(value) ? value.flatMap((text) => String(text).split(',')) : [value]
    const shown = texts.filter((text) => typeof text === 'string' && text !== '')
    return shown.length === 0 ? [] : [`${label}：${shown.map((text) => choiceLabel(choices, text)).join('、')}`]
  })
  return told.join('；') || '全部'
}
