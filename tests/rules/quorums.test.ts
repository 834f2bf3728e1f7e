import { describe, expect, it } from 'vitest'
import {
  matters,
  quorumRules,
  ruleOn,
  shortcomings,
  type VotingBody,
  voteProblems,
  votingBodies,
} from '../../server/records/quorum-rules.ts'

const votes = (members: number, present: number, inFavour: number) => ({
  members,
  present,
  inFavour,
  against: 0,
  abstained: 0,
})
const days = { calledOn: '2026-03-01', heldOn: '2026-03-20' }

function passes(body: VotingBody, on: string, cast: [number, number, number], told = days): boolean {
  const rule = ruleOn(body, on)
  if (!rule) throw new Error(`no rule for ${body}`)
  return shortcomings(rule, votes(...cast), told).length === 0
}

describe('what a body has resolved', () => {
  it.each<[VotingBody, [number, number, number], boolean]>([
    ['assembly', [300, 200, 200], true],
    ['assembly', [300, 199, 199], false],
    ['assembly', [300, 250, 199], false],
    ['assembly', [301, 201, 201], true],
    ['assembly', [301, 201, 200], false],
    ['representatives', [30, 20, 20], true],
    ['representatives', [30, 30, 19], false],
    ['representatives', [20, 20, 20], false],
    ['council', [5, 4, 3], true],
    ['council', [5, 3, 3], false],
    ['council', [6, 4, 3], false],
    ['villagers', [1000, 501, 251], true],
    ['villagers', [1000, 500, 500], false],
    ['villagers', [1000, 502, 251], false],
    ['village_representatives', [30, 20, 11], true],
    ['village_representatives', [30, 19, 19], false],
  ])('%s with %j: %s', (body, cast, passed) => {
    expect(passes(body, '2026-03-20', cast)).toBe(passed)
  })

  it('needs ten days between telling the members and their assembly', () => {
    expect(passes('assembly', '2026-03-20', [300, 300, 300], { calledOn: '2026-03-10', heldOn: '2026-03-20' })).toBe(
      true,
    )
    expect(passes('assembly', '2026-03-20', [300, 300, 300], { calledOn: '2026-03-11', heldOn: '2026-03-20' })).toBe(
      false,
    )
  })

  it('goes by the law of the day', () => {
    expect(ruleOn('assembly', '2025-04-30')).toBeUndefined()
    expect(ruleOn('assembly', '2025-05-01')?.key).toBe('assembly-2025')
    expect(ruleOn('villagers', '2025-04-30')?.key).toBe('villagers-2010')
  })

  it('says how many are missing, and by which law', () => {
    const rule = ruleOn('assembly', '2026-03-20')
    expect(rule && shortcomings(rule, votes(301, 200, 200), days)).toEqual([
      '实到 200 人，没有达到应到 301 人的三分之二以上（至少 201 人）（《农村集体经济组织法》第二十七条）。',
      '赞成 200 票，没有达到应到 301 人的三分之二以上（至少 201 人）（《农村集体经济组织法》第二十七条）。',
    ])
  })

  it('cannot have more present than there are, nor more votes than people', () => {
    expect(voteProblems({ ...votes(30, 31, 20), against: 12 }).map(({ field }) => field)).toEqual([
      'present',
      'inFavour',
    ])
  })

  it('has one rule at most for each body and day, and only known bodies for each matter', () => {
    for (const { key, body, from } of quorumRules) expect(ruleOn(body, from)?.key).toBe(key)
    for (const { bodies } of Object.values(matters)) for (const body of bodies) expect(votingBodies[body]).toBeDefined()
  })
})
