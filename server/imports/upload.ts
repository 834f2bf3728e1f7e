import type { FastifyRequest } from 'fastify'
import { isLockName, sentences } from '../../imports/reading/foreign.ts'
import { ImportRefused } from '../../imports/refused.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import type { FileStore, StoredFile } from '../records/files.ts'

export type Sent = { answers: Answers; file: (StoredFile & { name: string }) | null; problems: Problem[] }

/** A file that is too large is our own sentence's affair, so the parser only cuts it off. */
const options = { throwFileSizeLimit: false, limits: { files: 1 } }

/** Reads an upload form in any order of its parts: answers as text, the file kept by content. A hang-up leaves nothing. */
export async function readUpload(request: FastifyRequest, store: FileStore): Promise<Sent> {
  const sent: Sent = { answers: {}, file: null, problems: [] }
  for await (const part of request.parts(options)) {
    if (part.type === 'field') {
      sent.answers[part.fieldname] = typeof part.value === 'string' ? part.value : ''
      continue
    }
    const received = await store.receive(part.file)
    try {
      if (part.file.truncated) {
        sent.problems.push({ field: 'file', text: '文件超过 100 MB，请删去图片或分成几个文件再上传。' })
      } else if (isLockName(baseName(part.filename))) {
        sent.problems.push({ field: 'file', text: sentences.lock })
      } else if (part.filename) {
        await received.settle()
        sent.file = { sha256: received.sha256, size: received.size, name: baseName(part.filename) }
      }
    } finally {
      await received.drop()
    }
  }
  // The same form sent again is known by its answers and by what the file holds, not by how it was cut into parts.
  request.body = sent.answers
  return sent
}

/** A file that cannot be read is a problem of the form's file field. */
export function asProblem(error: unknown): never {
  if (error instanceof ImportRefused) throw new RuleBroken([{ field: 'file', text: error.message }])
  throw error
}

/** Only the last part of the name, without what a file system or a page could misread. */
function baseName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  return last.replaceAll(/\p{Cc}/gu, '').slice(0, 200) || '未命名'
}
