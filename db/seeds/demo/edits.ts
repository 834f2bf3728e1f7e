import Big from 'big.js'
import { type SQL, sql } from 'drizzle-orm'
import { editCard } from '../../../server/assets/actions.ts'
import { type CardValues, valuesOf } from '../../../server/assets/card.ts'
import { cards } from '../../schema/assets.ts'
import type { Stage } from './stage.ts'
import { type DemoUnits, fullTown } from './units.ts'

/** One person goes through some cards on one day. */
type Round = {
  account: string
  effectiveOn: string
  /** When it is entered; the day it takes effect when left out. */
  recordedOn?: string
  comment: string
  which: SQL
  most: number
  change: (values: CardValues) => Partial<CardValues>
}

/** Lets people change cards over the years, so that versions and timelines have something to tell. */
export async function seedEdits({ tx, units, today, as }: Stage): Promise<number> {
  let count = 0
  for (const round of roundsOf(units)) {
    const recordedOn = round.recordedOn ?? round.effectiveOn
    if (recordedOn > today) break
    const acting = await as(round.account, recordedOn)
    const found = await tx
      .select()
      .from(cards)
      .where(sql`${round.which} and ${cards.validFrom} <= ${round.effectiveOn}`)
      .orderBy(cards.code)
      .limit(round.most)
    const { effectiveOn, comment } = round
    await Promise.all(
      found.map((card) => {
        const values = valuesOf(card)
        return editCard(tx, acting, card.code, {
          version: card.version,
          values: { ...values, ...round.change(values) },
          effectiveOn,
          comment,
        })
      }),
    )
    count += found.length
  }
  return count
}

function roundsOf(units: DemoUnits): Round[] {
  const ownedBy = (name: string) => sql`${cards.ownerUnitId} = ${units.find(name).id}`
  const gujing = ownedBy('古井村股份经济合作联合社')
  const honglin = ownedBy('红林村股份经济合作联合社')
  const penglai = ownedBy('蓬莱镇人民政府')
  const school = ownedBy('蓬莱镇中心学校')
  const inTown = sql`${cards.divisionCode} like ${`${fullTown.slice(0, 9)}%`}`
  const idle = sql`${cards.usage} = 'idle' and ${inTown}`
  const houses = sql`${cards.cardType} = 'house'`
  const worn = sql`${cards.cardType} = 'equipment' and ${cards.usage} = 'in_use' and ${cards.acquiredOn} < '2020-01-01'`

  return [
    {
      account: 'gujing',
      effectiveOn: '2020-06-15',
      comment: '明确保管人。',
      which: gujing,
      most: 12,
      change: () => ({ keeper: '张会计' }),
    },
    {
      account: 'honglin',
      effectiveOn: '2020-07-02',
      comment: '明确保管人。',
      which: honglin,
      most: 12,
      change: () => ({ keeper: '洪会计' }),
    },
    {
      account: 'caizheng',
      effectiveOn: '2021-03-25',
      comment: '现场核实。',
      which: sql`${idle} and ${houses} and ${cards.track} = 'state'`,
      most: 30,
      change: () => ({ problem: '房屋空置，水电已停。', safetyGrade: 'C' }),
    },
    {
      account: 'nongye',
      effectiveOn: '2021-03-26',
      comment: '现场核实。',
      which: sql`${idle} and ${cards.track} = 'collective'`,
      most: 40,
      change: () => ({ problem: '闲置，拟列入盘活。' }),
    },
    depreciation('2021-12-31', '2022-01-12', penglai),
    {
      account: 'penglai',
      effectiveOn: '2022-09-01',
      comment: '租期届满，承租人退租。',
      which: sql`${penglai} and ${houses} and ${cards.usage} = 'leased'`,
      most: 2,
      change: ({ floorArea }) => ({
        usage: 'idle',
        idleSince: '2022-09',
        idleArea: floorArea,
        lessee: null,
        leaseTerm: null,
        annualRent: null,
      }),
    },
    {
      account: 'penglai',
      effectiveOn: '2023-04-01',
      comment: '重新招租。',
      which: sql`${penglai} and ${cards.idleSince} = '2022-09-01'`,
      most: 1,
      change: () => ({
        usage: 'leased',
        idleSince: null,
        idleArea: null,
        lessee: '何某某',
        leaseTerm: '2023-04-01至2028-03-31',
        annualRent: '9600.00',
      }),
    },
    depreciation('2023-12-31', '2024-01-11', penglai),
    {
      account: 'gujing',
      effectiveOn: '2024-05-20',
      comment: '设备损坏，待报废。',
      which: sql`${gujing} and ${worn}`,
      most: 3,
      change: scrap,
    },
    {
      account: 'honglin',
      effectiveOn: '2024-07-10',
      comment: '设备损坏，待报废。',
      which: sql`${honglin} and ${worn}`,
      most: 3,
      change: scrap,
    },
    {
      account: 'xuexiao',
      effectiveOn: '2025-03-15',
      comment: '设备更新，旧设备待报废。',
      which: sql`${school} and ${worn}`,
      most: 4,
      change: scrap,
    },
    depreciation('2025-12-31', '2026-01-13', penglai),
  ]
}

/** Two more years of depreciation of the town government's assets. */
function depreciation(effectiveOn: string, recordedOn: string, owned: SQL): Round {
  return {
    account: 'caizheng',
    effectiveOn,
    recordedOn,
    comment: '按年度账面更新折旧。',
    which: sql`${owned} and ${cards.depreciation} < ${cards.cost} and ${cards.validFrom} < ${effectiveOn}`,
    most: 80,
    change: ({ cardType, cost, depreciation: before }) => {
      const more = new Big(before ?? '0').plus(new Big(cost ?? '0').times(2).div(lives[cardType ?? ''] ?? 30))
      return { depreciation: (more.gt(cost ?? '0') ? new Big(cost ?? '0') : more).toFixed(2), netValue: null }
    },
  }
}

const lives: Record<string, number> = {
  house: 50,
  structure: 8,
  equipment: 6,
  vehicle: 8,
  furniture: 15,
  intangible: 10,
}

function scrap(): Partial<CardValues> {
  return { usage: 'awaiting_disposal', problem: '已不能使用，待报废。' }
}
