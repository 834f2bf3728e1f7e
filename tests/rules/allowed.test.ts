import { describe, expect, it } from 'vitest'
import { type Determination, determinationWorkflow } from '../../server/determinations/workflow.ts'
import { type Actor, type Role, scopeKey, type Track } from '../../server/kernel/actor.ts'
import { allowed, stepsBar } from '../../server/kernel/workflow.ts'

const village = '12'
const town = '3'

function person(personId: string, role: Role, unitId: string, tracks: readonly Track[]): Actor {
  const keys = new Set(tracks.map((track) => scopeKey(unitId, track)))
  const grant = { role, track: 'both' as const, unitId, unitName: '', keys, reads: keys }
  return { personId, name: personId, unitId, unitName: '', grants: [grant], keys: [...keys], mustChangePassword: false }
}

const both: readonly Track[] = ['state', 'collective']
const people = {
  keeper: person('zhang', 'keeper', village, both),
  'other keeper': person('hong', 'keeper', town, both),
  lead: person('nong', 'lead', village, ['collective']),
  'other lead': person('nong-er', 'lead', village, ['collective']),
  'state lead': person('cai', 'lead', village, ['state']),
  approver: person('tian', 'approver', village, ['collective']),
  'state approver': person('ju', 'approver', village, ['state']),
  registrar: person('deng', 'registrar', village, both),
  inspector: person('ji', 'inspector', village, both),
  leader: person('ling', 'leader', village, both),
  operator: { ...person('', 'keeper', village, []), personId: null, grants: [] },
}

function document(state: string, change: Partial<Determination> = {}): Determination {
  return {
    id: '1',
    no: 'QD2026-0001',
    state,
    version: 1,
    parties: { applicant: [scopeKey(village, 'collective')] },
    doneBy: { submit: ['zhang'], review: ['nong'] },
    applicantId: village,
    applicantName: '',
    track: 'collective',
    reason: '',
    proposedOwnerId: town,
    proposedOwnerName: '',
    proposedTrack: 'state',
    decidedOwnerName: null,
    decidedTrack: null,
    decidingBody: null,
    documentNo: null,
    decidedOn: null,
    cards: [{ id: '1', code: '51092300000001', name: '校舍', owner: '', track: 'collective', cost: null }],
    claimants: [{ unitId: town, name: '', claim: '出资' }],
    papers: [{ id: '1', title: '建设批复' }],
    blocks: [],
    ...change,
  }
}

/** Buttons by name; one in brackets is there and cannot be pressed. */
function buttons(of: Determination, who: keyof typeof people): string {
  return allowed(determinationWorkflow, of, people[who])
    .map(({ key, disabled }) => (disabled ? `(${key})` : key))
    .join(' ')
}

describe('the buttons of a determination', () => {
  it.each<[string, keyof typeof people, string]>([
    ['draft', 'keeper', 'submit withdraw'],
    ['draft', 'other keeper', ''],
    ['draft', 'lead', 'submit withdraw'],
    ['draft', 'state lead', ''],
    ['draft', 'approver', ''],
    ['draft', 'inspector', ''],
    ['submitted', 'keeper', 'withdraw'],
    ['submitted', 'other keeper', ''],
    ['submitted', 'lead', 'review return withdraw'],
    ['submitted', 'state lead', ''],
    ['submitted', 'approver', ''],
    ['submitted', 'registrar', ''],
    ['reviewed', 'keeper', ''],
    ['reviewed', 'lead', 'record'],
    ['reviewed', 'approver', 'decide record object'],
    ['reviewed', 'state approver', ''],
    ['reviewed', 'leader', ''],
    ['decided', 'keeper', ''],
    ['decided', 'lead', ''],
    ['decided', 'approver', ''],
    ['withdrawn', 'keeper', ''],
    ['withdrawn', 'lead', ''],
    ['withdrawn', 'approver', ''],
    ['submitted', 'operator', ''],
  ])('%s for the %s: %s', (state, who, expected) => {
    expect(buttons(document(state), who)).toBe(expected)
  })

  it('of who submitted do not include the review, and say why', () => {
    const own = document('submitted', { doneBy: { submit: ['nong'] } })
    expect(buttons(own, 'lead')).toBe('(review) return withdraw')
    expect(buttons(own, 'other lead')).toBe('review return withdraw')
    const [review] = allowed(determinationWorkflow, own, people.lead)
    expect(review?.reasons).toEqual(['审核通过须由另一人办理：您已办过前面的步骤。'])
  })

  it('of who submitted or reviewed do not include the decision', () => {
    expect(buttons(document('reviewed', { doneBy: { review: ['tian'] } }), 'approver')).toBe('(decide) record object')
    expect(buttons(document('reviewed', { doneBy: { submit: ['tian'] } }), 'approver')).toBe('(decide) (record) object')
  })

  it.each<[string, Partial<Determination>, string]>([
    ['no cards', { cards: [] }, '请写明要界定的资产。'],
    ['no claimants', { claimants: [] }, '请写明哪些单位主张权属、理由是什么。'],
    ['no papers', { papers: [] }, '请至少添加一份权属依据（如建设批复、土地证、捐赠协议）。'],
    [
      'a held card',
      { blocks: ['不能权属界定：资产移交中（YJ2026-0001），请先办结该事项。'] },
      '不能权属界定：资产移交中（YJ2026-0001），请先办结该事项。',
    ],
  ])('with %s keep the submission and name what is missing', (_name, change, reason) => {
    const draft = document('draft', change)
    expect(buttons(draft, 'keeper')).toBe('(submit) withdraw')
    expect(allowed(determinationWorkflow, draft, people.keeper)[0]?.reasons).toEqual([reason])
  })
})

it.each([
  ['draft', 'current upcoming upcoming upcoming'],
  ['reviewed', 'done done current upcoming'],
  ['decided', 'done done done done'],
  ['withdrawn', 'stopped'],
])('the bar of steps in %s: %s', (state, bar) => {
  expect(
    stepsBar(determinationWorkflow, state)
      .map((step) => step.state)
      .join(' '),
  ).toBe(bar)
})
