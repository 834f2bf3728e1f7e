import { filterUrl } from '../kernel/filter.ts'
import type { ViewPanel } from '../kernel/views.ts'
import { splitAddress } from './addresses.ts'
import { viewsOn } from './views.ts'

/** So many stand on the page of the list; the others on the page of all. */
const shown = 12

export const viewPanel: ViewPanel = async (tx, actor, address) => {
  const { path, query } = splitAddress(address)
  const views = (await viewsOn(tx, actor, path)).map((view) => ({
    name: view.name,
    href: `/views/${view.id}`,
    current: view.query === query,
  }))
  const present = views.findLastIndex(({ current }) => current)
  const places = views.filter((_view, at) => at < shown - 1 || at === Math.max(shown - 1, present))
  return {
    views: places,
    more: views.length - places.length,
    manageHref: filterUrl('/views', { from: address }),
    from: address,
  }
}
