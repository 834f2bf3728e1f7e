import { eq, type InferInsertModel, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { type Tx, widen } from '../../db/client.ts'
import { type EventDetail, events } from '../../db/schema/kernel.ts'
import { Forbidden, NotFound, problemOf, RuleBroken, Stale } from './errors.ts'
import { type Acting, eventsOf, record, type SubjectKind } from './events.ts'
import type { Values } from './forms.ts'
import { allowed, type Workflow, type WorkflowDocument } from './workflow.ts'

type DocumentTable = PgTable & Record<'id' | 'state' | 'version' | 'updatedAt', PgColumn>

/** What a step changes besides the state, and what its event tells. */
export type Effect<Table extends DocumentTable> = {
  patch?: Partial<InferInsertModel<Table>>
  effectiveOn?: string
  detail?: EventDetail
}

/** A document's workflow together with its table and the work its steps do. */
export type Machine<Doc extends WorkflowDocument, Table extends DocumentTable> = {
  workflow: Workflow<Doc>
  subject: SubjectKind
  table: Table
  /** Loads within the actor's scope; undefined when it is not there for them. */
  load: (tx: Tx, acting: Acting, id: string) => Promise<Doc | undefined>
  /** What a step does beyond changing the state, in the same transaction, with the document's own keys in force. */
  effects?: Record<
    string,
    (
      tx: Tx,
      acting: Acting,
      document: Doc,
      values: Values,
      comment: string | null,
    ) => Promise<Effect<Table> | undefined>
  >
}

/** Called after a step in the same transaction as its event: both commit or neither. */
export type Subscriber = (tx: Tx, acting: Acting, step: { kind: string; action: string; id: string }) => Promise<void>

export type StepInput = {
  action: string
  version: number
  comment: string | null
  values?: Values
  /** Said by the other document's step that a step `along` belongs to; nobody takes such a step by itself. */
  along?: true
}

/**
 * The only writer of a document's state: locks the row, checks the workflow's row and guards against what is locked,
 * updates, writes the event. Two people at once: one acts, the other gets the page of what changed.
 */
export async function act<Doc extends WorkflowDocument, Table extends DocumentTable>(
  tx: Tx,
  acting: Acting,
  machine: Machine<Doc, Table>,
  id: string,
  input: StepInput,
  subscribers: readonly Subscriber[] = [],
): Promise<{ message: string }> {
  const { workflow, table } = machine
  // The number of the row stays, so that events which only name the document need not wait.
  await tx
    .select({ id: table.id })
    .from(table as PgTable)
    .where(eq(table.id, id))
    .for('no key update')
  const document = await machine.load(tx, acting, id)
  if (!document) throw new NotFound()
  if (document.version !== input.version) throw new Stale()
  const step = allowed(workflow, document, acting.actor).find(({ key }) => key === input.action)
  const row = workflow.steps[input.action]
  if (!step || !row || (row.along && !input.along)) throw new Forbidden()
  if (step.disabled) throw new RuleBroken(step.reasons.map(problemOf))
  if (row.comment === 'required' && !input.comment) {
    throw new RuleBroken([{ field: 'comment', text: `请写明${row.label}的理由。` }])
  }
  await widen(tx, [...new Set(Object.values(document.parties).flat())])
  const effect = await machine.effects?.[input.action]?.(tx, acting, document, input.values ?? {}, input.comment)
  await tx
    .update(table)
    .set({
      ...effect?.patch,
      state: row.to,
      version: sql`${table.version} + 1`,
      updatedAt: acting.clock.now(),
    } as never)
    .where(eq(table.id, id))
  await record(
    tx,
    acting,
    { kind: machine.subject, id },
    {
      action: `${workflow.kind}.${input.action}`,
      fromState: document.state,
      toState: row.to,
      comment: input.comment,
      effectiveOn: effect?.effectiveOn ?? null,
      detail: effect?.detail ?? {},
    },
  )
  for (const subscriber of subscribers) {
    await subscriber(tx, acting, { kind: workflow.kind, action: input.action, id })
  }
  return { message: row.done }
}

/** Who did which step of a document, read from those of its events that changed its state. */
export async function doneBy(tx: Tx, subject: { kind: SubjectKind; id: string }): Promise<Record<string, string[]>> {
  const done: Record<string, string[]> = {}
  for (const event of await eventsOf(tx, subject, sql`${events.toState} is not null`)) {
    const step = event.action.split('.')[1] ?? ''
    if (event.actorId) done[step] = [...(done[step] ?? []), event.actorId]
  }
  return done
}
