import { type Actor, holds, type Role } from './actor.ts'
import type { Reason } from './errors.ts'

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger'

/** A role over one of the document's parties: the keeper of the applicant, the lead of the giver. */
export type By<Party extends string> = { role: Role; of: Party }

export type Step<State extends string, Party extends string, Guard extends string> = {
  from: readonly NoInfer<State>[]
  to: NoInfer<State>
  by: readonly By<NoInfer<Party>>[]
  /** The button: 提交审核. */
  label: string
  /** The message after it: 已提交，等待牵头单位审核。 */
  done: string
  /** The line in the timeline: 提交了权属界定. */
  sentence: string
  comment?: 'optional' | 'required'
  guards?: readonly NoInfer<Guard>[]
  /** Steps whose doer may not also do this one: nobody submits and decides the same thing. */
  notAfter?: readonly string[]
  /** The step has a form of its own, on its own page. */
  asks?: boolean
  /** The step is done along with another document's: it has no button. */
  along?: boolean
  tone?: Tone
}

export type GuardRule<Doc> = {
  /** For the printed workflow. */
  label: string
  /** Sentences that say what is missing; none when the step may go on. */
  check: (document: Doc) => readonly Reason[]
}

export type Workflow<
  Doc,
  State extends string = string,
  Action extends string = string,
  Party extends string = string,
  Guard extends string = string,
> = {
  kind: string
  label: string
  states: Record<State, { label: string; tone: Tone }>
  /** The straight way, for the bar of steps. */
  path: readonly NoInfer<State>[]
  /** Every state stands in exactly one group. */
  groups: Record<'open' | 'done' | 'dropped', readonly NoInfer<State>[]>
  parties: Record<Party, string>
  /** The verb that makes a document which is in force at once; its event is `kind.key`, and `notAfter` may name it. */
  opening?: { key: string; label: string }
  guards: Record<Guard, GuardRule<Doc>>
  steps: Record<Action, Step<State, Party, Guard>>
}

/** What every document shows the kernel, whatever else it holds. */
export type WorkflowDocument = {
  id: string
  no: string
  state: string
  version: number
  /** Scope keys of each party. */
  parties: Readonly<Record<string, readonly string[]>>
  /** Person ids by the step they did, of this round and earlier ones. */
  doneBy: Readonly<Record<string, readonly string[]>>
}

export type AllowedStep = {
  key: string
  label: string
  tone: Tone
  comment: 'none' | 'optional' | 'required'
  asks: boolean
  disabled: boolean
  reasons: Reason[]
}

export function defineWorkflow<Doc>() {
  return <
    const State extends string,
    const Action extends string,
    const Party extends string,
    const Guard extends string,
  >(
    workflow: Workflow<Doc, State, Action, Party, Guard>,
  ) => workflow
}

/**
 * The steps this actor sees on this document, in the table's order: wrong role or state, absent;
 * a guard says no, disabled with its sentences; else enabled. The only source for buttons and for the server's check.
 */
export function allowed<Doc extends WorkflowDocument>(
  workflow: Workflow<Doc>,
  document: Doc,
  actor: Actor,
): AllowedStep[] {
  return Object.entries(workflow.steps)
    .filter(([, step]) => step.from.includes(document.state) && isParty(step, document, actor))
    .map(([key, step]) => {
      const reasons = [
        ...(did(document, step.notAfter ?? [], actor) ? [`${step.label}须由另一人办理：您已办过前面的步骤。`] : []),
        ...(step.guards ?? []).flatMap((guard) => workflow.guards[guard]?.check(document) ?? []),
      ]
      return {
        key,
        label: step.label,
        tone: step.tone ?? 'info',
        comment: step.comment ?? 'none',
        asks: step.asks ?? false,
        disabled: reasons.length > 0,
        reasons,
      }
    })
}

/** The same without those that are done along with another document. */
export function buttons<Doc extends WorkflowDocument>(
  workflow: Workflow<Doc>,
  document: Doc,
  actor: Actor,
): AllowedStep[] {
  return allowed(workflow, document, actor).filter(({ key }) => !workflow.steps[key]?.along)
}

export type BarStep = { label: string; state: 'done' | 'current' | 'upcoming' | 'stopped' }

/**
 * The bar of steps: the straight way, with the present state marked; a dropped document shows where it ended. A document
 * that passes some states by, as those of one track do, names its own way.
 */
export function stepsBar<Doc extends WorkflowDocument>(
  workflow: Workflow<Doc>,
  state: string,
  path: readonly string[] = workflow.path,
): BarStep[] {
  const at = path.indexOf(state)
  const label = (key: string) => workflow.states[key]?.label ?? key
  if (at < 0) return [{ label: label(state), state: 'stopped' }]
  const reached = workflow.groups.done.includes(state) ? at : at - 1
  return path.map((key, index) => ({
    label: label(key),
    state: index <= reached ? 'done' : index === at ? 'current' : 'upcoming',
  }))
}

function isParty(step: Step<string, string, string>, document: WorkflowDocument, actor: Actor): boolean {
  return step.by.some(({ role, of }) => (document.parties[of] ?? []).some((key) => holds(actor, [role], key)))
}

function did(document: WorkflowDocument, steps: readonly string[], actor: Actor): boolean {
  return actor.personId !== null && steps.some((step) => document.doneBy[step]?.includes(actor.personId ?? ''))
}

/** The timeline's line of every step: `kind.step` → sentence. */
export function stepSentences(workflow: {
  kind: string
  steps: Record<string, { sentence: string }>
}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(workflow.steps).map(([key, { sentence }]) => [`${workflow.kind}.${key}`, sentence]),
  )
}
