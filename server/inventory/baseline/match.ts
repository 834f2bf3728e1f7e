import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'

/** Widths of characters and blanks apart, as two offices write the same thing. */
const plain = (text: SQL) => sql`nullif(upper(regexp_replace(normalize(${text}, NFKC), '\\s', '', 'g')), '')`
const figure = (value: SQL) => sql`coalesce(trim_scale(${value})::text, '')`
const alike = (name: SQL, place: SQL, area: SQL) => sql`${plain(name)} || '|' || ${plain(place)} || '|' || ${area}`

/** By what an entry and a line are known to be the same: keys in their order, those that name one thing first. */
const ways: readonly { by: 'exact' | 'alike'; entry: SQL; line: SQL }[] = [
  { by: 'exact', entry: plain(sql`b.original_code`), line: plain(sql`l.code`) },
  { by: 'exact', entry: plain(sql`b.original_code`), line: plain(sql`l.original_code`) },
  { by: 'exact', entry: plain(sql`b.certificate`), line: plain(sql`l.certificate`) },
  { by: 'exact', entry: plain(sql`b.certificate`), line: plain(sql`c.details ->> 'plate'`) },
  ...[sql`l.floor_area`, sql`l.land_area`].map((area) => ({
    by: 'alike' as const,
    entry: alike(sql`b.name`, sql`b.location`, figure(sql`b.area`)),
    line: alike(sql`l.name`, sql`l.location`, figure(area)),
  })),
]

/**
 * Finds for the entries of a count's baseline the lines that are the same things, the n-th equal entry the n-th equal line;
 * returns how many. What people have decided of an entry is left alone: it has a later version than its first.
 */
export async function matchBaseline(tx: Tx, countId: string): Promise<number> {
  let matched = 0
  for (const { by, entry, line } of ways) {
    const found = await tx.execute(sql`
      with entries as (
        select b.id, ${entry} as key, row_number() over (partition by ${entry} order by b.no) as nth
        from baseline_lines b
        where b.count_id = ${countId} and b.line_id is null and b.settled_reason is null and b.version = 1 and ${entry} is not null),
      lines as (
        select l.id, ${line} as key, row_number() over (partition by ${line} order by l.no) as nth
        from count_lines l left join cards c on c.id = l.card_id
        where l.count_id = ${countId} and ${line} is not null
          and not exists (select from baseline_lines o where o.line_id = l.id))
      update baseline_lines b set line_id = l.id, matched_by = ${by}
      from entries e join lines l on l.key = e.key and l.nth = e.nth
      where b.id = e.id returning b.id`)
    matched += found.length
  }
  return matched
}
