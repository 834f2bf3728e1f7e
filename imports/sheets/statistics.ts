import { cardTypes } from './card-fields.ts'
import type { Column, Sheet, SheetRow } from './sheet.ts'
import { cardColumn, serialColumn } from './sheet.ts'

const detailColumns = [
  serialColumn,
  { key: 'town', header: '乡镇(街道)', kind: 'text', width: 8 },
  cardColumn('division', { header: '村(社区)', width: 8 }),
  cardColumn('originalUnit', { width: 8 }),
  cardColumn('code', { width: 15 }),
  cardColumn('name', { width: 14 }),
  cardColumn('track', { header: '资产属性(国有/集体)', width: 8 }),
  cardColumn('cardType', { width: 8 }),
  cardColumn('location', { width: 16 }),
  cardColumn('acquiredOn', { width: 9 }),
  cardColumn('structure', { width: 6 }),
  cardColumn('landArea', { width: 11 }),
  cardColumn('floorArea', { width: 11 }),
  cardColumn('quantity', { width: 6 }),
  cardColumn('unitOfMeasure', { width: 5 }),
  cardColumn('cost', { width: 15 }),
  cardColumn('depreciation', { width: 14 }),
  cardColumn('netValue', { width: 15 }),
  cardColumn('source', { width: 8 }),
  cardColumn('ownerUnit', { width: 12 }),
  cardColumn('titleKind', { width: 7 }),
  cardColumn('certificate', { width: 14 }),
  cardColumn('usingUnit', { width: 12 }),
  cardColumn('usage', { header: '使用状况(在用/出租/出借/闲置/待处置)', width: 9 }),
  cardColumn('idleArea', { width: 11 }),
  cardColumn('lessee', { group: '承租人及合同起止', width: 10 }),
  cardColumn('leaseTerm', { group: '承租人及合同起止', width: 11 }),
  cardColumn('annualRent', { width: 13 }),
  cardColumn('problem', { width: 12 }),
  cardColumn('remark', { width: 10 }),
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
