import { cardTypes, tracks, usages } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { RegisterColumn } from '../../imports/sheets/register.ts'
import type { Actor } from '../kernel/actor.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import { money as shownMoney } from '../kernel/templates.ts'
import { chosenView, type Table } from './chosen-view.ts'
import { type CardFilter, type CardRow, orderOf } from './list.ts'
import type { RegisterPage } from './register.ts'
import { usageTones } from './usage-tones.ts'

/** Columns, the usual and the chosen ones, and the order that each stands for. */
const orderKeys: Record<string, string> = {
  ...{ code: 'code', name: 'name', cost: 'cost' },
  ...{ acquired: 'acquired', land: 'land', floor: 'floor', net: 'net' },
  ...{ acquiredOn: 'acquired', landArea: 'land', floorArea: 'floor', netValue: 'net' },
}

/**
 * The register's table as the template draws it: columns with their sort links, rows, totals and pages.
 * On a past day each row and the totals tell what was recorded only afterwards. Where all cards are of one track, the
 * track takes no column, unless it was chosen.
 */
export function listView(
  actor: Pick<Actor, 'grants'>,
  filter: CardFilter,
  { page, totals, capped }: Pick<RegisterPage, 'page' | 'totals' | 'capped'>,
  day: string | null,
  chosen?: readonly RegisterColumn[],
) {
  const cardHref = (code: string) => filterUrl(`/assets/${code}`, day ? { asOf: day } : {})
  const later = totals.later_count !== '0'
  const count = countText(totals.count, capped)
  const { key: sorted, descending } = orderOf(filter.sort)
  const link = (changes: Filter) => filterUrl('/assets', { ...filter, columns: chosen?.join(',') }, changes)
  const table = chosen ? chosenView(chosen, filter.type || null) : usual(!ofOneTrack(actor, filter))
  const sums = { cost: totals.cost, net: totals.net_value, land: totals.land_area, floor: totals.floor_area }
  const cost = later ? { text: sums.cost, hint: `后补 ${shownMoney(totals.later_cost)}` } : sums.cost
  const net = later ? { text: sums.net, hint: `后补 ${shownMoney(totals.later_net)}` } : sums.net
  return {
    columns: table.columns.map((column) => {
      const order = orderKeys[column.key]
      return {
        ...column,
        sortable: order !== undefined,
        sorted: order !== undefined && order === sorted ? (descending ? 'desc' : 'asc') : null,
        href: link({ sort: order === sorted && !descending ? `-${order}` : order }),
      }
    }),
    stack: table.stack,
    rows: page.rows.map((row) => ({
      ...table.cells(row, {
        code: { text: row.code, href: cardHref(row.code) },
        name: { text: row.name, href: cardHref(row.code), hint: hints(row) },
      }),
      ticks: row.code,
      title: row.name,
    })),
    totals: {
      name: later
        ? { text: count, hint: `其中后补 ${totals.later_count} 项` }
        : capped
          ? { text: count, hint: '太多，没有合计；请加条件' }
          : count,
      ...{ land: sums.land, landArea: sums.land, floor: sums.floor, floorArea: sums.floor },
      ...{ cost, net, netValue: net },
    },
    past: day && {
      day,
      todayHref: link({ asOf: undefined }),
      later: later ? { count: totals.later_count, cost: totals.later_cost, net: totals.later_net } : null,
    },
    count,
    previous: page.previous && link({ before: page.previous }),
    next: page.next && link({ after: page.next }),
  }
}

function countText(count: string, capped: RegisterPage['capped']): string {
  if (capped === 'about') return `约 ${Number(count) / 10_000} 万项`
  return capped === 'beyond' ? `超过 ${count} 项` : `共 ${count} 项`
}

function ofOneTrack({ grants }: Pick<Actor, 'grants'>, { track }: CardFilter): boolean {
  const [first] = grants
  return Boolean(track) || (first?.track !== 'both' && grants.every((grant) => grant.track === first?.track))
}

function hints({ undetermined, recorded_later }: CardRow): string | null {
  const texts = [undetermined ? '待界定' : '', recorded_later ? `后补：${recorded_later} 才记入` : '']
  return texts.filter(Boolean).join('　') || null
}

/** The columns of a list whose reader has chosen none. */
function usual(withTrack: boolean): Table {
  return {
    columns: columns.filter(({ key }) => key !== 'track' || withTrack),
    cells: (row, ways) => ({
      ...ways,
      track: choiceLabel(tracks, row.track),
      type: choiceLabel(cardTypes, row.card_type),
      owner: row.owner_name,
      location: row.location,
      acquired: { date: row.acquired_on, precision: row.acquired_precision },
      land: row.land_area,
      floor: row.floor_area,
      cost: row.cost,
      net: row.net_value,
      usage: row.usage && { badge: choiceLabel(usages, row.usage), tone: usageTones[row.usage] ?? 'neutral' },
    }),
    stack: { name: 'title', usage: 'badge', owner: 'line', cost: 'figure', code: 'line' },
  }
}

const columns = [
  { key: 'code', label: '资产编号', nowrap: true },
  { key: 'name', label: '资产名称', clip: true },
  { key: 'track', label: '属性' },
  { key: 'type', label: '类别', nowrap: true },
  { key: 'owner', label: '权属单位', clip: true },
  { key: 'location', label: '坐落', clip: true },
  { key: 'acquired', label: '取得', format: 'date', nowrap: true },
  { key: 'land', label: '占地', unit: '㎡', format: 'area' },
  { key: 'floor', label: '建筑', unit: '㎡', format: 'area' },
  { key: 'cost', label: '原值', unit: '元', format: 'money' },
  { key: 'net', label: '净值', unit: '元', format: 'money' },
  { key: 'usage', label: '状况' },
]
