import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { amongParties, keyArray } from '../../access/scope.ts'
import type { CardPanel, CardUses } from '../../assets/ports.ts'
import type { Actor, Role } from '../../kernel/actor.ts'
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

/** Counts whose next step is this person's: to be counted, or to be checked. */
export async function inventoryWaiting(tx: Tx, actor: Actor) {
  const [keep, lead] = [keysAs(actor, 'keeper'), keysAs(actor, 'lead')]
  const [found] = await tx.execute<{ open: number; reminded: number; submitted: number }>(sql`
    select count(*) filter (where state = 'counting' and scope_key = any(${keep}))::int as open,
      count(*) filter (where state = 'counting' and scope_key = any(${keep}) and reminded_at is not null)::int as reminded,
      count(*) filter (where state = 'submitted' and scope_key = any(${lead}) and unit_kind <> 'stationed')::int as submitted
    from counts where state in ('counting', 'submitted') and (scope_key = any(${keep}) or scope_key = any(${lead}))`)
  const { open = 0, reminded = 0, submitted = 0 } = found ?? {}
  return [
    { title: '清查：待盘点', href: '/inventory', count: open, note: reminded > 0 ? `已催办 ${reminded} 件` : '' },
    { title: '清查：待审核', href: '/inventory?state=open', count: submitted, note: '' },
  ]
}

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

function keysAs({ grants }: Actor, role: Role) {
  return keyArray(new Set(grants.filter((grant) => grant.role === role).flatMap(({ keys }) => [...keys])))
}
