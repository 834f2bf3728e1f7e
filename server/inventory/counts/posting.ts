import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { cardTypes, usages } from '../../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import { RuleBroken } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import type { FormField, Values } from '../../kernel/forms.ts'
import { postNotice } from '../../records/notice-actions.ts'
import type { NoticeColumn } from '../../records/notice-workflow.ts'
import { figure } from '../lines/entry.ts'
import { outcomeOf, outcomes } from '../lines/rules.ts'
import type { Count } from './workflow.ts'

export const noticeFields: readonly FormField[] = [
  { key: 'place', label: '张贴地点', kind: 'text', max: 100, required: true, hint: '如 村务公开栏' },
  { key: 'contact', label: '联系人和电话', kind: 'text', max: 100, required: true, hint: '群众向谁反映' },
  { key: 'body', label: '公示说明', kind: 'longText', max: 1000, required: true },
]

/** What members are shown of each thing: what it is, where, how many were booked and found, and at what value. */
const columns: readonly NoticeColumn[] = [
  { key: 'name', header: '资产名称' },
  { key: 'type', header: '类别' },
  { key: 'location', header: '坐落位置' },
  { key: 'booked', header: '账面数', right: true },
  { key: 'counted', header: '清查数', right: true },
  { key: 'cost', header: '原值(元)', right: true },
  { key: 'usage', header: '使用状况' },
  { key: 'outcome', header: '清查结果' },
]

type Row = {
  origin: string
  name: string
  cardType: string
  location: string | null
  unit: string | null
  bookQuantity: string
  countedQuantity: string | null
  missingQuantity: string
  scrapQuantity: string
  undeterminedQuantity: string
  cost: string | null
  usage: string | null
  changes: object
}

/** Posts what the unit found, line by line; claims and debts among them. */
export async function postCount(tx: Tx, acting: Acting, count: Count, values: Values): Promise<{ no: string }> {
  const { place, contact, body } = values
  if (!place || !contact || !body) throw new RuleBroken('请写全张贴地点、联系方式和公示说明。')
  const lines = await tx.execute<Row>(sql`
    select l.origin, l.name, l.card_type as "cardType", coalesce(l.changes -> 'location' ->> 'new', l.location) as location,
      l.unit_of_measure as unit, l.book_quantity as "bookQuantity", l.counted_quantity as "countedQuantity",
      l.missing_quantity as "missingQuantity", l.scrap_quantity as "scrapQuantity",
      l.undetermined_quantity as "undeterminedQuantity",
      coalesce(case l.origin when 'surplus' then l.surplus_cost else l.book_cost - coalesce(l.missing_cost, 0) end)::text as cost,
      case when l.changes ? 'usage' then l.changes -> 'usage' ->> 'new' else l.usage end as usage, l.changes
    from count_lines l where l.count_id = ${count.id} order by l.no`)
  const claims = await tx.execute<{ name: string; kind: string; booked: string; counted: string | null }>(sql`
    select k.counterparty as name, case k.kind when 'claim' then '债权' else '债务' end as kind, k.book_amount::text as booked,
      k.counted_amount::text as counted
    from claim_lines k where k.count_id = ${count.id} order by k.no`)
  return postNotice(tx, acting, {
    title: `${count.unitName}${count.callTitle}结果`,
    body,
    unitId: count.unitId,
    unitName: count.unitName,
    track: count.track,
    about: { kind: 'count', id: count.id, no: count.no, path: `/inventory/counts/${count.no}` },
    columns,
    rows: [
      ...lines.map(cellsOf),
      ...claims.map(({ name, kind, booked, counted }) => ({
        name,
        type: kind,
        booked: '',
        counted: '',
        cost: counted ?? booked,
        outcome: counted === booked ? '相符' : `账面 ${booked}`,
      })),
    ],
    place,
    contact,
  })
}

function cellsOf(row: Row): Record<string, string> {
  const outcome = outcomes[outcomeOf(row)].label
  return {
    name: row.name,
    type: choiceLabel(cardTypes, row.cardType) ?? '',
    location: row.location ?? '',
    booked: row.origin === 'surplus' ? '' : `${figure(row.bookQuantity)}${row.unit ?? ''}`,
    counted: `${figure(row.countedQuantity ?? '0')}${row.unit ?? ''}`,
    cost: row.cost ?? '',
    usage: row.usage === null ? '' : (choiceLabel(usages, row.usage) ?? ''),
    outcome,
  }
}
