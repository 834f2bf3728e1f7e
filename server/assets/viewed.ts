import { sql } from 'drizzle-orm'
import Value from 'typebox/value'
import type { Tx } from '../../db/client.ts'
import { list } from '../../db/sql.ts'
import { unitsOn } from '../access/units.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { ViewedList } from '../kernel/views.ts'
import { readColumns } from './columns.ts'
import { conditionsOf } from './conditions.ts'
import { CardFilter, orderOf } from './list.ts'

/** Where one stands in the list is not kept. */
const { after: _after, before: _before, ...conditions } = CardFilter.properties
const others = ['columns', 'after', 'before']

/** The register as a list of which people keep views. */
export const viewedRegister: ViewedList = {
  path: '/assets',
  title: '资产台账',
  read: (query) => {
    const { filter, columns, problems } = readQuery(query)
    return { query: queryOf({ ...filter, columns: columns?.join(',') }), problems }
  },
  words: async (tx, queries, today) => {
    const read = queries.map(readQuery)
    const [towns, units] = [await townNames(tx), await unitNames(tx, read, today)]
    return read.map(({ filter, columns }) => [
      ...conditionsOf(filter).filter(Boolean),
      ...(filter.town ? [`乡镇：${towns.get(filter.town) ?? filter.town}`] : []),
      ...(filter.unit ? [`权属单位：${units.get(filter.unit) ?? filter.unit}`] : []),
      ...(filter.asOf ? [`时点：${filter.asOf}`] : []),
      ...orderWords(filter.sort),
      ...(columns ? [`${columns.length} 个栏目`] : []),
    ])
  },
}

function readQuery(query: string) {
  const sent = new URLSearchParams(query)
  const problems: string[] = []
  const known: Record<string, string> = {}
  for (const key of new Set(sent.keys())) {
    const value = sent.get(key) ?? ''
    if (others.includes(key) || value === '') continue
    if (!isCondition(key)) problems.push(`台账已没有“${key.slice(0, 20)}”这个条件，已去掉。`)
    else if (accepts(key, value)) known[key] = value
    else problems.push(`条件“${labels[key]}”里的“${value.slice(0, 20)}”台账已不认得，已去掉。`)
  }
  if (orderOf(known.sort).key === '') delete known.sort
  const filter: CardFilter = known
  const { chosen, problems: unknown } = readColumns(sent.getAll('columns'), filter.type || null)
  return { filter, columns: chosen, problems: [...problems, ...unknown.map(({ text }) => text)] }
}

function queryOf(filter: Record<string, string | undefined>): string {
  return filterUrl('', filter).slice(1)
}

type Condition = keyof typeof conditions

const labels: Record<Condition, string> = {
  ...{ q: '查找', track: '资产属性', type: '资产类别', nature: '资产性质', usage: '使用状况', town: '乡镇' },
  ...{ unit: '权属单位', undetermined: '待界定', asOf: '时点', sort: '排序' },
}

function accepts(key: Condition, value: string): boolean {
  return Value.Check(conditions[key], value)
}

function isCondition(key: string): key is Condition {
  return Object.hasOwn(conditions, key)
}

const orders: Record<string, string> = {
  ...{ code: '资产编号', name: '资产名称', acquired: '取得时间', land: '占地面积', floor: '建筑面积' },
  ...{ cost: '原值', net: '净值' },
}

function orderWords(sort: string | undefined): string[] {
  const { key, descending } = orderOf(sort)
  return key === '' ? [] : [`按${orders[key]}${descending ? '降序' : '升序'}`]
}

async function townNames(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.execute<{ code: string; name: string }>(sql`select code, name from divisions where level = 4`)
  return new Map(rows.map(({ code, name }) => [code, name]))
}

async function unitNames(tx: Tx, read: readonly { filter: CardFilter }[], today: string): Promise<Map<string, string>> {
  const codes = read.flatMap(({ filter }) => filter.unit ?? [])
  if (codes.length === 0) return new Map()
  const units = await unitsOn(tx, today, sql`u.code in (${list(codes.map((code) => sql`${code}`))})`)
  return new Map(units.map(({ code, name }) => [code, name]))
}
