import { PassThrough } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { BulkEdits } from '../assets/ports.ts'
import type { Received } from '../records/files.ts'
import { numberBatch, openBatch } from './actions.ts'
import { awaitJob } from './awaited.ts'
import { askToRead } from './job-actions.ts'
import type { ImportOptions } from './options.ts'

/** A bulk edit of cards is a batch whose table Panhuo writes itself. */
export function bulkEdits(app: FastifyInstance, { store }: Pick<ImportOptions, 'store'>): BulkEdits {
  return {
    async open(tx, acting, { name, write, changes, ...edit }) {
      const file = await received(write)
      try {
        const batch = await openBatch(tx, acting, 'cards', { file, fileName: name, ...edit, changes })
        await file.settle()
        const { no } = await numberBatch(tx, acting, batch)
        await askToRead(tx, acting, batch.id)
        return `/imports/${no}`
      } finally {
        await file.drop()
      }
    },
    read: (request, reply, location) => awaitJob(app, request, reply, location.split('/')[2] ?? '', 'import.read'),
  }

  async function received(write: (out: PassThrough) => Promise<unknown>): Promise<Received> {
    const out = new PassThrough()
    const [file] = await Promise.all([
      store.receive(out),
      write(out).catch((error: Error) => {
        out.destroy(error)
        throw error
      }),
    ])
    return file
  }
}
