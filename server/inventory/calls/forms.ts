import { type UnitKind, unitKinds } from '../../access/units.ts'
import { trackLabels } from '../../kernel/actor.ts'
import { type Problem, RuleBroken } from '../../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../../kernel/forms.ts'
import type { CallDraft } from './actions.ts'
import type { Callable, issuersOf } from './callable.ts'
import type { Call } from './workflow.ts'

type Issuer = ReturnType<typeof issuersOf>[number]

export const callFields: readonly FormField[] = [
  { key: 'title', label: '通知标题', kind: 'text', required: true, max: 100, hint: '如 2026年集体资产清查' },
  { key: 'baseOn', label: '清查基准日', kind: 'day', required: true, hint: '账面数按这一天的台账列出，不能晚于今天' },
  { key: 'dueOn', label: '单位提交时限', kind: 'day', required: true },
  { key: 'compileOn', label: '汇总上报时限', kind: 'day', required: true, hint: '不早于单位提交时限' },
  {
    ...({ key: 'baseline', label: '以什么为基准', kind: 'choice', required: true } as const),
    choices: [
      { value: 'register', label: '现有台账' },
      { value: 'census', label: '以前的一次清查' },
    ],
  },
  { key: 'baselineName', label: '以前清查的名称', kind: 'text', max: 100, hint: '以“现有台账”为基准的不填' },
  { key: 'baselineOn', label: '以前清查的时点', kind: 'day', hint: '以“现有台账”为基准的不填' },
  { key: 'note', label: '通知内容', kind: 'longText', max: 2000, hint: '写给各单位看的要求，可以不填' },
]

export function readCall(answers: Answers, unitIds: readonly string[], { unitId, track }: Issuer): CallDraft {
  const { values, problems } = readForm(callFields, answers)
  if (unitIds.length === 0) problems.push({ field: 'units', text: '请至少选定一个要清查的单位。' })
  if (problems.length > 0) throw new RuleBroken(problems)
  const census = values.baseline === 'census'
  return {
    title: values.title ?? '',
    track,
    issuerId: unitId,
    baseOn: values.baseOn ?? '',
    baseline: census ? 'census' : 'register',
    baselineName: census ? (values.baselineName ?? null) : null,
    baselineOn: census ? (values.baselineOn ?? null) : null,
    dueOn: values.dueOn ?? '',
    compileOn: values.compileOn ?? '',
    note: values.note ?? null,
    unitIds,
  }
}

export function answersOf(call: Call): Answers {
  const { title, baseOn, dueOn, compileOn, baseline, baselineName, baselineOn, note } = call
  return {
    ...{ title, baseOn, dueOn, compileOn, baseline },
    ...{ baselineName: baselineName ?? '', baselineOn: baselineOn ?? '', note: note ?? '' },
  }
}

export const issuerKey = ({ unitId, track }: Issuer) => `${unitId}-${track}`
export const issuerText = ({ unitName, track }: Issuer) => `${unitName} · ${trackLabels[track]}资产`

/** Ticked unless told otherwise: who has cards on the track; on the collective track every collective besides. */
export function usuallyCalled({ cards, kind }: Callable): boolean {
  return cards > 0 || kind.endsWith('_collective')
}

/** Units by kind, as groups of check boxes; one list of hundreds would not be read. */
export function unitGroups(units: readonly Callable[]) {
  const collective = (kind: string) => kind.endsWith('_collective')
  // Kinds that are usually called come first.
  const usual = new Set(units.filter(usuallyCalled).map(({ kind }) => kind))
  const kinds = (Object.keys(unitKinds) as UnitKind[]).sort(
    (one, other) => Number(usual.has(other)) - Number(usual.has(one)),
  )
  return kinds.flatMap((kind) => {
    const own = units.filter((unit) => unit.kind === kind)
    if (own.length === 0) return []
    const items = own.map(({ id, name, cards }) => ({
      value: id,
      label: name,
      hint: cards > 0 ? `${cards} 张卡片` : collective(kind) ? '还没有卡片，须写明“无资产”' : '没有卡片',
    }))
    return [{ kind, label: `${unitKinds[kind]}（${own.length} 个）`, items }]
  })
}

export const noIssuer: Problem = { field: null, text: '您不是这个单位、这类资产的牵头或县级，不能发清查通知。' }
