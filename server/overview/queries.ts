import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { within } from '../access/scope.ts'
import type { Actor } from '../kernel/actor.ts'

export type Tile = { label: string; value: number; unit: string; href: string; note: string }

export async function cardCounts(tx: Tx, actor: Actor) {
  const [counts] = await tx
    .select({
      cards: sql<number>`count(*)::int`,
      idle: sql<number>`count(*) filter (where ${cards.usage} = 'idle')::int`,
      undetermined: sql<number>`count(*) filter (where ${cards.undetermined})::int`,
    })
    .from(cards)
    .where(sql`${within(actor, cards.ownerKey)} and not ${cards.voided}`)
  return counts ?? { cards: 0, idle: 0, undetermined: 0 }
}

export async function accountTiles(tx: Tx, today: string): Promise<Tile[]> {
  const [counts] = await tx.execute<{ units: number; people: number; bare: number }>(sql`
    select
      (select count(*)::int from units where state <> 'closed') as units,
      (select count(*)::int from people where disabled_at is null) as people,
      (select count(*)::int from people p where disabled_at is null and not exists (
        select 1 from memberships m where m.person_id = p.id
          and m.valid_from <= ${today} and (m.valid_to is null or m.valid_to >= ${today}))) as bare`)
  const { units = 0, people = 0, bare = 0 } = counts ?? {}
  return [
    { label: '单位', value: units, unit: '个', href: '/units', note: '看单位' },
    { label: '账号', value: people, unit: '个', href: '/people', note: '看账号' },
    { label: '还没有岗位的账号', value: bare, unit: '个', href: '/people', note: '由安全管理员授予' },
  ]
}
