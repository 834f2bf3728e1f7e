import type { Tx } from '../../db/client.ts'
import type { Actor } from '../kernel/actor.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { ViewedList } from '../kernel/views.ts'
import { addressOf, readAddress } from './addresses.ts'
import { findNamed, mostViews, type View, viewsOf } from './views.ts'

/** The lists there are, and the address somebody comes from. */
type Where = { lists: readonly ViewedList[]; from: string | undefined; today: string }

export async function allViews(tx: Tx, actor: Actor, where: Where) {
  const views = await viewsOf(tx, actor)
  const groups = []
  for (const list of where.lists) {
    const own = views.filter((view) => view.list === list.path)
    const words = await wordsOf(tx, list, own, where.today)
    const rows = own.map((view, at) => ({
      name: { text: view.name, href: `/views/${view.id}` },
      conditions: words[at] ?? null,
      edit: { text: '修改', href: filterUrl(`/views/${view.id}/edit`, { from: where.from }) },
    }))
    groups.push({ title: list.title, count: `${own.length} / ${mostViews}`, rows, listHref: list.path })
  }
  return { groups, origin: originOf(where) }
}

/** One view to be renamed, given the address one comes from, or deleted. */
export async function editedView(tx: Tx, view: View, where: Where) {
  const list = where.lists.find(({ path }) => path === view.list)
  const present = readAddress(where.lists, where.from ?? '')
  const other = present?.list.path === view.list && present.query !== view.query ? present : null
  const [kept, asked] = await wordsOf(tx, list, other ? [view, other] : [view], where.today)
  return {
    view,
    from: where.from ?? null,
    origin: originOf(where),
    allHref: filterUrl('/views', { from: where.from }),
    choices: other
      ? [
          { value: 'kept', label: '保持不变', hint: kept },
          { value: 'present', label: `改成${other.list.title}现在的条件`, hint: asked },
        ]
      : null,
    kept,
  }
}

/** A view that could not be saved, and the one in whose place it could stand. */
export async function unsavedView(tx: Tx, actor: Actor, name: string, where: Where) {
  const read = readAddress(where.lists, where.from ?? '')
  const same = read && (await findNamed(tx, actor, { list: read.list.path, name }))
  const [kept] = read ? await wordsOf(tx, read.list, [read], where.today) : []
  const [replaced] = read && same ? await wordsOf(tx, read.list, [same], where.today) : []
  return {
    from: where.from ?? null,
    origin: originOf(where),
    kept: kept ?? null,
    same: same ? { id: same.id, version: same.version, name: same.name, kept: replaced ?? null } : null,
  }
}

/** The way back to where one comes from. */
function originOf({ lists, from }: Where): { text: string; href: string } | null {
  const read = readAddress(lists, from ?? '')
  const list = read?.list ?? lists[0]
  return list ? { text: list.title, href: addressOf({ list: list.path, query: read?.query ?? '' }) } : null
}

async function wordsOf(
  tx: Tx,
  list: ViewedList | undefined,
  views: readonly { query: string }[],
  today: string,
): Promise<string[]> {
  const queries = views.map(({ query }) => query)
  const words = list && queries.length > 0 ? await list.words(tx, queries, today) : []
  return queries.map((_query, at) => words[at]?.join('，') || '没有条件，默认栏目')
}
