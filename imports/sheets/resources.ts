import { usages } from './card-choices.ts'
import { countSignatures } from './count-summary.ts'
import type { Column, Sheet } from './sheet.ts'
import { cardColumn, serialColumn, typeColumn } from './sheet.ts'

/** 资源性资产 by the classes of GB/T 21010 that the census of collective assets asks for, with the words people use. */
export const landClasses = [
  { group: '农用地', label: '耕地', words: ['耕地', '水田', '旱地', '水浇地'] },
  { group: '农用地', label: '园地', words: ['园地', '果园', '茶园'] },
  { group: '农用地', label: '林地', words: ['林地', '公益林', '乔木', '竹林', '灌木'] },
  { group: '农用地', label: '草地', words: ['草地', '牧草'] },
  {
    group: '农用地',
    label: '其他农用地',
    words: ['其他农用地', '坑塘', '堰塘', '山坪塘', '养殖', '农田水利', '设施农用地', '田坎', '沟渠'],
  },
  { group: '建设用地', label: '工矿仓储用地', words: ['工矿', '仓储', '工业用地', '采矿'] },
  { group: '建设用地', label: '商服用地', words: ['商服', '商业', '零售', '旅馆'] },
  { group: '建设用地', label: '农村宅基地', words: ['宅基地'] },
  {
    group: '建设用地',
    label: '公共管理与公共服务用地',
    words: ['公共管理', '公共服务', '机关团体', '教育用地', '医疗', '公园', '文化', '体育'],
  },
  {
    group: '建设用地',
    label: '交通运输和水利设施用地',
    words: ['交通', '公路', '道路', '水利设施', '水库', '水工'],
  },
  { group: '建设用地', label: '其他建设用地', words: ['其他建设用地', '建设用地'] },
  { group: '未利用地', label: '未利用地', words: ['未利用', '荒地', '荒草', '裸地', '沙地', '盐碱', '四荒', '滩涂'] },
] as const

export const unknownLand = '地类未填或未归类'

/** The class whose word stands earliest in the list; a card says it by its land use, or else by its name. */
export function landClassOf(landUse: string | null, name: string | null): string {
  for (const text of [landUse, name]) {
    const found = landClasses.find(({ words }) => words.some((word) => text?.includes(word)))
    if (found) return found.label
  }
  return unknownLand
}

/** 资源性资产清查登记表: the official columns were not found; these are a recommended layout. */
const columns: readonly Column[] = [
  serialColumn,
  { key: 'unit', header: '单位', kind: 'text', width: 14 },
  cardColumn('code', { width: 16 }),
  cardColumn('name', { width: 16 }),
  typeColumn('landUse', { width: 10 }),
  { key: 'landClass', header: '清查指标', kind: 'text', width: 11 },
  cardColumn('location', { header: '坐落', width: 12 }),
  ...(['boundaryEast', 'boundarySouth', 'boundaryWest', 'boundaryNorth'] as const).map((key) =>
    typeColumn(key, { group: '四至', width: 8 }),
  ),
  { key: 'lines', header: '宗数', kind: 'integer', width: 6, sum: true },
  { key: 'area', header: '账面面积(㎡)', kind: 'area', unit: '㎡', width: 13, sum: true },
  { key: 'countedArea', header: '清查面积(㎡)', kind: 'area', unit: '㎡', width: 13, sum: true },
  cardColumn('certificate', { header: '权证编号', width: 12 }),
  typeColumn('operation', { header: '经营方式', width: 9 }),
  { key: 'usage', header: '使用状况', kind: 'choice', choices: usages, width: 9 },
  cardColumn('lessee', { group: '承包(承租)情况', header: '承包人', width: 10 }),
  cardColumn('leaseTerm', { group: '承包(承租)情况', header: '合同起止', width: 11 }),
  cardColumn('annualRent', { group: '承包(承租)情况', header: '年租金(元)', width: 12 }),
  cardColumn('remark', { width: 10 }),
]

export const resourcesSheet: Sheet = {
  key: 'resources',
  title: '资源性资产清查登记表',
  columns,
  unitLine: '单位：宗、㎡、元',
  signatures: countSignatures,
  paper: 'A4',
  orientation: 'landscape',
}

export const resourcesSummarySheet: Sheet = {
  key: 'resources-summary',
  title: '资源性资产清查登记总表',
  columns: [
    { key: 'group', header: '大类', kind: 'text', width: 16 },
    { key: 'label', header: '指标', kind: 'text', width: 30 },
    { key: 'lines', header: '宗数', kind: 'integer', width: 10, sum: true },
    { key: 'area', header: '账面面积(㎡)', kind: 'area', unit: '㎡', width: 20, sum: true },
    { key: 'countedArea', header: '清查面积(㎡)', kind: 'area', unit: '㎡', width: 20, sum: true },
  ],
  unitLine: '单位：宗、㎡',
  signatures: countSignatures,
  paper: 'A4',
  orientation: 'landscape',
}
