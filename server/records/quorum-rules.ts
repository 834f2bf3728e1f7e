import type { Problem } from '../kernel/errors.ts'

/** Bodies whose votes count by law. */
export const votingBodies = {
  assembly: '成员大会',
  representatives: '成员代表大会',
  council: '理事会',
  villagers: '村民会议',
  village_representatives: '村民代表会议',
} as const
export type VotingBody = keyof typeof votingBodies

/** Two thirds at least, or more than half (`over`). */
export type Share = { of: 'members' | 'present' } & ({ parts: 2; in: 3; over: false } | { parts: 1; in: 2; over: true })

export type QuorumRule = {
  key: string
  body: VotingBody
  /** First and last day of the law it stands in; null: still in force. */
  from: string
  to: string | null
  present: Share
  inFavour: Share
  /** Days between telling the members and the meeting. */
  notice: number | null
  /** Fewer cannot be such a body. */
  leastMembers: number | null
  /** Whom 应到 counts. */
  members: string
  basis: string
}

const collectiveLaw = '2025-05-01'
const twoThirds = (of: Share['of']): Share => ({ of, parts: 2, in: 3, over: false })
const moreThanHalf = (of: Share['of']): Share => ({ of, parts: 1, in: 2, over: true })

/** 议事规则, by the day of the meeting. Where a body had no law of its own yet, there is no row. */
export const quorumRules: readonly QuorumRule[] = [
  {
    key: 'assembly-2025',
    body: 'assembly',
    from: collectiveLaw,
    to: null,
    present: twoThirds('members'),
    inFavour: twoThirds('members'),
    notice: 10,
    leastMembers: null,
    members: '具有完全民事行为能力的成员',
    basis: '《农村集体经济组织法》第二十七条',
  },
  {
    key: 'representatives-2025',
    body: 'representatives',
    from: collectiveLaw,
    to: null,
    present: twoThirds('members'),
    inFavour: twoThirds('members'),
    notice: null,
    leastMembers: 21,
    members: '全体成员代表',
    basis: '《农村集体经济组织法》第二十八条',
  },
  {
    key: 'council-2025',
    body: 'council',
    from: collectiveLaw,
    to: null,
    present: twoThirds('members'),
    inFavour: moreThanHalf('members'),
    notice: null,
    leastMembers: 3,
    members: '全体理事',
    basis: '《农村集体经济组织法》第三十一条',
  },
  {
    key: 'villagers-2010',
    body: 'villagers',
    from: '2010-10-28',
    to: null,
    present: moreThanHalf('members'),
    inFavour: moreThanHalf('present'),
    notice: null,
    leastMembers: null,
    members: '本村十八周岁以上的村民（以户代表计的，为全部户代表）',
    basis: '《村民委员会组织法》第二十二条',
  },
  {
    key: 'village-representatives-2010',
    body: 'village_representatives',
    from: '2010-10-28',
    to: null,
    present: twoThirds('members'),
    inFavour: moreThanHalf('present'),
    notice: null,
    leastMembers: null,
    members: '全体村民代表',
    basis: '《村民委员会组织法》第二十六条',
  },
]

/** What is resolved, and which bodies may do it. */
export const matters = {
  count_confirmation: {
    label: '确认清查结果',
    bodies: ['assembly', 'representatives', 'villagers', 'village_representatives'],
    basis: '清产核资结果由成员（代表）大会确认；没有集体经济组织的由村民会议代行（《农村集体经济组织法》第六十四条）',
  },
} as const satisfies Record<string, { label: string; bodies: readonly VotingBody[]; basis: string }>
export type Matter = keyof typeof matters

export type Votes = { members: number; present: number; inFavour: number; against: number; abstained: number }

/** The rule of a body on a day; undefined where no law had one yet. */
export function ruleOn(body: VotingBody, day: string): QuorumRule | undefined {
  return quorumRules.find((rule) => rule.body === body && rule.from <= day && (rule.to === null || day <= rule.to))
}

/** Numbers that cannot be, by the field they stand in. */
export function voteProblems({ members, present, inFavour, against, abstained }: Votes): Problem[] {
  const problems: Problem[] = []
  if (members < 1) problems.push({ field: 'members', text: '应到人数要大于 0。' })
  if (present > members) problems.push({ field: 'present', text: `实到 ${present} 人多于应到 ${members} 人，请核对。` })
  const votes = inFavour + against + abstained
  if (votes > present) {
    problems.push({ field: 'inFavour', text: `赞成、反对、弃权共 ${votes} 票，多于实到 ${present} 人，请核对。` })
  }
  return problems
}

/** Why a vote does not reach its rule; nothing when it passed. */
export function shortcomings(
  rule: QuorumRule,
  votes: Votes,
  days: { calledOn: string | null; heldOn: string },
): string[] {
  const reasons: string[] = []
  if (!reaches(rule.present, votes, votes.present)) {
    reasons.push(`实到 ${votes.present} 人，${lawful(rule.present, votes)}（${rule.basis}）。`)
  }
  if (!reaches(rule.inFavour, votes, votes.inFavour)) {
    reasons.push(`赞成 ${votes.inFavour} 票，${lawful(rule.inFavour, votes)}（${rule.basis}）。`)
  }
  if (rule.leastMembers !== null && votes.members < rule.leastMembers) {
    reasons.push(`${votingBodies[rule.body]}不能少于 ${rule.leastMembers} 人（${rule.basis}）。`)
  }
  if (rule.notice !== null && (days.calledOn === null || daysBetween(days.calledOn, days.heldOn) < rule.notice)) {
    reasons.push(`会议要提前 ${rule.notice} 日通知成员（${rule.basis}）。`)
  }
  return reasons
}

/** 三分之二以上 in whole people: exact, never by decimals. */
function reaches({ of, parts, in: whole, over }: Share, votes: Votes, reached: number): boolean {
  const [left, right] = [reached * whole, votes[of] * parts]
  return over ? left > right : left >= right
}

const wholes = { members: '应到', present: '实到' } as const

function lawful({ of, parts, in: whole, over }: Share, votes: Votes): string {
  const least = over ? Math.floor((votes[of] * parts) / whole) + 1 : Math.ceil((votes[of] * parts) / whole)
  return `没有达到${wholes[of]} ${votes[of]} 人的${over ? '过半数' : '三分之二以上'}（至少 ${least} 人）`
}

/** 应到的三分之二以上, 实到的过半数. */
export function shareText({ of, over }: Share): string {
  return `${wholes[of]}的${over ? '过半数' : '三分之二以上'}`
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000
}
