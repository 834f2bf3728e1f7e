import { cardTypes } from '../imports/sheets/card-choices.ts'
import { cardFields } from '../imports/sheets/card-fields.ts'
import { cardsSheet } from '../imports/sheets/cards.ts'
import { balanceSheet, changesSheet } from '../imports/sheets/changes.ts'
import type { Choice, Field, FieldKind } from '../imports/sheets/fields.ts'
import { registerSheet } from '../imports/sheets/register.ts'
import { headingsOf, type Sheet } from '../imports/sheets/sheet.ts'
import { statisticsSheet, statisticsSummarySheet } from '../imports/sheets/statistics.ts'
import { stockSheet } from '../imports/sheets/stock.ts'
import { allTypeFields, bookFields, fieldsOfType } from '../imports/sheets/type-fields.ts'
import { villageStatusSheet } from '../imports/sheets/village-status.ts'
import { page, table } from './markdown.ts'

const kinds: Record<FieldKind, string> = {
  text: '文字',
  longText: '文字',
  money: '金额，两位小数',
  area: '面积，两位小数',
  quantity: '数字，最多三位小数',
  integer: '整数',
  date: '日期，可以只有年或年月',
  choice: '选一项',
  unit: '单位全称或编码',
  division: '村(社区)名称或 12 位区划代码',
}

const sheets: readonly Sheet[] = [
  registerSheet(),
  statisticsSheet,
  statisticsSummarySheet,
  villageStatusSheet,
  cardsSheet,
  stockSheet([], ['inUse', 'let', 'idle', 'awaiting']),
  balanceSheet,
  changesSheet,
]

/** The manual's list of fields: what each holds, and which headers of other tables an import takes for it. */
export function fieldsPage(): string {
  return page('栏目一览', '栏目定义', [
    '资产卡片有哪些栏目、填什么，导入时哪些表头会认成它。“请您确认”的叫法在不同的表里指不同的内容，导入时先按它读，再请您确认。表头的全角半角、空格、括号里的单位不影响。',
    '## 每张卡片都有的栏目',
    fieldTable(cardFields),
    ...cardTypes.flatMap(({ value, label }) => {
      const fields = fieldsOfType(value)
      return fields.length === 0 ? [] : [`## ${label}另有的栏目`, fieldTable(fields)]
    }),
    '## 财务入账的栏目',
    fieldTable(bookFields),
    '## 选项还认得的写法',
    table(['栏目', '选项', '也认得'], [...cardFields, ...allTypeFields].flatMap(choiceRows)),
    '## 官方表格的栏目',
    table(['表', '标识', '栏目'], sheets.map(sheetRow)),
  ])
}

function fieldTable(fields: readonly Field[]): string {
  const rows = fields.map((field) => [
    field.label,
    kindOf(field),
    field.unit ?? '',
    (field.choices ?? []).map(({ label }) => label).join('、'),
    (field.synonyms ?? []).join('、'),
    (field.maybe ?? []).join('、'),
  ])
  return table(['栏目', '填什么', '单位', '选项', '也认得的表头', '请您确认的表头'], rows)
}

function kindOf({ kind, max }: Field): string {
  return max === undefined ? kinds[kind] : `${kinds[kind]}，最多 ${max} 字`
}

function choiceRows({ label, choices = [] }: { label: string; choices?: readonly Choice[] }): string[][] {
  return choices.flatMap((choice) => (choice.synonyms ? [[label, choice.label, choice.synonyms.join('、')]] : []))
}

function sheetRow({ key, title, columns }: Sheet): string[] {
  return [title, `\`${key}\``, columns.map((column) => headingsOf(column).join('/')).join('、')]
}
