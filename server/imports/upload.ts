import type { FastifyReply, FastifyRequest } from 'fastify'
import { isLockName, sentences } from '../../imports/reading/foreign.ts'
import { ImportRefused } from '../../imports/refused.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import type { FileStore, Received } from '../records/files.ts'

export type Sent = { answers: Answers; file: (Received & { name: string }) | null; problems: Problem[] }

/** A file that is too large is our own sentence's affair, so the parser only cuts it off. */
const options = { throwFileSizeLimit: false, limits: { files: 1 } }

/**
 * Reads an upload form in any order of its parts: answers as text, the file as bytes that wait. The caller settles them
 * once the file has been read, and drops them in any case; when the sender hangs up before, they are gone.
 */
export async function readUpload(request: FastifyRequest, store: FileStore): Promise<Sent> {
  const sent: Sent = { answers: {}, file: null, problems: [] }
  try {
    for await (const part of request.parts(options)) {
      if (part.type === 'field') {
        sent.answers[part.fieldname] = typeof part.value === 'string' ? part.value : ''
        continue
      }
      const received = await store.receive(part.file)
      const problem = problemOf(part.filename, part.file.truncated)
      if (part.filename && !problem) sent.file = { ...received, name: baseName(part.filename) }
      else await received.drop()
      if (problem) sent.problems.push({ field: 'file', text: problem })
    }
  } catch (error) {
    await sent.file?.drop()
    throw error
  }
  // The same form sent again is known by its answers and by what the file holds, not by how it was cut into parts.
  request.body = sent.answers
  return sent
}

function problemOf(name: string, truncated: boolean): string | null {
  if (truncated) return '文件超过 100 MB，请删去图片或分成几个文件再上传。'
  return isLockName(baseName(name)) ? sentences.lock : null
}

/** A file that cannot be read is a problem of the form's file field. */
export function asProblem(error: unknown): never {
  if (error instanceof ImportRefused) throw new RuleBroken([{ field: 'file', text: error.message }])
  throw error
}

/** Aborts when the other side goes away before it has been answered. */
export function hungUp(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  if (reply.raw.destroyed) gone.abort()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return gone.signal
}

/** Only the last part of the name, without what a file system or a page could misread. */
function baseName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  return last.replaceAll(/\p{Cc}/gu, '').slice(0, 200) || '未命名'
}
