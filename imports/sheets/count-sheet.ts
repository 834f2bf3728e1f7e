import { cardTypes, usages } from './card-choices.ts'
import type { Choice } from './fields.ts'
import type { Column, Sheet } from './sheet.ts'
import { cardColumn, serialColumn } from './sheet.ts'

/** What may be found on the spot; what waits for disposal or is gone the count says itself. */
export const foundUsages = usages.filter(({ value }) =>
  ['in_use', 'leased', 'lent', 'invested', 'idle'].includes(value),
)

/** What a surplus is valued by, in the order in which it must be tried (政府会计准则第3号 §9, §11). */
export const valueBases: readonly Choice[] = [
  { value: 'papers', label: '有关凭据', synonyms: ['凭据', '发票'] },
  { value: 'appraisal', label: '评估值', synonyms: ['评估', '评估价'] },
  { value: 'replacement', label: '重置成本', synonyms: ['重置'] },
  { value: 'nominal', label: '名义金额（1 元）', synonyms: ['名义金额', '1元'] },
]

const counted = { group: '清查结果' } as const
const surplus = { group: '盘盈资产另填' } as const

// No official header of the 盘点单 was found: this layout is a recommended one.
const columns = [
  { ...serialColumn, width: 4 },
  { key: 'no', header: '行号', kind: 'integer', width: 5, hint: '对应清查单的行，请勿改动；盘盈资产不填。' },
  cardColumn('code', { width: 15, hint: '请勿改动；盘盈资产不填。' }),
  cardColumn('name', { width: 16 }),
  { ...cardColumn('cardType', { width: 6, header: '类别' }), choices: cardTypes },
  { ...cardColumn('specification', { width: 10, header: '规格型号/结构' }), synonyms: ['规格型号', '结构'] },
  cardColumn('unitOfMeasure', { width: 5 }),
  cardColumn('location', { width: 14, header: '坐落/存放地点' }),
  { key: 'bookQuantity', header: '账面数量', kind: 'quantity', width: 7, hint: '账面没有数量的按 1 计，请勿改动。' },
  { key: 'bookCost', header: '账面原值(元)', kind: 'money', unit: '元', width: 12, hint: '请勿改动。' },
  {
    ...{ key: 'counted', header: '清查数量', kind: 'quantity', width: 7, ...counted },
    hint: '实际有多少填多少，没有的填 0；不能多于账面数量，多出的另起一行填盘盈。未盘点的留空。',
  },
  { key: 'missing', header: '盘亏数量', kind: 'quantity', width: 7, ...counted, hint: '账面数量减清查数量。' },
  {
    ...{ key: 'missingReason', header: '盘亏原因', kind: 'text', width: 10, ...counted, byHand: true },
    ...{ suggests: ['被盗', '毁损灭失', '早已拆除', '重复入账', '已移交未销账'], hint: '有盘亏的必填，可选可写。' },
  },
  { key: 'scrap', header: '待报废数量', kind: 'quantity', width: 7, ...counted, hint: '清查数量中待报废的。' },
  {
    ...{ key: 'scrapReason', header: '待报废原因', kind: 'text', width: 10, ...counted, byHand: true },
    ...{
      suggests: ['达到使用年限且不能修复', '损坏不能修复', '技术淘汰', 'D级危房'],
      hint: '有待报废的必填，可选可写。',
    },
  },
  { key: 'undetermined', header: '待界定数量', kind: 'quantity', width: 7, ...counted, hint: '清查数量中权属不清的。' },
  {
    ...{ key: 'undeterminedReason', header: '待界定原因', kind: 'text', width: 10, ...counted, byHand: true },
    ...{ suggests: ['权属有争议', '来源不清', '产权资料缺失'], hint: '有待界定的必填，可选可写。' },
  },
  {
    ...{ key: 'usage', header: '使用状况', kind: 'choice', choices: foundUsages, width: 7, ...counted, byHand: true },
    hint: '现在的使用状况。',
  },
  {
    ...{ key: 'newLocation', header: '坐落(变更)', kind: 'text', width: 10, ...counted },
    hint: '与坐落/存放地点不同的才填。',
  },
  { key: 'keeper', header: '保管人', kind: 'text', width: 7, ...counted },
  { key: 'remark', header: '备注', kind: 'longText', width: 8, ...counted },
  { key: 'foundOn', header: '发现日期', kind: 'date', width: 9, ...surplus },
  { key: 'valueBasis', header: '计价依据', kind: 'choice', choices: valueBases, width: 9, ...surplus },
  {
    ...{ key: 'cost', header: '计价金额(元)', kind: 'money', unit: '元', width: 10, ...surplus },
    hint: '依次按凭据、评估值、重置成本；都没有的填 1。',
  },
  {
    ...{ key: 'valueNote', header: '计价说明', kind: 'text', width: 10, ...surplus },
    hint: '凭据名称编号，或没有凭据、评估值的原因。',
  },
  {
    ...{ key: 'explanation', header: '盘盈说明', kind: 'longText', width: 12, ...surplus },
    hint: '怎样发现、为什么没有入账。',
  },
  { key: 'version', header: '行版本', kind: 'integer', width: 6, hint: '看下载之后有没有别人盘点过，请勿改动。' },
] as const satisfies readonly Column[]

export type CountSheetColumn = Exclude<(typeof columns)[number]['key'], 'serial'>

/** A line as the 盘点单 prints it: the count side is there where it was counted already. */
export type CountSheetRow = Readonly<Record<CountSheetColumn, string | null>>

/** 盘点单: what a unit takes along and fills in; surplus goes into the empty rows at its end. */
export const countSheet: Sheet = {
  key: 'count-sheet',
  title: '资产盘点单',
  columns,
  unitLine: '单位：元',
  signatures: [
    { key: 'unit', label: '清查单位(盖章)' },
    { key: 'head', label: '单位负责人' },
    { key: 'counter', label: '盘点人' },
    { key: 'watcher', label: '监盘人' },
    { key: 'date', label: '盘点日期' },
  ],
  paper: 'A4',
  orientation: 'landscape',
}

/** Which count a 盘点单 is of, and as of which version of it. */
export type CountSheetHead = { no: string; call: string; unit: string; baseOn: string; version: number }

/** The line under the title, by which an import knows what it reads. */
export function countSheetHead({ no, call, unit, baseOn, version }: CountSheetHead): string {
  return `清查单号：${no}    清查通知：${call}    单位：${unit}    基准日：${baseOn}    版本：${version}`
}

/** Reads that line again, also when a program has changed its blanks and colons; null for any other text. */
export function readCountSheetHead(text: string): CountSheetHead | null {
  const plain = text.replaceAll('\u3000', ' ').replaceAll(/\s+/g, ' ').trim()
  const [, no, call, unit, baseOn, version] = head.exec(plain) ?? []
  if (!no || !call || !unit || !baseOn || !version) return null
  return { no, call, unit, baseOn, version: Number(version) }
}

const head =
  /清查单号\s?[：:]\s?(PD\d{4}-\d{4,}) 清查通知\s?[：:]\s?(QC\d{4}-\d{4,}) 单位\s?[：:]\s?(.+?) 基准日\s?[：:]\s?(\d{4}-\d{2}-\d{2}) 版本\s?[：:]\s?(\d{1,9})(?!\d)/
