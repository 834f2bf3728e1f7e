import { or, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { within, withinEither } from '../access/scope.ts'
import type { Actor } from '../kernel/actor.ts'
import { mayKeep } from './actions.ts'
import type { Card } from './card.ts'
import { duplicateRules, suspectsOf } from './duplicates.ts'
import { openMerge } from './merge-actions.ts'
import { mergedInto } from './merged.ts'
import { openSplit } from './split-actions.ts'

export type Relation = { text: string; href: string; badge: string; tone: string; note: string }

/** What a card has to do with other cards: where it came from, what came from it, where it went. */
export async function relationsOf(tx: Tx, actor: Actor, card: Card) {
  const kept = mayKeep(actor, card) && !card.voided
  const rows = [
    ...(await splitRelations(tx, actor, card)),
    ...(await mergeRelations(tx, card)),
    ...(await likenesses(tx, actor, card, kept)),
  ]
  const path = `/assets/${card.code}`
  const unsplit = kept && rows.some(({ badge }) => badge === '拆出') && (await openSplit(tx, card)) !== undefined
  const merge = kept && rows.some(({ badge }) => badge === '并入') ? await openMerge(tx, card) : undefined
  return {
    voidedNote: card.voided ? await voidedNote(tx, card) : null,
    relations: rows,
    relationActions: [
      ...(unsplit ? [{ text: '撤销拆分', href: `${path}/unsplit`, icon: 'arrow-back-up' }] : []),
      ...(merge && mayKeep(actor, merge) ? [{ text: '撤销合并', href: `${path}/unmerge`, icon: 'arrow-back-up' }] : []),
    ],
  }
}

async function splitRelations(tx: Tx, actor: Actor, card: Card): Promise<Relation[]> {
  const found = await tx
    .select()
    .from(cards)
    .where(
      sql`${or(sql`${cards.splitFromId} = ${card.id}`, sql`${cards.id} = ${card.splitFromId}`)} and ${withinEither(actor, cards.ownerKey, cards.userKey)}`,
    )
    .orderBy(cards.id)
    .limit(200)
  return found.map((other) => ({
    text: `${other.code} ${other.name}`,
    href: `/assets/${other.code}`,
    badge: other.id === card.splitFromId ? '拆分自' : '拆出',
    tone: 'info',
    note: other.voided ? '已作废' : '',
  }))
}

/** The cards that went into this one; their pages lead back here. */
async function mergeRelations(tx: Tx, card: Card): Promise<Relation[]> {
  const gone = await mergedInto(tx, card.id)
  return gone.map(({ code, name }) => ({
    text: `${code} ${name}`,
    href: `/assets/${code}`,
    badge: '并入',
    tone: 'info',
    note: '编号不再使用',
  }))
}

/** What looks like this card, and what was found to be another asset all the same. */
async function likenesses(tx: Tx, actor: Actor, card: Card, kept: boolean): Promise<Relation[]> {
  const pair = (code: string) => `/assets/duplicates/${card.code}/${code}`
  const suspects = kept ? await suspectsOf(tx, actor, card.id) : []
  const apart = await tx.execute<{ code: string; name: string; reason: string }>(sql`
    select c.code, c.name, d.reason from card_distinctions d
    join cards c on c.id = case when d.first_card_id = ${card.id} then d.second_card_id else d.first_card_id end
    where (d.first_card_id = ${card.id} or d.second_card_id = ${card.id}) and not c.voided
      and ${within(actor, sql`c.owner_key`)} order by c.id limit 50`)
  return [
    ...suspects.map(({ code, name, rule }) => ({
      ...{ text: `${code} ${name}`, href: pair(code), badge: '疑似重复', tone: 'warning' },
      note: `${duplicateRules[rule]}，请并排比较`,
    })),
    ...apart.map(({ code, name, reason }) => ({
      ...{ text: `${code} ${name}`, href: pair(code), badge: '已确认不同', tone: 'neutral' },
      note: reason,
    })),
  ]
}

/** Where a voided card went, told by the event that voided it. */
async function voidedNote(tx: Tx, card: Card) {
  const [last] = await tx.execute<{ action: string; no: string | null; path: string | null }>(sql`
    select action, detail -> 'document' ->> 'no' as no, detail -> 'document' ->> 'path' as path
    from events where card_id = ${card.id} and action <> 'card.edit' order by at desc, id desc limit 1`)
  const why = reasons[last?.action ?? '']
  const link = last?.no && last.path ? { text: last.no, href: last.path } : null
  return { text: `这张卡片已作废，编号不再使用，不列入台账和合计。${why ?? ''}`, link }
}

const reasons: Record<string, string> = {
  'card.import-undone': '它由导入建立，那批导入已撤销：',
  'card.split-back': '拆分已撤销，数量和价值收回原卡片：',
  'card.merged-away': '它与另一张卡片重复，已并入：',
}
