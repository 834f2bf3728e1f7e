import type { FastifyReply } from 'fastify'
import { attachment } from '../kernel/download.ts'
import { NotFound } from '../kernel/errors.ts'
import { lookAt } from './content.ts'
import type { FileStore, StoredFile } from './files.ts'
import type { Paper } from './paper-queries.ts'

export type PaperOptions = { store: FileStore; sentences: Readonly<Record<string, string>> }

/** A file somebody has sent is only ever saved, never shown as a page of ours: it could be anything underneath. */
export async function sendPaper(reply: FastifyReply, { store }: PaperOptions, paper: Paper): Promise<FastifyReply> {
  if (!paper.sha256 || !paper.fileName) throw new NotFound()
  const bytes = await store.read(paper.sha256)
  return reply
    .type(paper.contentType ?? 'application/octet-stream')
    .headers({
      'content-disposition': attachment(paper.fileName),
      'content-length': String(paper.size),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    .send(bytes)
}

/** The small picture is ours: made here, of pixels only. */
export async function sendThumbnail(reply: FastifyReply, { store }: PaperOptions, paper: Paper): Promise<FastifyReply> {
  const { sha256, size, width } = paper
  if (sha256 === null || size === null || width === null) throw new NotFound()
  const bytes = (await store.readDerived(sha256, 'thumbnail')) ?? (await made(store, { sha256, size }))
  return reply
    .type('image/webp')
    .headers({
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    .send(bytes)
}

/** One that was lost, or not brought back with a backup, is made again. */
async function made(store: FileStore, { sha256, size }: StoredFile): Promise<Uint8Array> {
  if (!(await store.has(sha256))) throw new NotFound()
  const { thumbnail } = await store.withLocalFile(sha256, (path) => lookAt({ path, size }, ''))
  if (!thumbnail) throw new NotFound()
  await store.keepDerived(sha256, 'thumbnail', thumbnail)
  return thumbnail
}
