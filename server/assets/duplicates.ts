import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { keyArray, within } from '../access/scope.ts'
import type { Actor } from '../kernel/actor.ts'
import { keyset, type Place, paged } from '../kernel/paging.ts'

/** Why two cards are taken for one asset, the surest first. */
export const duplicateRules = {
  certificate: '权证编号相同',
  plate: '车牌号相同',
  original: '同一单位原资产编号相同',
  place: '名称、位置和面积都相同',
} as const
export type DuplicateRule = keyof typeof duplicateRules

export type DuplicateFilter = {
  rule?: string | undefined
  unit?: string | undefined
  track?: string | undefined
  /** Number of an import: groups with a card that it made or changed. */
  batch?: string | undefined
} & Place

const groupsPerPage = 20

const rules = sql`${`{${Object.keys(duplicateRules).join(',')}}`}::text[]`

/** Width, case and blanks tell no two numbers apart. */
const plain = (text: SQL): SQL => sql`nullif(upper(regexp_replace(normalize(${text}, NFKC), '\\s', '', 'g')), '')`
/** 无, — or 办理中 is no number: without a digit nothing is named. */
const numbered = (text: SQL): SQL => sql`substring(${plain(text)} from '.*[0-9].*')`

/**
 * The keys under which cards are taken for the same, in the order of the rules. Name, place and area count only for what lies in one place for good:
 * ten equal desks in one room are ten desks, but two schools of one name, address and area are hardly two.
 */
const keysOfCard = sql`unnest(${rules}, array[
  ${numbered(sql`c.certificate`)},
  ${numbered(sql`c.details ->> 'plate'`)},
  c.owner_unit_id || ' ' || ${numbered(sql`c.original_code`)},
  case when c.card_type in ('house', 'land', 'structure', 'public_facility', 'resource')
      and (c.land_area is not null or c.floor_area is not null)
    then concat_ws('|', ${plain(sql`c.name`)}, c.division_code, coalesce(${plain(sql`c.location`)}, ''),
      coalesce(c.land_area::text, '-'), coalesce(c.floor_area::text, '-')) end]) k(rule, key)`

/** The card each piece comes from in the end: what was split is one asset in several cards, not one asset twice. */
const lineage = sql`
  lineage as (
    select id, split_from_id as root, 1 as depth from cards where split_from_id is not null
    union all
    select l.id, p.split_from_id, l.depth + 1 from lineage l join cards p on p.id = l.root where p.split_from_id is not null
  ),
  roots as (select distinct on (id) id, root from lineage order by id, depth desc)`

/** Groups of cards under one key in which some pair is neither of one origin nor found to be two assets. */
function groups(actor: Actor, { rule, unit, track, batch }: DuplicateFilter): SQL {
  const asked = [sql`true`]
  if (rule) asked.push(sql`rule = ${rule}`)
  if (unit) asked.push(sql`bool_or(unit_code = ${unit})`)
  if (track) asked.push(sql`bool_or(track = ${track})`)
  const among = batch
    ? sql`and (k.rule, k.key) in (select k.rule, k.key from own c cross join lateral ${keysOfCard} where k.key is not null)`
    : sql``
  return sql`
    with recursive ${lineage},
    own as materialized (
      select c.* from import_batches b join import_rows r on r.batch_id = b.id and r.status in ('new', 'changed')
      join cards c on c.id = r.entry_id
      where b.no = ${batch ?? ''} and b.state = 'committed' and ${within(actor, sql`b.scope_key`)} and not c.voided
    ),
    member as (
      select c.id, c.track, u.code as unit_code, k.rule, k.key, coalesce(r.root, c.id) as root
      from cards c join units u on u.id = c.owner_unit_id cross join lateral ${keysOfCard}
      left join roots r on r.id = c.id
      where ${within(actor, sql`c.owner_key`)} and not c.voided and k.key is not null ${among}
    ),
    alike as (
      select rule, key, count(*) as cards, min(id) as first, array_agg(id order by id) as ids,
        array_agg(root order by id) as roots
      from member group by rule, key having count(distinct root) > 1 and ${sql.join(asked, sql` and `)}
    ),
    related as (
      select rule, key, sum(pieces * (pieces - 1) / 2) as pairs from (
        select rule, key, root, count(*) as pieces from member group by rule, key, root) s group by rule, key
    ),
    apart as (
      select f.rule, f.key, count(*) as pairs
      from card_distinctions d join member f on f.id = d.first_card_id join member s on s.id = d.second_card_id
        and s.rule = f.rule and s.key = f.key and s.root <> f.root
      group by f.rule, f.key
    ),
    found as (
      select a.*, array_position(${rules}, a.rule)::text || lpad(a.first::text, 19, '0') as place
      from alike a left join related r using (rule, key) left join apart p using (rule, key)
      where a.cards * (a.cards - 1) / 2 > coalesce(r.pairs, 0) + coalesce(p.pairs, 0)
    )`
}

type GroupRow = { rule: DuplicateRule; first: string; ids: string[]; roots: string[]; place: string }

