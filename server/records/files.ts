import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Tx } from '../../db/client.ts'
import { files } from '../../db/schema/records.ts'

export type StoredFile = { sha256: string; size: number }

/** Where uploaded bytes live: by content, never by the name they came with. */
export type FileStore = {
  /** Streams to a temporary file while hashing; the bytes are on disk before anybody speaks of them. */
  keep(source: Readable): Promise<StoredFile>
  pathOf(sha256: string): string
}

export function openFileStore(folder: string): FileStore {
  const root = resolve(folder)
  const pathOf = (sha256: string) => join(root, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  return {
    pathOf,
    async keep(source) {
      await mkdir(join(root, 'tmp'), { recursive: true })
      const temporary = join(root, 'tmp', randomUUID())
      try {
        const hash = createHash('sha256')
        source.on('data', (bytes: Buffer) => hash.update(bytes))
        await pipeline(source, createWriteStream(temporary, { mode: 0o600 }))
        const { size } = await stat(temporary)
        const sha256 = hash.digest('hex')
        await settle(temporary, pathOf(sha256))
        return { sha256, size }
      } finally {
        await rm(temporary, { force: true })
      }
    },
  }
}

/** The row that makes a stored file one of the county's. */
export async function registerFile(tx: Tx, file: StoredFile, now: Date): Promise<void> {
  await tx
    .insert(files)
    .values({ ...file, createdAt: now })
    .onConflictDoNothing()
}

async function settle(temporary: string, path: string): Promise<void> {
  const handle = await open(temporary, 'r')
  await handle.sync().finally(() => handle.close())
  await mkdir(resolve(path, '..'), { recursive: true })
  await rename(temporary, path)
}
