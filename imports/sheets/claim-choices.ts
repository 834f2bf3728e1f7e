import type { Choice } from './fields.ts'

/** 债权、债务: whether the collective is owed or owes. */
export const claimKinds: readonly Choice[] = [
  { value: 'claim', label: '债权', synonyms: ['债权类', '应收'] },
  { value: 'debt', label: '债务', synonyms: ['债务类', '负债', '应付'] },
]

export type ClaimKind = 'claim' | 'debt'

/** 科目类别 after the forms of the census of collective assets (农清明细 03, 11 to 15); which form counts it is `form`. */
export const claimCategories: readonly (Choice & { kind: ClaimKind; form: string })[] = [
  {
    ...{ value: 'receivable', label: '应收款项', kind: 'claim', form: '03' },
    synonyms: ['应收款', '应收账款', '其他应收款', '内部往来（应收）', '内部往来(应收)', '暂付款', '预付款', '借出款'],
  },
  { value: 'other_claim', label: '其他债权', kind: 'claim', form: '03' },
  {
    ...{ value: 'short_loan', label: '短期借款', kind: 'debt', form: '11-1' },
    synonyms: ['短期贷款', '借款'],
  },
  {
    ...{ value: 'payable', label: '应付款项', kind: 'debt', form: '11-2' },
    synonyms: ['应付款', '应付账款', '其他应付款', '内部往来（应付）', '内部往来(应付)', '暂收款', '预收款', '押金'],
  },
  {
    ...{ value: 'long_loan', label: '长期借款及应付款', kind: 'debt', form: '11-3' },
    synonyms: ['长期借款', '长期应付款', '长期贷款', '长期借款及应付款项'],
  },
  { value: 'wages', label: '应付工资', kind: 'debt', form: '12', synonyms: ['应付职工薪酬', '应付报酬', '应付劳务费'] },
  { value: 'welfare', label: '应付福利费', kind: 'debt', form: '13' },
  {
    ...{ value: 'village_levy', label: '一事一议资金', kind: 'debt', form: '14' },
    synonyms: ['一事一议', '一事一议筹资'],
  },
  { value: 'earmarked', label: '专项应付款', kind: 'debt', form: '15', synonyms: ['专项资金', '专项应付'] },
  { value: 'other_debt', label: '其他债务', kind: 'debt', form: '11-2' },
]

/** Where nothing but the kind is said. */
export const unsortedCategory: Record<ClaimKind, string> = { claim: 'other_claim', debt: 'other_debt' }

export function kindOfCategory(category: string): ClaimKind {
  return claimCategories.find(({ value }) => value === category)?.kind ?? 'claim'
}
