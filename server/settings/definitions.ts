import { policyDefinitions } from './policies.ts'

/** One thing that may be set: what it is, who sets it, and what holds until somebody does. */
export type SettingDefinition = {
  key: string
  label: string
  /** `policy`: the security administrator's; `county`: the approver's of each track. */
  kind: 'policy' | 'county'
  value:
    | { type: 'integer'; unit: string; min: number; max: number }
    | { type: 'choice'; choices: readonly { value: string; label: string }[] }
  default: string
  /** Set for each track by itself. */
  byTrack: boolean
  /** The law or practice behind the default, or that it is the county's to choose. */
  basis: string
}

/** Every setting; nothing is read that is not declared here. */
export const settingDefinitions = [
  {
    key: 'idleMonthsRealEstate',
    label: '房屋、土地停用满多久算闲置',
    kind: 'county',
    value: { type: 'integer', unit: '个月', min: 1, max: 60 },
    default: '6',
    byTrack: true,
    basis: '国家没有统一规定，可按本县办法调整。',
  },
  {
    key: 'idleMonthsMovable',
    label: '车辆、设备等停用满多久算闲置',
    kind: 'county',
    value: { type: 'integer', unit: '个月', min: 1, max: 60 },
    default: '3',
    byTrack: true,
    basis: '国家没有统一规定，可按本县办法调整。',
  },
  {
    key: 'contractYears',
    label: '合同、协议的扫描件保管满多少年',
    kind: 'county',
    value: { type: 'integer', unit: '年', min: 10, max: 100 },
    default: '30',
    byTrack: false,
    basis: '国家没有统一规定，参照会计凭证的 30 年，可按本县办法调整。',
  },
  {
    key: 'determinationReviewDays',
    label: '权属界定：牵头单位审核时限',
    kind: 'county',
    value: { type: 'integer', unit: '个工作日', min: 1, max: 120 },
    default: '10',
    byTrack: true,
    basis: '没有全国统一期限，可按本县规定调整。',
  },
  {
    key: 'determinationDecisionDays',
    label: '权属界定：县级界定时限',
    kind: 'county',
    value: { type: 'integer', unit: '个工作日', min: 1, max: 120 },
    default: '20',
    byTrack: true,
    basis: '没有全国统一期限，可按本县规定调整。',
  },
  {
    key: 'countCheckDays',
    label: '清查：审核单位清查结果的时限',
    kind: 'county',
    value: { type: 'integer', unit: '个工作日', min: 1, max: 60 },
    default: '5',
    byTrack: true,
    basis: '没有全国统一期限，可按本县规定调整。',
  },
  {
    key: 'countReturnDays',
    label: '清查：退回后重新提交的时限',
    kind: 'county',
    value: { type: 'integer', unit: '个工作日', min: 1, max: 60 },
    default: '5',
    byTrack: true,
    basis: '没有全国统一期限，可按本县规定调整。',
  },
  {
    key: 'countFileDays',
    label: '清查：县级备案汇总的时限',
    kind: 'county',
    value: { type: 'integer', unit: '个工作日', min: 1, max: 120 },
    default: '10',
    byTrack: true,
    basis: '没有全国统一期限，可按本县规定调整。',
  },
  {
    key: 'noticeDays',
    label: '公示期限',
    kind: 'county',
    value: { type: 'integer', unit: '天', min: 5, max: 60 },
    default: '7',
    byTrack: true,
    basis: '清产核资逐笔公示多为 7 天，法律没有统一规定，可按本县规定调整。',
  },
  ...policyDefinitions,
] as const satisfies readonly SettingDefinition[]

export type SettingKey = (typeof settingDefinitions)[number]['key']
