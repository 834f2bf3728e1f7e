import { createCards } from '../../../server/assets/actions.ts'
import { type CardValues, noValues } from '../../../server/assets/card.ts'
import { splitCard } from '../../../server/assets/split-actions.ts'
import type { Acting } from '../../../server/kernel/events.ts'
import { seededCounty } from '../base.ts'
import type { Stage } from './stage.ts'

const firstDay = '2026-06-08'
const secondDay = '2026-06-22'

/** An office building that two tables brought in, so that there is a duplicate to settle; and desks of which some moved. */
export async function seedIdentities({ tx, units, today, as }: Stage): Promise<void> {
  if (secondDay > today) return
  const village = units.find('古井村股份经济合作联合社')
  const enter = async (acting: Acting, on: string, values: Partial<CardValues>) => {
    const card = { ...noValues, track: 'collective', ownerUnit: village.id, division: village.divisionCode, ...values }
    const [made] = await createCards(tx, acting, seededCounty, [{ values: card }], {
      action: 'card.create',
      effectiveOn: on,
    })
    return made?.code ?? ''
  }
  const office = {
    ...{ name: '老办公楼', cardType: 'house', nature: 'non_operating', location: '古井村三社', structure: '砖混' },
    ...{ landArea: '180.00', floorArea: '320.00', cost: '186000.00', usage: 'in_use', titleKind: 'untitled' },
  }
  const first = await as('gujing', firstDay)
  await enter(first, firstDay, { ...office, acquiredOn: '2006', originalCode: 'GJ-2017-018' })
  const desks = { name: '阅览桌', cardType: 'furniture', quantity: '10.000', unitOfMeasure: '张', cost: '4800.00' }
  const code = await enter(first, firstDay, {
    ...desks,
    depreciation: '1600.00',
    usage: 'in_use',
    location: '农家书屋',
  })
  const second = await as('gujing', secondDay)
  await enter(second, secondDay, { ...office, cost: '186500.00', acquiredOn: '2006-09', originalCode: '镇-0233' })
  const pieces = [{ quantity: '3.000', location: '村小学图书角', keeper: '唐老师' }]
  const when = { effectiveOn: secondDay, comment: '三张搬到村小学使用' }
  await splitCard(tx, second, seededCounty, code, { version: 1, pieces, ...when })
}
