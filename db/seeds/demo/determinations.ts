import { sql } from 'drizzle-orm'
import { determinationMachine, draftDetermination } from '../../../server/determinations/actions.ts'
import { act } from '../../../server/kernel/act.ts'
import type { Track } from '../../../server/kernel/actor.ts'
import { addDays } from '../../../server/records/calendar.ts'
import { cards } from '../../schema/assets.ts'
import { seedBasis } from './papers.ts'
import type { Stage } from './stage.ts'
import { fullTown } from './units.ts'

type Step = { on: string; account: string; action: 'submit' | 'review' | 'decide' | 'record' }

/**
 * Five cases of ownership: one settled by the county, one waiting for it and one for the lead, both late, one settled by
 * the county government and recorded from its paper, and one that came in this week.
 */
const stories = (today: string): readonly { draftedOn: string; steps: readonly Step[] }[] => [
  {
    draftedOn: '2026-04-08',
    steps: [
      { on: '2026-04-09', account: 'penglai', action: 'submit' },
      { on: '2026-04-15', account: 'nongye', action: 'review' },
      { on: '2026-05-06', account: 'xiannongye', action: 'decide' },
    ],
  },
  {
    draftedOn: '2026-06-02',
    steps: [
      { on: '2026-06-03', account: 'penglai', action: 'submit' },
      { on: '2026-06-10', account: 'nongye', action: 'review' },
    ],
  },
  { draftedOn: '2026-07-01', steps: [{ on: '2026-07-02', account: 'penglai', action: 'submit' }] },
  {
    draftedOn: '2026-08-31',
    steps: [
      { on: '2026-09-01', account: 'penglai', action: 'submit' },
      { on: '2026-09-08', account: 'nongye', action: 'review' },
      { on: '2026-10-12', account: 'nongye', action: 'record' },
    ],
  },
  { draftedOn: addDays(today, -5), steps: [{ on: addDays(today, -4), account: 'penglai', action: 'submit' }] },
]

/** Tells the stories by calling the verbs, as far as they have happened by today. */
export async function seedDeterminations({ tx, units, today, as }: Stage): Promise<void> {
  const told = stories(today)
  const disputed = await tx
    .select()
    .from(cards)
    .where(sql`${cards.track} = 'collective' and left(${cards.divisionCode}, 9) = ${fullTown.slice(0, 9)}`)
    .orderBy(sql`${cards.undetermined} desc, (${cards.name} like '原%') desc, ${cards.code}`)
    .limit(told.length)
  const town = units.find('蓬莱镇人民政府').id
  for (const [index, { draftedOn, steps }] of told.entries()) {
    const card = disputed[index]
    if (!card || draftedOn > today) continue
    const { id } = await draftDetermination(tx, await as('penglai', draftedOn), {
      cards: [{ id: card.id, code: card.code, ownerUnitId: card.ownerUnitId, track: card.track as Track }],
      reason: '房屋由镇里出资、村里出地建成，撤并后双方都说归自己，账上记法不一。',
      proposedOwnerId: card.ownerUnitId,
      proposedTrack: 'collective',
      claimants: [
        { unitId: card.ownerUnitId, claim: '土地和投劳都是村里的，一直由村里管护。' },
        { unitId: town, claim: '建房款由镇财政拨付。' },
      ],
    })
    await seedBasis(tx, await as('penglai', draftedOn), id, draftedOn)
    for (const [done, { on, account, action }] of steps.filter((step) => step.on <= today).entries()) {
      const decision = {
        decidedOwner: card.ownerUnitId,
        decidedTrack: 'collective',
        decidingBody: '大英县人民政府（演示）',
        documentNo: `演示函〔2026〕${index + 1} 号`,
        decidedOn: on,
      }
      const paper = {
        bodyKind: 'county_government',
        body: '大英县人民政府（演示）',
        summary: '同意界定为村集体所有，由村集体经济组织管理使用。',
      }
      const values = action === 'decide' ? decision : action === 'record' ? { ...decision, ...paper } : {}
      await act(tx, await as(account, on), determinationMachine, id, {
        action,
        version: done + 1,
        comment: null,
        values,
      })
    }
  }
}
