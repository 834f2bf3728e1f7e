import type { FastifyReply } from 'fastify'
import type { Tx } from '../../db/client.ts'
import type { Turns } from '../../imports/reading/turns.ts'
import { ImportRefused } from '../../imports/refused.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { NotFound, type Problem } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import type { FileStore } from '../records/files.ts'
import { hungUp } from './upload.ts'

/** What the pages of imports are given when the application is put together. */
export type ImportOptions = {
  store: FileStore
  /** Few files are read at once, so that pages keep their time. */
  turns: Turns
  sentences: Readonly<Record<string, string>>
  /** What a row can become, by key; each noun declares its own. */
  targets: Readonly<Record<string, (acting: Acting) => ImportTarget<Tx>>>
}

export function targetOf({ targets }: ImportOptions, key: string, acting: Acting): ImportTarget<Tx> {
  const target = targets[key]
  if (!target) throw new NotFound()
  return target(acting)
}

/**
 * Submits a form that reads a file when it is its turn, before anything of the database is held. When too many wait, the
 * form says so; whoever goes away while waiting is forgotten.
 */
export async function takeTurn(
  { turns }: ImportOptions,
  reply: FastifyReply,
  submit: () => Promise<unknown>,
  again: (problems: readonly Problem[]) => Promise<unknown>,
): Promise<unknown> {
  try {
    return await turns.take(submit, hungUp(reply))
  } catch (error) {
    if (error instanceof ImportRefused) return again([{ field: 'file', text: error.message }])
    if (reply.raw.destroyed) return reply.hijack()
    throw error
  }
}
