import type { Tx } from '../../db/client.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { NotFound } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import type { FileStore } from '../records/files.ts'

/** What the pages and jobs of imports are given when the application is put together. */
export type ImportOptions = {
  store: FileStore
  sentences: Readonly<Record<string, string>>
  /** What a row can become, by key; each noun declares its own. */
  targets: Readonly<Record<string, (acting: Acting) => ImportTarget<Tx>>>
}

export function targetOf({ targets }: Pick<ImportOptions, 'targets'>, key: string, acting: Acting): ImportTarget<Tx> {
  const target = targets[key]
  if (!target) throw new NotFound()
  return target(acting)
}
