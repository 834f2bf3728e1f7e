import { cardTypes, tracks, usages } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import type { Page } from '../kernel/paging.ts'
import { type CardFilter, type CardRow, type CardTotals, orderOf } from './list.ts'
import { usageTones } from './usage-tones.ts'

const sortable: Record<string, string> = {
  code: 'code',
  name: 'name',
  acquired: 'acquired',
  land: 'land',
  floor: 'floor',
  cost: 'cost',
  net: 'net',
}

/** The register's table as the template draws it: columns with their sort links, rows, totals and pages. */
export function listView(filter: CardFilter, page: Page<CardRow>, totals: CardTotals) {
  const { key: sorted, descending } = orderOf(filter.sort)
  const link = (changes: Filter) => filterUrl('/assets', filter as Filter, changes)
  return {
    columns: columns.map((column) => ({
      ...column,
      sortable: column.key in sortable,
      sorted: column.key === sorted ? (descending ? 'desc' : 'asc') : null,
      href: link({ sort: column.key === sorted && !descending ? `-${column.key}` : column.key }),
    })),
    rows: page.rows.map((row) => ({
      code: { text: row.code, href: `/assets/${row.code}` },
      name: { text: row.name, href: `/assets/${row.code}`, hint: row.undetermined ? '待界定' : null },
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
    })),
    totals: {
      name: `共 ${totals.count} 项`,
      land: totals.land_area,
      floor: totals.floor_area,
      cost: totals.cost,
      net: totals.net_value,
    },
    count: totals.count,
    previous: page.previous && link({ before: page.previous }),
    next: page.next && link({ after: page.next }),
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
