import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, opendir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Shelf } from './shelf.ts'

/** A folder; what is put there survives the loss of power. */
export function openDiskShelf(folder: string): Shelf {
  const root = resolve(folder)
  const pathOf = (name: string) => join(root, name)

  async function settle(from: string, to: string): Promise<void> {
    await sync(from)
    const made = await mkdir(dirname(to), { recursive: true })
    await rename(from, to)
    await sync(dirname(to))
    // A folder that is new is itself an entry of the one above.
    for (let at = dirname(to); made && at !== dirname(made); at = dirname(at)) await sync(dirname(at))
  }

  return {
    localPath: pathOf,
    put: (name, path) => settle(path, pathOf(name)),
    async putBytes(name, bytes) {
      const temporary = join(root, 'tmp', randomUUID())
      await mkdir(dirname(temporary), { recursive: true })
      try {
        await writeFile(temporary, bytes, { mode: 0o600 })
        await settle(temporary, pathOf(name))
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async open(name) {
      const handle = await open(pathOf(name), 'r').catch(unlessMissing)
      return handle ? createReadStream('', { fd: handle }) : undefined
    },
    async stat(name) {
      const found = await stat(pathOf(name)).catch(unlessMissing)
      return found ? { size: found.size, at: found.mtime } : null
    },
    delete: (name) => rm(pathOf(name), { force: true }),
    async *list(prefix) {
      yield* walk(join(root, prefix), prefix)
    },
    close: () => undefined,
  }
}

async function* walk(folder: string, prefix: string): AsyncGenerator<{ name: string; at: Date }> {
  const entries = await opendir(folder).catch(unlessMissing)
  if (!entries) return
  for await (const entry of entries) {
    const path = join(folder, entry.name)
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory()) yield* walk(path, name)
    else if (entry.isFile()) {
      const found = await stat(path).catch(unlessMissing)
      if (found) yield { name, at: found.mtime }
    }
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
