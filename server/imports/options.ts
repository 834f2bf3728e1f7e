import type { Tx } from '../../db/client.ts'
import type { ImportTarget } from '../../imports/target.ts'
import type { Track } from '../kernel/actor.ts'
import { NotFound } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import type { FileStore } from '../records/files.ts'

/** What the pages and jobs of imports are given when the application is put together. */
/** The document that rows belong to: it says whose they are and as of which day, so that nobody is asked. */
export type Placed = {
  unitId: string
  track: Track
  effectiveOn: string
  callId: string
  /** Of the form: what is brought and for what, and the page to return to. */
  title: string
  about: string
  back: { text: string; href: string }
}

/** Finds the document by its number; refuses in a sentence where it takes no rows any more. */
export type Placing = (tx: Tx, acting: Acting, no: string) => Promise<Placed>

export type ImportOptions = {
  store: FileStore
  sentences: Readonly<Record<string, string>>
  /** What a row can become, by key; each noun declares its own. */
  targets: Readonly<Record<string, (acting: Acting) => ImportTarget<Tx>>>
  /** Of targets whose rows belong to a document. */
  placings: Readonly<Record<string, Placing>>
}

export function targetOf({ targets }: Pick<ImportOptions, 'targets'>, key: string, acting: Acting): ImportTarget<Tx> {
  const target = targets[key]
  if (!target) throw new NotFound()
  return target(acting)
}
