import type { Field } from '../sheets/fields.ts'
import type { Header } from './header.ts'

/** Columns that tell of movements, plans, counts of losses or other matters: none of them is the card's. */
const moved =
  /本[月期年].{0,2}(?:增|减|变|新|处|折旧|计提|摊销)|^(?:增加|减少|增减|变动|变更|新增|盘盈|盘亏|待?报废|毁损)|差[额异]|期初|年初|上[年期月]|银行|现金|调整|底价|[拟估]|计划|预[计期]/
/** What was found on a count: the card's own figures are those in the books. */
const counted = /清查|核实|盘点|实盘|实存|核查/
/** Groups about leases, contracts, papers: their 名称, 面积, 金额 is not the asset's. */
const foreign =
  /承租|出租|出借|租赁|承包|发包|投资|经营(?!性)|占用|合同|供应|采购|招标|凭证|发票|证书|权证|债|对方|处置|保险|抵押|担保|维修|保养/
/** Groups of another time, step or party: 2023年, 登记, 施工单位. */
const other = /\d|[前后原]|登记|审[核批]|备案|对账|联系|项目|(?:单位|部门|人|户|方)$/

export function isMoved(groups: readonly Header[]): boolean {
  return groups.some((group) => moved.test(group.key))
}

/** How far the groups above a column let its own name be trusted. */
export type Trust = 'sure' | 'unsure' | 'never'

export function trustUnder(groups: readonly Header[], leaf: Header): Trust {
  // A name of two characters (名称, 面积, 编号) says only together with its group of what it is.
  if (groups.length === 0 || leaf.bare.length > 2 || /租|证/.test(leaf.bare)) return 'sure'
  if (groups.some((group) => foreign.test(group.key))) {
    return groups.some((group) => /资产|房|土地|标的|物业/.test(group.key)) ? 'unsure' : 'never'
  }
  return groups.some((group) => other.test(group.key)) ? 'unsure' : 'sure'
}

/** 清查数>原值 may differ from the books, 清查数>存放地点 cannot. */
export function isCounted(groups: readonly Header[], field: Field): boolean {
  return ['money', 'area', 'quantity'].includes(field.kind) && groups.some((group) => counted.test(group.key))
}
