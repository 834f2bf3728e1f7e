import { sql } from 'drizzle-orm'
import { type County, type CountyEntry, openCounty } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { allKeys } from '../../server/access/actor-for.ts'
import { systemActor } from '../../server/access/system.ts'
import type { Actor } from '../../server/kernel/actor.ts'
import { databaseUrl, once, testSchema } from '../support/test-server.ts'

/** Cards of which every register has the same number, whatever its size, to be looked for. */
export const marked = { text: '藕塘', type: 'intangible', usage: 'lent', count: 40 }
const cardsOfAUnit = 1000

export type LargeRegister = { county: County; entry: CountyEntry; actor: Actor; close(): Promise<void> }

/** A county with so many cards in villages of a thousand, made up by the database itself. */
export async function openLargeRegister(server: string, cards: number): Promise<LargeRegister> {
  const name = `register_${cards}`
  await once(server, (maker) => maker.unsafe(`create database ${name}`))
  const url = databaseUrl(server, name)
  await migrate(url, testSchema)
  const entry = { dsn: url, schema: testSchema }
  const county = openCounty(entry, { max: 4 })
  const actor = await county.transaction({ timeout: 3_600_000 }, async (tx) => {
    await tx.execute(sql`
      insert into divisions (code, name, level) select '510923' || lpad((100 + t)::text, 3, '0') || '000', '第' || t || '镇', 4
      from generate_series(0, 39) t`)
    await tx.execute(sql`
      insert into divisions (code, name, level)
      select '510923' || lpad((100 + v % 40)::text, 3, '0') || lpad((200 + v / 40)::text, 3, '0'), '第' || v || '村', 5
      from generate_series(0, ${Math.ceil(cards / cardsOfAUnit) - 1}::int) v`)
    await tx.execute(sql`
      insert into units (code, kind, regime) select d.code || 'J1', 'village_collective', 'collective'
      from divisions d where d.level = 5`)
    await tx.execute(sql`
      insert into unit_periods (unit_id, valid_from, name, division_code, entity_id)
      select u.id, '2020-01-01', d.name || '股份经济合作联合社', d.code, u.id from units u join divisions d on u.code = d.code || 'J1'`)
    await tx.execute(sql`
      insert into cards (code, name, track, card_type, owner_unit_id, division_code, location, original_code, certificate,
        nature, usage, land_area, floor_area, cost, depreciation, net_value, quantity, acquired_on, acquired_precision,
        valid_from, created_at, updated_at)
      select '510923' || lpad(i::text, 8, '0'),
        d.name || case when i % ${cards / marked.count}::int = 7 then ${marked.text}
          else (array['村部办公楼','小学教学楼','文化活动室','卫生站','便民服务中心','蓄水池','机耕道','冷链库房'])[i % 8 + 1] end
          || i % 97 || '号',
        'collective',
        case when i % ${cards / marked.count}::int = 9 then ${marked.type}
          when i % 10 < 6 then 'house' when i % 10 < 8 then 'structure' when i % 10 = 8 then 'equipment' else 'land' end,
        u.id, d.code, d.name || i % 12 + 1 || '组' || i % 311 || '号', 'ZC' || lpad(i::text, 8, '0'),
        case when i % 4 > 0 then '川（2019）大英县不动产权第' || lpad(i::text, 7, '0') || '号' end,
        case when i % 7 = 0 then 'operating' else 'non_operating' end,
        case when i % ${cards / marked.count}::int = 9 then ${marked.usage}
          when i % 20 = 0 then 'idle' when i % 20 = 1 then 'leased' when i % 50 = 2 then 'awaiting_disposal' else 'in_use' end,
        i % 9000 / 7.0, i % 5000 / 3.0, i % 900000, i % 900000 / 2, i % 900000 - i % 900000 / 2, 1, '2015-06-01', 'day',
        '2026-01-01', '2026-01-01'::timestamptz + i * interval '1 second', '2026-01-01'
      from generate_series(0, ${cards - 1}::int) i
      join (select *, row_number() over (order by code) - 1 as at from units) u on u.at = i / ${cardsOfAUnit}::int
      join divisions d on u.code = d.code || 'J1'`)
    // Who approves for the villages of a county.
    return systemActor((await allKeys(tx)).filter((key) => BigInt(key) % 2n === 1n))
  })
  for (const table of ['cards', 'card_sums', 'owner_sums']) {
    await county.driver.unsafe(`vacuum analyze ${testSchema}.${table}`)
  }
  return {
    county,
    entry,
    actor,
    close: async () => {
      await county.driver.end({ timeout: 5 })
      await once(server, (maker) => maker.unsafe(`drop database ${name}`))
    },
  }
}
