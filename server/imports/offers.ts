import { type SQL, sql } from 'drizzle-orm'
import { within } from '../access/scope.ts'
import { type Actor, businessRoles, has, mayEnter, type Role, type Track } from '../kernel/actor.ts'
import type { BatchRow } from './actions.ts'

/** What can be imported: for whom, and who sees it. */
export type Offer = {
  label: string
  /** Who sees its batches. */
  reads: readonly Role[]
  /** Who uploads them and decides on their own. */
  writes: readonly Role[]
  /**
   * Its batches belong to a unit and track: whoever reads for them sees them, whoever enters for them decides. Others
   * are seen by role alone, and decided by who uploaded them: what the rows come to depends on their role.
   */
  scoped: boolean
  /** Whether a document says whose its rows are, so that the form asks for the file alone. */
  placed?: boolean
  /** What becomes of a new entry whose import is undone. */
  undone: string
}

export const offers = {
  cards: { label: '资产', reads: businessRoles, writes: ['keeper', 'lead'], scoped: true, undone: '作废' },
  people: {
    label: '人员名单',
    reads: ['system_administrator', 'security_administrator'],
    writes: ['system_administrator', 'security_administrator'],
    scoped: false,
    undone: '停用',
  },
  claims: {
    label: '债权债务',
    reads: businessRoles,
    writes: ['keeper', 'lead'],
    scoped: true,
    undone: '作废',
  },
  'count-lines': {
    label: '盘点单',
    reads: businessRoles,
    writes: ['keeper', 'lead'],
    scoped: true,
    placed: true,
    undone: '删去',
  },
  baseline: {
    label: '基准清单',
    reads: businessRoles,
    writes: ['keeper', 'lead'],
    scoped: true,
    placed: true,
    undone: '删去',
  },
} as const satisfies Record<string, Offer>

export type OfferKey = keyof typeof offers

const all = Object.entries(offers) as readonly (readonly [OfferKey, Offer])[]

/** Access of the pages, whatever the target: which batch is whose is asked of each. */
export const readers = { roles: [...new Set(all.flatMap(([, { reads }]) => reads))] }
export const writers = { roles: [...new Set(all.flatMap(([, { writes }]) => writes))] }

/** What somebody uploads unless a page asks for something else: the first that is theirs. */
export function offeredTo(actor: Actor): OfferKey | undefined {
  return all.find(([, { writes, placed }]) => !placed && has(actor, ...writes))?.[0]
}

/** All that somebody may upload, what belongs to a document among it. */
export function allOfferedTo(actor: Actor): readonly OfferKey[] {
  return all.flatMap(([key, { writes }]) => (has(actor, ...writes) ? key : []))
}

/** Whether rows of a target belong to a document that says whose they are. */
export function isPlaced(target: OfferKey): boolean {
  const offer: Offer = offers[target]
  return offer.placed === true
}

/** Whether batches of a target belong to a unit and track. */
export function isScoped(target: string): boolean {
  return offers[target as OfferKey]?.scoped ?? false
}

/** The condition that every query of batches carries; `b` is the table's alias. */
export function seenBy(actor: Actor, b: SQL): SQL {
  const open = all.flatMap(([key, { reads, scoped }]) => (!scoped && has(actor, ...reads) ? [key] : []))
  const unscoped =
    actor.personId === null ? sql`${b}.scope_key is null` : sql`${b}.target = any(${`{${open.join(',')}}`}::text[])`
  return sql`(${within(actor, sql`${b}.scope_key`)} or ${unscoped})`
}

/** Whether somebody may change, commit or cancel a batch. */
export function mayDecide(actor: Actor, batch: Pick<BatchRow, 'target' | 'unitId' | 'track' | 'uploadedBy'>): boolean {
  const offer: Offer | undefined = offers[batch.target as OfferKey]
  if (actor.personId === null) return true
  if (!offer) return false
  if (offer.scoped) return mayEnter(actor, batch.unitId, batch.track as Track)
  return has(actor, ...offer.writes) && batch.uploadedBy === actor.personId
}
