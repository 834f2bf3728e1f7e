import { cardTypes } from './card-choices.ts'
import type { Column, Sheet, SheetRow } from './sheet.ts'
import { cardColumn, serialColumn } from './sheet.ts'

const detailColumns = [
  serialColumn,
  { key: 'town', header: '乡镇(街道)', kind: 'text', width: 8 },
  cardColumn('division', { header: '村(社区)', width: 7 }),
  cardColumn('originalUnit', { width: 7 }),
  cardColumn('code', { width: 15 }),
  cardColumn('name', { width: 12 }),
  cardColumn('track', { header: '资产属性(国有/集体)', width: 7 }),
  cardColumn('cardType', { width: 6 }),
  cardColumn('location', { width: 12 }),
  cardColumn('acquiredOn', { width: 9 }),
  cardColumn('structure', { width: 6 }),
  cardColumn('landArea', { width: 10 }),
  cardColumn('floorArea', { width: 10 }),
  cardColumn('quantity', { width: 5 }),
  cardColumn('unitOfMeasure', { width: 5 }),
  cardColumn('cost', { width: 14 }),
  cardColumn('depreciation', { width: 13 }),
  cardColumn('netValue', { width: 14 }),
  cardColumn('source', { width: 6 }),
  cardColumn('ownerUnit', { width: 10 }),
  cardColumn('titleKind', { width: 6 }),
  cardColumn('certificate', { width: 12 }),
  cardColumn('usingUnit', { width: 10 }),
  cardColumn('usage', { header: '使用状况(在用/出租/出借/闲置/待处置)', width: 9 }),
  cardColumn('idleArea', { width: 10 }),
  cardColumn('lessee', { group: '承租人及合同起止', width: 8 }),
  cardColumn('leaseTerm', { group: '承租人及合同起止', width: 12 }),
  cardColumn('annualRent', { width: 11 }),
  cardColumn('problem', { width: 10 }),
  cardColumn('remark', { width: 8 }),
] as const satisfies readonly Column[]

const summaryColumns = [
  { key: 'unit', header: '单位', kind: 'text', width: 26 },
  { key: 'cardType', header: '资产类别', kind: 'choice', choices: cardTypes, width: 14 },
  { key: 'count', header: '宗数', kind: 'integer', width: 9, sum: true },
  cardColumn('landArea', { width: 14 }),
  cardColumn('floorArea', { width: 14 }),
  cardColumn('idleArea', { width: 14 }),
  cardColumn('cost', { header: '原值(元)', width: 18 }),
  cardColumn('depreciation', { width: 18 }),
  cardColumn('netValue', { header: '净值(元)', width: 18 }),
  cardColumn('annualRent', { width: 15 }),
] as const satisfies readonly Column[]

/** A card as 镇村公有资产清理统计表 prints it; `serial` is counted by the writer. */
export type StatisticsDetailRow = Readonly<
  Record<Exclude<(typeof detailColumns)[number]['key'], 'serial'>, string | null>
>

/** Figures of one unit and one card type; `count` is the number of 宗. */
export type StatisticsSummaryRow = Readonly<Record<(typeof summaryColumns)[number]['key'], string | null>>

/** 镇村公有资产清理统计表: one line per asset. */
export const statisticsSheet: Sheet = {
  key: 'statistics',
  title: '镇村公有资产清理统计表',
  columns: detailColumns,
  unitLine: '单位：元、㎡',
  signatures: [
    { key: 'unit', label: '填报单位(盖章)' },
    { key: 'head', label: '单位负责人' },
    { key: 'reviewer', label: '审核人' },
    { key: 'preparer', label: '填表人' },
    { key: 'phone', label: '联系电话' },
    { key: 'date', label: '填报日期' },
  ],
  paper: 'A4',
  orientation: 'landscape',
}

/** The same figures rolled up by unit and card type. */
export const statisticsSummarySheet: Sheet = {
  key: 'statistics-summary',
  title: '镇村公有资产清理统计汇总表',
  columns: summaryColumns,
  unitLine: '单位：宗、元、㎡',
  signatures: statisticsSheet.signatures,
  paper: 'A4',
  orientation: 'landscape',
}

/** One section with its 小计 per unit, in the order in which the units first appear. */
export function summarySections(rows: readonly StatisticsSummaryRow[]): { rows: SheetRow[]; subtotal: string }[] {
  const units = new Map<string | null, SheetRow[]>()
  for (const row of rows) units.set(row.unit, [...(units.get(row.unit) ?? []), row])
  return [...units].map(([unit, unitRows]) => ({ rows: unitRows, subtotal: `${unit ?? ''}小计` }))
}
