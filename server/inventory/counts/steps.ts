import type { Actor } from '../../kernel/actor.ts'
import { type Problem, problemOf } from '../../kernel/errors.ts'
import { buttons } from '../../kernel/workflow.ts'
import { type Count, countWorkflow } from './workflow.ts'

/** Why a step's own form stays shut: it is not this person's, not now, or something is missing first. */
export function refusalsOf(count: Count, key: string, actor: Actor): Problem[] {
  const step = buttons(countWorkflow, count, actor).find((one) => one.key === key)
  if (!step) return [{ field: null, text: '现在不能办这一步，请看办理进度。' }]
  return step.reasons.map(problemOf)
}
