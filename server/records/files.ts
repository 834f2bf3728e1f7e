import type { Readable } from 'node:stream'
import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { files } from '../../db/schema/records.ts'

export type StoredFile = { sha256: string; size: number }

/** Bytes that have come in and wait, under no name of theirs, until somebody has looked at them. */
export type Received = StoredFile & {
  path: string
  /** Puts the bytes in their place; they are safe there before this resolves. */
  settle(): Promise<void>
  /** Takes away what still waits. */
  drop(): Promise<void>
}

/** Something made from a file's bytes that can be made again. */
export type Derived = 'thumbnail'

/** Where uploaded bytes live: by content, never by the name they came with. */
export type FileStore = {
  /** Hashes while it streams to a temporary file; more bytes than the limit are not kept: `TooLarge`. */
  receive(source: Readable, limit?: number): Promise<Received>
  /** Receives and settles at once. */
  keep(source: Readable, limit?: number): Promise<StoredFile>
  read(sha256: string): Promise<Readable>
  /** How many bytes there are and since when; null when there are none. */
  stat(sha256: string): Promise<Stored | null>
  has(sha256: string): Promise<boolean>
  /** Takes the bytes away together with everything derived from them. */
  remove(sha256: string): Promise<void>
  /** Lends the bytes as a file, for programs that read no stream. */
  withLocalFile<T>(sha256: string, work: (path: string) => Promise<T>): Promise<T>
  keepDerived(sha256: string, what: Derived, bytes: Uint8Array): Promise<void>
  readDerived(sha256: string, what: Derived): Promise<Readable | null>
  /** Every file's bytes, derived ones left out. */
  all(): AsyncIterable<{ sha256: string; at: Date }>
  /** Temporary files that nobody has touched since: left by a process that was killed. */
  staleTemporaries(before: Date): Promise<string[]>
  close(): Promise<void>
}

export type Stored = { size: number; at: Date }

export class TooLarge extends Error {}
export class FileMissing extends Error {}

/** The object store does not answer, or not as it should. */
export class StoreDown extends Error {
  readonly statusCode = 502
}

/** What looking at the bytes has found out. */
export type Looks = { contentType: string; width: number | null; height: number | null }

/**
 * The row that makes a stored file one of the county's. Whoever enters it holds it until the end of the transaction:
 * nobody clears the bytes away meanwhile, and the same file sent twice at once is entered one after the other.
 */
export async function registerFile(tx: Tx, file: StoredFile, now: Date, looks?: Looks): Promise<void> {
  await tx
    .insert(files)
    .values({ sha256: file.sha256, size: file.size, ...looks, createdAt: now })
    .onConflictDoUpdate({
      target: files.sha256,
      set: {
        contentType: sql`coalesce(${files.contentType}, excluded.content_type)`,
        width: sql`coalesce(${files.width}, excluded.width)`,
        height: sql`coalesce(${files.height}, excluded.height)`,
      },
    })
}
