import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { type Matter, matters, type Votes, type VotingBody, voteProblems, votingBodies } from './quorum-rules.ts'

export type ResolutionValues = Votes & {
  bodyKind: VotingBody
  calledOn: string | null
  heldOn: string
  place: string | null
  note: string | null
}

/** What the minutes say, for bodies that may decide the matter. */
export function resolutionFields(matter: Matter): readonly FormField[] {
  const bodies = matters[matter].bodies.map((value) => ({ value, label: votingBodies[value] }))
  return [
    { key: 'bodyKind', label: '会议', kind: 'choice', choices: bodies, required: true },
    { key: 'heldOn', label: '开会日期', kind: 'day', required: true },
    { key: 'calledOn', label: '通知日期', kind: 'day', hint: '成员大会要提前 10 日通知' },
    { key: 'place', label: '地点', kind: 'text', max: 100 },
    {
      key: 'members',
      label: '应到人数',
      kind: 'integer',
      required: true,
      hint: '成员大会写具有完全民事行为能力的全体成员数',
    },
    { key: 'present', label: '实到人数', kind: 'integer', required: true },
    { key: 'inFavour', label: '赞成', kind: 'integer', required: true },
    { key: 'against', label: '反对', kind: 'integer' },
    { key: 'abstained', label: '弃权', kind: 'integer' },
    { key: 'note', label: '说明', kind: 'longText', max: 500 },
  ]
}

export function readResolution(matter: Matter, answers: Answers, today: string): ResolutionValues {
  const { values, problems } = readForm(resolutionFields(matter), answers)
  const number = (key: string) => Number(values[key] ?? 0)
  const votes = {
    members: number('members'),
    present: number('present'),
    inFavour: number('inFavour'),
    against: number('against'),
    abstained: number('abstained'),
  }
  const found: Problem[] = [...problems]
  if (problems.length === 0) found.push(...voteProblems(votes))
  const { heldOn, calledOn } = values
  if (heldOn && heldOn > today) found.push({ field: 'heldOn', text: `开会日期不能晚于今天 ${today}。` })
  if (heldOn && calledOn && calledOn > heldOn) found.push({ field: 'calledOn', text: '通知日期不能晚于开会日期。' })
  if (Object.values(votes).some((count) => count > 1_000_000))
    found.push({ field: 'members', text: '人数太大，请核对。' })
  if (found.length > 0) throw new RuleBroken(found)
  return {
    ...votes,
    bodyKind: values.bodyKind as VotingBody,
    calledOn: calledOn ?? null,
    heldOn: heldOn ?? today,
    place: values.place ?? null,
    note: values.note ?? null,
  }
}
