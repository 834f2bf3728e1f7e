import type { Track } from '../../../server/kernel/actor.ts'

/** Days before today on which a unit did something; what is not told has not happened. */
export type Story = {
  unit: string
  keeper: string
  /** How many of its lines are counted, of a hundred. */
  counted?: number
  countedAgo?: number
  submitted?: number
  returned?: number
  checked?: number
  posted?: number
  confirmed?: number
  nothing?: true
}

export type Told = {
  account: string
  issuer: string
  checker: string
  approver: string
  track: Track
  title: string
  issuedAgo: number
  baseAgo: number
  dueAgo: number
  stories: readonly Story[]
  /** Units in each compilation, and how far it is. */
  compiled: readonly { units: readonly string[]; submitted: number; filed?: number }[]
}

export const calls: readonly Told[] = [
  {
    ...{ account: 'caizheng', issuer: '蓬莱镇财政办', checker: 'caizheng', approver: 'xiancaizheng', track: 'state' },
    ...{ title: '镇属国有资产清查（演示）', baseAgo: 62, issuedAgo: 60, dueAgo: 12 },
    stories: [
      { unit: '蓬莱镇朝阳总支', keeper: 'penglai', counted: 100, countedAgo: 50, submitted: 48, checked: 45 },
      { unit: '蓬莱镇卫健办', keeper: 'penglai', counted: 100, countedAgo: 40, submitted: 36, checked: 33 },
      { unit: '蓬莱镇经济发展办', keeper: 'penglai', counted: 100, countedAgo: 30, submitted: 22, returned: 18 },
      { unit: '蓬莱镇高峰总支', keeper: 'penglai', counted: 100, countedAgo: 9, submitted: 4 },
      { unit: '蓬莱镇通仙总支', keeper: 'penglai', counted: 50, countedAgo: 15 },
      { unit: '蓬莱镇中心学校', keeper: 'xuexiao' },
      { unit: '蓬莱镇派出所', keeper: 'penglai' },
    ],
    compiled: [
      { units: ['蓬莱镇朝阳总支'], submitted: 40, filed: 34 },
      { units: ['蓬莱镇卫健办'], submitted: 6 },
    ],
  },
  {
    ...{ account: 'nongye', issuer: '蓬莱镇农业综合服务中心', checker: 'nongye', approver: 'xiannongye' },
    ...{ track: 'collective', title: '村集体资产清查（演示）', baseAgo: 72, issuedAgo: 70, dueAgo: -10 },
    stories: [
      {
        ...{ unit: '水井村股份经济合作联合社', keeper: 'penglai', counted: 100, countedAgo: 65, submitted: 62 },
        ...{ checked: 60, posted: 55, confirmed: 40 },
      },
      {
        unit: '高峰社区股份经济合作联合社',
        keeper: 'penglai',
        counted: 100,
        countedAgo: 20,
        submitted: 14,
        checked: 10,
        posted: 3,
      },
      { unit: '洋溪沟村股份经济合作联合社', keeper: 'penglai', counted: 100, countedAgo: 8, submitted: 2 },
      { unit: '红林村股份经济合作联合社', keeper: 'honglin', counted: 40, countedAgo: 3 },
      { unit: '古井村股份经济合作联合社', keeper: 'gujing' },
      { unit: '火井村股份经济合作联合社', keeper: 'huojing', nothing: true, countedAgo: 5 },
    ],
    compiled: [{ units: ['水井村股份经济合作联合社'], submitted: 36, filed: 30 }],
  },
]
