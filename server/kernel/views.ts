import type { Tx } from '../../db/client.ts'
import type { Actor } from './actor.ts'

/** A list whose address people keep under names, 常用视图: what it knows of its own addresses. */
export type ViewedList = {
  path: string
  title: string
  /** The part of a query that this list knows, in its canonical form, and a sentence for whatever else is there. */
  read: (query: string) => { query: string; problems: string[] }
  /** Conditions, order and columns of queries in words. */
  words: (tx: Tx, queries: readonly string[], today: string) => Promise<string[][]>
}

/** The reader's own views of a list, for its page; the one that equals the present address is marked. */
export type ViewPanel = (tx: Tx, actor: Actor, address: string) => Promise<ViewPanelContent>

export type ViewPanelContent = {
  views: readonly { name: string; href: string; current: boolean }[]
  /** How many more there are than stand here. */
  more: number
  manageHref: string
  /** The present address, to be saved. */
  from: string
}
