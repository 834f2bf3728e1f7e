import { sql } from 'drizzle-orm'
import { amongParties } from '../../access/scope.ts'
import type { CardPanel, CardUses } from '../../assets/ports.ts'
import { countWorkflow } from './workflow.ts'

/** What the card's page says of counts that have a line for it. */
export const inventoryOfCard: CardPanel = async (tx, actor, card) => {
  const rows = await tx.execute<Line>(sql`
    select t.no, t.state, l.no as line, c.title, c.base_on::text as "baseOn", l.origin, l.counted_quantity is not null as counted,
      l.missing_quantity > 0 as missing, l.scrap_quantity > 0 as scrap, l.undetermined_quantity > 0 as undetermined,
      l.changes <> '{}' as changed
    from count_lines l join counts t on t.id = l.count_id join calls c on c.id = t.call_id
    where l.card_id = ${card.id} and t.state <> 'cancelled' and ${amongParties(actor, sql`t.party_keys`)}
    order by t.created_at desc, t.id desc limit 20`)
  if (rows.length === 0) return null
  return {
    title: '清查',
    rows: rows.map((row) => ({
      text: row.no,
      href: `/inventory/counts/${row.no}/lines/${row.line}`,
      ...outcomeOf(row),
      note: `${row.title}，基准日 ${row.baseOn}，${countWorkflow.states[row.state].label}`,
    })),
  }
}

/** A count has read the card as it was then. */
export const inventoryUses: CardUses = (touched) => sql`
  select t.card_id, '清查 ' || n.no || ' 列有它' as reason, '/inventory/counts/' || n.no as path
  from (${touched}) t join count_lines l on l.card_id = t.card_id
  join counts n on n.id = l.count_id and n.state <> 'cancelled' and n.created_at >= t.since`

type Line = {
  no: string
  state: keyof typeof countWorkflow.states
  line: number
  title: string
  baseOn: string
  origin: 'booked' | 'surplus'
  counted: boolean
  missing: boolean
  scrap: boolean
  undetermined: boolean
  changed: boolean
}

function outcomeOf(line: Line): { badge: string; tone: string } {
  if (line.origin === 'surplus') return { badge: '盘盈', tone: 'info' }
  if (!line.counted) return { badge: '未盘', tone: 'neutral' }
  if (line.missing) return { badge: '盘亏', tone: 'danger' }
  if (line.scrap) return { badge: '待报废', tone: 'warning' }
  if (line.undetermined) return { badge: '待界定', tone: 'warning' }
  return line.changed ? { badge: '信息变更', tone: 'info' } : { badge: '账实相符', tone: 'success' }
}