/** One page of suspected duplicates with what tells their cards apart, and how many there are. */
export async function listDuplicates(tx: Tx, actor: Actor, filter: DuplicateFilter, today: string) {
  const { where, orderBy } = keyset({ by: sql`place`, type: 'text', id: sql`first`, descending: false }, filter)
  const rows = await tx.execute<Partial<GroupRow> & { groups: string; cards: string }>(sql`
    ${groups(actor, filter)}
    select t.groups, t.cards, p.* from (select count(*)::text as groups, coalesce(sum(cards), 0)::text as cards from found) t
    left join (
      select rule, first::text as first, ids::text[] as ids, roots::text[] as roots, place from found
      where ${where ?? sql`true`} order by ${orderBy} limit ${groupsPerPage + 1}) p on true`)
  const listed = rows.filter((row): row is GroupRow & { groups: string; cards: string } => row.first !== null)
  const page = paged(listed, filter, (row) => ({ value: row.place, id: row.first }), groupsPerPage)
  const ids = [...new Set(page.rows.flatMap((row) => row.ids.slice(0, mostCards)))]
  const cards = new Map((await membersOf(tx, ids, today)).map((card) => [card.id, card]))
  const apart = await pairsApart(tx, ids)
  return {
    ...page,
    rows: page.rows.map((group) => ({
      rule: group.rule,
      label: duplicateRules[group.rule],
      cards: group.ids.flatMap((id) => cards.get(id) ?? []),
      more: Math.max(0, group.ids.length - mostCards),
      pairs: pairsOf(group, apart).map(([first, second]) => [cards.get(first)?.code, cards.get(second)?.code]),
    })),
    groups: rows[0]?.groups ?? '0',
    cards: rows[0]?.cards ?? '0',
  }
}

/** How many suspected duplicates the cards of an import, or of a unit, have a part in. */
export async function countDuplicates(
  tx: Tx,
  actor: Actor,
  filter: Pick<DuplicateFilter, 'batch' | 'unit' | 'track'>,
): Promise<number> {
  const [row] = await tx.execute<{ count: number }>(
    sql`${groups(actor, filter)} select count(*)::int as count from found`,
  )
  return row?.count ?? 0
}

/** Enough to settle a group from its top; the others come up when these are settled. */
const mostCards = 10
const mostPairs = 6

function pairsOf({ ids, roots }: GroupRow, apart: ReadonlySet<string>): [string, string][] {
  const shown = ids.slice(0, mostCards)
  const pairs = shown.flatMap((first, at) =>
    shown.slice(at + 1).flatMap((second, further): [string, string][] => {
      const related = roots[at] === roots[at + 1 + further]
      return related || apart.has(`${first} ${second}`) ? [] : [[first, second]]
    }),
  )
  return pairs.slice(0, mostPairs)
}

async function pairsApart(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.execute<{ pair: string }>(sql`
    select first_card_id || ' ' || second_card_id as pair from card_distinctions
    where first_card_id = any(${keyArray(ids)}) and second_card_id = any(${keyArray(ids)})`)
  return new Set(rows.map(({ pair }) => pair))
}

export type DuplicateMember = {
  id: string
  code: string
  name: string
  owner: string
  location: string | null
  certificate: string | null
  original_code: string | null
  plate: string | null
  land_area: string | null
  floor_area: string | null
  cost: string | null
  usage: string | null
}

async function membersOf(tx: Tx, ids: readonly string[], today: string): Promise<DuplicateMember[]> {
  return tx.execute<DuplicateMember>(sql`
    select c.id::text as id, c.code, c.name, p.name as owner, c.location, c.certificate, c.original_code,
      c.details ->> 'plate' as plate, c.land_area, c.floor_area, c.cost, c.usage
    from cards c join unit_periods p on p.unit_id = c.owner_unit_id
      and p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})
    where c.id = any(${keyArray(ids)}) order by c.id`)
}

/** The cards a card is taken to be the same as, for whoever may settle it. */
export async function suspectsOf(
  tx: Tx,
  actor: Actor,
  cardId: string,
): Promise<{ code: string; name: string; rule: DuplicateRule }[]> {
  return tx.execute<{ code: string; name: string; rule: DuplicateRule }>(sql`
    with recursive ${lineage},
    own as (select k.rule, k.key from cards c cross join lateral ${keysOfCard} where c.id = ${cardId} and k.key is not null)
    select distinct on (c.id) c.code, c.name, o.rule
    from cards c cross join lateral ${keysOfCard} join own o on o.rule = k.rule and o.key = k.key
    where c.id <> ${cardId} and not c.voided and ${within(actor, sql`c.owner_key`)}
      and coalesce((select root from roots where id = c.id), c.id) <> coalesce((select root from roots where id = ${cardId}), ${cardId})
      and not exists (select from card_distinctions d
        where d.first_card_id = least(c.id, ${cardId}) and d.second_card_id = greatest(c.id, ${cardId}))
    order by c.id, array_position(${rules}, o.rule) limit 20`)
}

/** Do two cards come from one by splitting? */
export async function ofOneOrigin(tx: Tx, first: string, second: string): Promise<boolean> {
  const [row] = await tx.execute<{ same: boolean }>(sql`
    with recursive ${lineage}
    select coalesce((select root from roots where id = ${first}), ${first}::bigint)
      = coalesce((select root from roots where id = ${second}), ${second}::bigint) as same`)
  return row?.same ?? false
}
