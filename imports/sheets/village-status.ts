import type { Column, Sheet } from './sheet.ts'
import { cardColumn, serialColumn } from './sheet.ts'

const columns = [
  serialColumn,
  cardColumn('division', { header: '村别', width: 14 }),
  cardColumn('name', { width: 24 }),
  tick('nature', '资产类型', '经营性资产', 'operating'),
  tick('nature', '资产类型', '非经营性资产', 'non_operating'),
  tick('nature', '资产类型', '资源性资产', 'resource'),
  tick('usage', '现状', '使用', 'in_use'),
  tick('usage', '现状', '出租', 'leased'),
  tick('usage', '现状', '闲置', 'idle'),
  { key: 'area', header: '面积(㎡)', kind: 'area', unit: '㎡', width: 13, sum: true },
  cardColumn('leaseTerm', { header: '合同起止时间', width: 22 }),
  cardColumn('remark', { width: 20 }),
  // Beyond the official columns: by it a row is found again.
  cardColumn('code', { width: 16 }),
] as const satisfies readonly Column[]

/** A village's asset; `area` is whichever of its areas describes it, and a usage without a column of its own ticks none. */
export type VillageStatusRow = Readonly<Record<Exclude<(typeof columns)[number]['key'], 'serial'>, string | null>>

/** 村资产现状表. */
export const villageStatusSheet: Sheet = {
  key: 'village-status',
  title: '村资产现状表',
  columns,
  unitLine: '单位：㎡',
  signatures: [
    { key: 'unit', label: '乡镇(街道)/村(社区)(盖章)' },
    { key: 'team', label: '村清理小组成员(签字)' },
    { key: 'head', label: '负责人(签字)' },
    { key: 'date', label: '清理时间' },
  ],
  paper: 'A4',
  orientation: 'landscape',
}

function tick<Key extends 'nature' | 'usage'>(key: Key, group: string, header: string, ticks: string) {
  return { key, field: key, kind: 'tick', group, header, ticks, width: 9 } as const
}
