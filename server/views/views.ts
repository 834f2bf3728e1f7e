import { and, eq, ne, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { prepared } from '../../db/prepared.ts'
import { savedViews } from '../../db/schema/views.ts'
import type { Actor } from '../kernel/actor.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'

/** So many views one person keeps of one list. */
export const mostViews = 30
/** What a query may be long, as the table has it. */
const longest = 3000

export type View = typeof savedViews.$inferSelect
export type NewView = Pick<View, 'list' | 'name' | 'query'>

/** The actor's own views, of one list or of all, in the order they were saved. */
export async function viewsOf(tx: Tx, actor: Actor, list?: string): Promise<View[]> {
  const condition = list === undefined ? own(actor) : and(own(actor), eq(savedViews.list, list))
  return tx.select().from(savedViews).where(condition).orderBy(savedViews.id)
}

/** The same of one list, of what its page needs: every page of a list asks for it. */
export async function viewsOn(tx: Tx, actor: Actor, list: string): Promise<Pick<View, 'id' | 'name' | 'query'>[]> {
  return prepared(
    tx,
    sql`select id::text as id, name, query from saved_views where person_id = ${keeperOf(actor)} and list = ${list}
      order by saved_views.id`,
  )
}

/** A view of the actor's own; what others keep is not there. */
export async function findView(tx: Tx, actor: Actor, id: string): Promise<View> {
  const [view] = await tx
    .select()
    .from(savedViews)
    .where(and(own(actor), eq(savedViews.id, id)))
  if (!view) throw new NotFound()
  return view
}

export async function findNamed(tx: Tx, actor: Actor, { list, name }: Omit<NewView, 'query'>) {
  const [view] = await tx
    .select()
    .from(savedViews)
    .where(and(own(actor), eq(savedViews.list, list), eq(savedViews.name, name)))
  return view
}

export async function saveView(tx: Tx, { actor, clock }: Acting, view: NewView): Promise<void> {
  checkLength(view.query)
  await lockViews(tx, actor, view.list)
  if (await findNamed(tx, actor, view)) throw taken(view.name, '，或在下面覆盖它')
  const kept = await viewsOf(tx, actor, view.list)
  if (kept.length >= mostViews) {
    throw new RuleBroken(`常用视图最多 ${mostViews} 个，请先到“管理常用视图”删除不用的。`)
  }
  const now = clock.now()
  const [made] = await tx
    .insert(savedViews)
    .values({ ...view, personId: keeperOf(actor), createdAt: now, updatedAt: now })
    .onConflictDoNothing()
    .returning({ id: savedViews.id })
  if (!made) throw taken(view.name)
}

/** Gives a view another name or another address; what is not said stays. */
export async function changeView(
  tx: Tx,
  { actor, clock }: Acting,
  id: string,
  { version, ...changes }: Partial<NewView> & { version: number },
): Promise<View> {
  const view = { ...(await lockView(tx, actor, id, version)), ...changes }
  checkLength(view.query)
  const [other] = await tx
    .select({ id: savedViews.id })
    .from(savedViews)
    .where(and(own(actor), eq(savedViews.list, view.list), eq(savedViews.name, view.name), ne(savedViews.id, id)))
  if (other) throw taken(view.name)
  const { name, query } = view
  await tx
    .update(savedViews)
    .set({ name, query, version: version + 1, updatedAt: clock.now() })
    .where(eq(savedViews.id, id))
  return view
}

export async function deleteView(tx: Tx, { actor }: Acting, id: string, version: number): Promise<View> {
  const view = await lockView(tx, actor, id, version)
  await tx.delete(savedViews).where(eq(savedViews.id, id))
  return view
}

async function lockView(tx: Tx, actor: Actor, id: string, version: number): Promise<View> {
  const { list } = await findView(tx, actor, id)
  await lockViews(tx, actor, list)
  const view = await findView(tx, actor, id)
  if (view.version !== version) throw new Stale()
  return view
}

/** Of two that one person saves at once, the second waits and then sees the first. */
async function lockViews(tx: Tx, actor: Actor, list: string): Promise<void> {
  await tx
    .select({ id: savedViews.id })
    .from(savedViews)
    .where(and(own(actor), eq(savedViews.list, list)))
    .for('update')
}

function taken(name: string, or = ''): RuleBroken {
  return new RuleBroken([{ field: 'name', text: `已有名为“${name}”的常用视图，请换一个名称${or}。` }])
}

function checkLength(query: string): void {
  if (query.length > longest) throw new RuleBroken('条件和栏目太多，存不下，请少选几个栏目。')
}

function own(actor: Actor) {
  return eq(savedViews.personId, keeperOf(actor))
}

/** Only people keep views: the system has no pages. */
function keeperOf({ personId }: Actor): string {
  if (personId === null) throw new Forbidden('no person')
  return personId
}
