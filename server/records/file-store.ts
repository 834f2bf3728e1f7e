import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openDiskShelf } from './disk-shelf.ts'
import { type Derived, FileMissing, type FileStore, type Received, TooLarge } from './files.ts'
import type { S3Place } from './s3-shelf.ts'
import type { Shelf } from './shelf.ts'

/** On disk in this folder; or in a bucket, and then the folder only holds what is just coming in or lent. */
export function openFileStore(folder: string, s3?: S3Place): FileStore {
  if (!s3) {
    const disk = openDiskShelf(folder)
    return storeOn(folder, async () => disk)
  }
  let shelf: Promise<Shelf> | undefined
  return storeOn(folder, () => {
    // The object store's client is large: it is loaded only where one is used.
    shelf ??= import('./s3-shelf.ts').then(({ openS3Shelf }) => openS3Shelf(s3))
    return shelf
  })
}

const fileName = (sha256: string) => `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
const derivedName = (sha256: string, what: Derived) => `derived/${fileName(sha256)}.${what}`
const derivations: readonly Derived[] = ['thumbnail']

function storeOn(folder: string, shelf: () => Promise<Shelf>): FileStore {
  const temporaries = resolve(folder, 'tmp')

  async function receive(source: Readable, limit = Number.POSITIVE_INFINITY): Promise<Received> {
    await mkdir(temporaries, { recursive: true })
    const path = join(temporaries, randomUUID())
    const drop = () => rm(path, { force: true })
    const counted = counter(limit)
    try {
      await pipeline(source, counted.stream, createWriteStream(path, { mode: 0o600 }))
      const { sha256, size } = counted.result()
      if (size > limit) throw new TooLarge()
      const settle = async () => {
        await (await shelf()).put(fileName(sha256), path, size)
        await drop()
      }
      return { sha256, size, path, settle, drop }
    } catch (error) {
      await drop()
      throw error
    }
  }

  async function read(sha256: string): Promise<Readable> {
    const found = await (await shelf()).open(fileName(sha256))
    if (!found) throw new FileMissing(`no bytes for ${sha256}`)
    return found
  }

  const store: FileStore = {
    receive,
    read,
    async keep(source, limit) {
      const received = await receive(source, limit)
      try {
        await received.settle()
      } finally {
        await received.drop()
      }
      return { sha256: received.sha256, size: received.size }
    },
    stat: async (sha256) => (await shelf()).stat(fileName(sha256)),
    has: async (sha256) => (await store.stat(sha256)) !== null,
    async remove(sha256) {
      const open = await shelf()
      for (const what of derivations) await open.delete(derivedName(sha256, what))
      await open.delete(fileName(sha256))
    },
    async withLocalFile(sha256, work) {
      const open = await shelf()
      if (open.localPath) return work(open.localPath(fileName(sha256)))
      const copy = await receive(await read(sha256))
      try {
        if (copy.sha256 !== sha256) throw new Error(`the bytes of ${sha256} are not what they were`)
        return await work(copy.path)
      } finally {
        await copy.drop()
      }
    },
    keepDerived: async (sha256, what, bytes) => (await shelf()).putBytes(derivedName(sha256, what), bytes),
    readDerived: async (sha256, what) => (await (await shelf()).open(derivedName(sha256, what))) ?? null,
    async *all() {
      for await (const { name, at } of (await shelf()).list('')) {
        const sha256 = name.split('/').at(-1) ?? ''
        if (/^[0-9a-f]{64}$/.test(sha256) && name === fileName(sha256)) yield { sha256, at }
      }
    },
    async staleTemporaries(before) {
      const names = await readdir(temporaries).catch(() => [])
      const paths = names.map((name) => join(temporaries, name))
      const dated = await Promise.all(paths.map(async (path) => ({ path, found: await stat(path).catch(() => null) })))
      return dated.filter(({ found }) => found !== null && found.mtime < before).map(({ path }) => path)
    },
    close: async () => (await shelf()).close(),
  }
  return store
}

/** Hashes and counts what passes; what is beyond the limit is read but goes no further, so that the sender can finish. */
function counter(limit: number) {
  const hash = createHash('sha256')
  let size = 0
  const stream = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      size += bytes.length
      if (size > limit) return done()
      hash.update(bytes)
      done(null, bytes)
    },
  })
  return { stream, result: () => ({ sha256: hash.digest('hex'), size }) }
}
