import { enterClaim } from '../../../server/claims/actions.ts'
import type { ClaimValues } from '../../../server/claims/claim.ts'
import { addDays } from '../../../server/records/calendar.ts'
import type { Stage } from './stage.ts'

type Owed = readonly [category: string, counterparty: string, amount: string, occurredOn: string, purpose: string]

/** Everything about them is made up. */
const collectives: readonly { unit: string; keeper: string; owed: readonly Owed[] }[] = [
  {
    ...{ unit: '水井村股份经济合作联合社', keeper: 'penglai' },
    owed: [
      ['receivable', '向某（演示）', '3600.00', '2016', '堰塘承包费'],
      ['receivable', '兴旺砖厂（演示）', '12800.50', '2012-11', '场地租金'],
      ['payable', '顺达施工队（演示）', '45000.00', '2019-08', '三社道路工程尾款'],
      ['long_loan', '镇信用社（演示）', '80000.00', '2008-03-15', '人畜饮水工程借款'],
    ],
  },
  {
    ...{ unit: '高峰社区股份经济合作联合社', keeper: 'penglai' },
    owed: [
      ['receivable', '陈某（演示）', '5200.00', '2018', '门面租金'],
      ['earmarked', '县乡村振兴局（演示）', '30000.00', '2020-12', '产业补助结余'],
    ],
  },
  {
    ...{ unit: '红林村股份经济合作联合社', keeper: 'honglin' },
    owed: [
      ['receivable', '罗某（演示）', '1500.00', '2021', '机耕道借款'],
      ['payable', '农资门市（演示）', '860.40', '2022-04', '农药款'],
      ['wages', '保洁员（演示）', '2400.00', '2023', '欠发报酬'],
    ],
  },
  {
    ...{ unit: '古井村股份经济合作联合社', keeper: 'gujing' },
    owed: [['other_claim', '某公司（演示）', '9000.00', '2015', '押金未退']],
  },
]

/** What some collectives are owed and owe, entered by their own keepers before the counts begin. */
export async function seedClaims({ tx, units, today, as }: Stage): Promise<void> {
  for (const { unit, keeper, owed } of collectives) {
    const acting = await as(keeper, addDays(today, -80))
    for (const [category, counterparty, amount, occurredOn, purpose] of owed) {
      const values: ClaimValues = {
        ...{ category, counterparty, amount, occurredOn, purpose },
        ...{ dueOn: null, voucherNo: null, remark: null },
      }
      await enterClaim(tx, acting, units.find(unit).id, values)
    }
  }
}
