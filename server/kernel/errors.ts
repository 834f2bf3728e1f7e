/** One sentence for the person, the field it belongs to (null: the whole form), and the page of what stands in the way. */
export type Problem = { field: string | null; text: string; href?: string }

/** Why something cannot be done, with the page of what stands in the way where there is one. */
export type Reason = string | { text: string; href: string }

export function problemOf(reason: Reason): Problem {
  return typeof reason === 'string' ? { field: null, text: reason } : { field: null, ...reason }
}

/** A field as it was when the form was drawn, as someone has saved it since, and as it was sent now. */
export type Difference = { field: string; old: string | null; new: string | null; yours: string | null; clash: boolean }

/** What lies outside the actor's scope is not there either. */
export class NotFound extends Error {
  readonly statusCode = 404
  readonly code = 'not_found'
}

export class Forbidden extends Error {
  readonly statusCode = 403
  readonly code = 'forbidden'
}

/** The row has a newer version than the form was drawn from. */
export class Stale extends Error {
  readonly statusCode = 409
  readonly code = 'stale'
  readonly differences: readonly Difference[]
  constructor(differences: readonly Difference[] = []) {
    super('changed meanwhile')
    this.differences = differences
  }
}

/** A rule says no; the sentences go beside the form. */
export class RuleBroken extends Error {
  readonly statusCode = 422
  readonly code = 'rule_broken'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[] | string) {
    super(typeof problems === 'string' ? problems : problems.map((problem) => problem.text).join(' '))
    this.problems = typeof problems === 'string' ? [{ field: null, text: problems }] : problems
  }
}

/**
 * The constraint a statement broke, or undefined.
 * The name comes from the error's field or, from a distributed server, out of its message with the shard number cut off.
 */
export function brokenConstraint(error: unknown): { state: string; name: string } | undefined {
  const cause = causeWithState(error)
  if (!cause?.code.startsWith('23')) return undefined
  const named = cause.constraint_name ?? /constraint "([^"]+)"/.exec(cause.message)?.[1] ?? ''
  return { state: cause.code, name: named.replace(/_\d+$/, '') }
}

/** The database, or somebody else in it, was in the way for a moment: the same may succeed a little later. */
export function isPassing(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && /^(08|40|53|57P|55P03|CONNECT|ECONN)/.test(String(at.code))) return true
  }
  return false
}

type DatabaseError = Error & { code: string; constraint_name?: string }

function causeWithState(error: unknown): DatabaseError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at as DatabaseError
  }
  return undefined
}
