import { eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { keyArray, within } from '../access/scope.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { changeCard, mayKeep } from './actions.ts'
import { type Card, valuesOf } from './card.ts'
import { findDistinction } from './distinctions.ts'
import { ofOneOrigin } from './duplicates.ts'
import { blocking, holdSentence, holdsOn } from './holds.ts'
import { findCard } from './list.ts'
import { type Choices, mergedState, removedBy } from './merge.ts'
import { partProblems } from './parts.ts'
import { checkCard, isWrong } from './rules.ts'
import { stateOf } from './split-actions.ts'

export type Merge = {
  kept: string
  other: string
  versions: Readonly<Record<string, number>>
  choices: (kept: Card, other: Card) => Choices
  effectiveOn: string
  comment: string | null
}

/** Makes one card of two entries of the same asset: one is kept with what was chosen, the other's code leads to it. */
export async function mergeCards(tx: Tx, acting: Acting, merge: Merge): Promise<void> {
  const { kept, other } = await lockPair(tx, acting, merge.kept, merge.other)
  for (const card of [kept, other]) if (card.version !== merge.versions[card.code]) throw new Stale()
  const why = await unmergeable(tx, kept, other)
  if (why) throw new RuleBroken(why)
  const { effectiveOn, comment } = merge
  refuseEarlier([kept, other], effectiveOn)
  const next = mergedState(kept, other, merge.choices(kept, other))
  const problems = [
    ...checkCard(next.values, acting.clock.today()).filter(isWrong),
    ...partProblems(next.parts, next.values),
  ]
  if (problems.length > 0) throw new RuleBroken(problems)
  const papers = await copyPapers(tx, acting, other, kept)
  const { values, lastPart, ...whole } = next
  const removed = removedBy(valuesOf(kept), valuesOf(other), values)
  await changeCard(
    tx,
    acting,
    kept,
    values,
    {
      action: 'card.merge',
      effectiveOn,
      comment,
      always: true,
      detail: { ...leadsTo(other), otherVersion: other.version, removed, papers },
    },
    whole,
  )
  await changeCard(
    tx,
    acting,
    other,
    valuesOf(other),
    { action: 'card.merged-away', effectiveOn, comment, detail: leadsTo(kept) },
    { voided: true },
  )
  await tx.update(cards).set({ lastPart }).where(eq(cards.id, kept.id))
  await tx.update(cards).set({ mergedIntoId: kept.id }).where(eq(cards.id, other.id))
}

/** Why two cards cannot be made one, as they stand. */
export async function unmergeable(tx: Tx, kept: Card, other: Card): Promise<string | undefined> {
  const holds = await holdsOn(tx, [kept.id, other.id])
  for (const card of [kept, other]) {
    const [block] = blocking(
      'merge',
      holds.filter(({ cardId }) => cardId === card.id),
    )
    if (block) return `${card.code} ${holdSentence('merge', block)}`
    if (card.voided) return `${card.code} 已作废，不能合并。`
    if (card.usage === 'disposed') return `${card.code} 已处置，不能合并。`
  }
  if (kept.track !== other.track) return '两张卡片一张国有、一张集体，请先办理权属界定，归到同一属性后再合并。'
  if (await ofOneOrigin(tx, kept.id, other.id)) return '两张卡片由拆分而来，不是重复；拆错了请撤销拆分。'
  if (await findDistinction(tx, kept, other)) return '两张卡片已确认不是同一资产，请先撤回该确认。'
  return undefined
}

/**
 * The last merge into a card that has not been undone: the states before and after, and the card that went into it with
 * the key of its owner, who may be another.
 */
export async function openMerge(tx: Tx, card: Card) {
  const [found] = await tx.execute<{ id: string; version: number; no: string; owner: string; papers: string[] }>(sql`
    select e.id::text as id, v.version, o.code as no, o.owner_key::text as owner,
      array(select jsonb_array_elements_text(e.detail -> 'papers')) as papers
    from events e join card_versions v on v.event_id = e.id join cards o on o.code = e.detail -> 'document' ->> 'no'
    where e.card_id = ${card.id} and e.action = 'card.merge' and not exists (
      select from events u where u.card_id = e.card_id and u.action = 'card.unmerge' and u.detail ->> 'merge' = e.id::text)
    order by v.version desc limit 1`)
  if (!found || card.voided) return undefined
  return {
    eventId: found.id,
    code: found.no,
    ownerKey: found.owner,
    papers: found.papers,
    before: await stateOf(tx, card, found.version),
    after: await stateOf(tx, card, found.version + 1),
  }
}

export type Unmerge = { version: number; effectiveOn: string; comment: string | null }

/** Takes a merge back while the kept card is as the merge left it: both are again what they were, as new states. */
export async function unmergeCards(
  tx: Tx,
  acting: Acting,
  code: string,
  { version, effectiveOn, comment }: Unmerge,
): Promise<{ code: string }> {
  const found = await findCard(tx, acting.actor, code)
  if (!found || !mayKeep(acting.actor, found)) throw new NotFound()
  const merge = await openMerge(tx, found)
  if (!merge) throw new RuleBroken('这张卡片没有可以撤销的合并。')
  if (!mayKeep(acting.actor, merge)) {
    throw new RuleBroken(
      `不能撤销：并入的 ${merge.code} 原属别的单位，请由牵头单位撤销合并；该单位已不存在的，请另行录入卡片。`,
    )
  }
  // Both at once in the order of their ids, as a merge takes them: two people at it wait for each other in one order.
  const { kept, other } = await lockPair(tx, acting, code, merge.code)
  if (kept.version !== version || found.version !== version) throw new Stale()
  const [block] = blocking('merge', await holdsOn(tx, [kept.id]))
  if (block) throw new RuleBroken(holdSentence('merge', block))
  if (stateText(kept) !== stateText(merge.after)) {
    throw new RuleBroken(`不能撤销：合并后 ${kept.code} 又有变动，请先改回合并时的样子，或另行录入卡片。`)
  }
  refuseEarlier([kept, other], effectiveOn)
  const { extra, written, parts } = merge.before
  await changeCard(
    tx,
    acting,
    kept,
    valuesOf(merge.before),
    { action: 'card.unmerge', effectiveOn, comment, always: true, detail: { ...leadsTo(other), merge: merge.eventId } },
    { extra, written, parts },
  )
  await changeCard(
    tx,
    acting,
    other,
    valuesOf(other),
    { action: 'card.merge-back', effectiveOn, comment, detail: leadsTo(kept) },
    { voided: false },
  )
  await tx.update(cards).set({ mergedIntoId: null }).where(eq(cards.id, other.id))
  await tx.execute(
    sql`delete from paper_links where card_id = ${kept.id} and paper_id = any(${keyArray(merge.papers)})`,
  )
  return { code: other.code }
}

/** Both cards of the actor's scope, locked in the order of their ids, and kept by the actor. */
export async function lockPair(
  tx: Tx,
  { actor }: Acting,
  first: string,
  second: string,
): Promise<{ kept: Card; other: Card }> {
  const found = await tx
    .select()
    .from(cards)
    .where(sql`${inArray(cards.code, [first, second])} and ${within(actor, cards.ownerKey)}`)
    .orderBy(cards.id)
    .for('update')
  const kept = found.find(({ code }) => code === first)
  const other = found.find(({ code }) => code === second)
  if (!kept || !other || kept === other) throw new NotFound()
  if (!mayKeep(actor, kept) || !mayKeep(actor, other)) throw new Forbidden()
  return { kept, other }
}

/** The papers of the card that goes hang on the kept one as well; the ids of those that did not before. */
async function copyPapers(tx: Tx, acting: Acting, from: Card, to: Card): Promise<string[]> {
  const rows = await tx.execute<{ paper_id: string }>(sql`
    insert into paper_links (paper_id, card_id, linked_at)
    select paper_id, ${to.id}, ${acting.clock.now().toISOString()} from paper_links where card_id = ${from.id}
    on conflict do nothing returning paper_id::text as paper_id`)
  return rows.map(({ paper_id }) => String(paper_id))
}

function refuseEarlier(pair: readonly Card[], effectiveOn: string): void {
  const latest = pair.reduce((left, right) => (right.validFrom > left.validFrom ? right : left))
  if (effectiveOn >= latest.validFrom) return
  const text = `生效日期不能早于 ${latest.code} 上一次变动的 ${latest.validFrom}，请改为该日或之后。`
  throw new RuleBroken([{ field: 'effectiveOn', text }])
}

/** Everything about a state that a merge writes, to compare. */
function stateText(card: Card): string {
  const sorted = (record: Record<string, string>) => Object.entries(record).sort()
  return JSON.stringify([
    valuesOf(card),
    sorted(card.extra),
    sorted(card.written),
    card.parts.map((part) => sorted({ ...part, no: String(part.no), idleSince: part.idleSince ?? '' })),
  ])
}

function leadsTo({ code }: Card) {
  return { document: { kind: 'card', no: code, path: `/assets/${code}` } }
}
