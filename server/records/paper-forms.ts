import type { FastifyRequest } from 'fastify'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { type Looked, lookAt, paperLimit, photoLimit, tooLarge } from './content.ts'
import { pictures } from './content-kinds.ts'
import { type FileStore, type Received, TooLarge } from './files.ts'
import type { PaperFile, PaperValues } from './paper-actions.ts'
import { paperKinds } from './paper-kinds.ts'
import type { Paper } from './paper-queries.ts'

export const paperFields: readonly FormField[] = [
  { key: 'kind', label: '种类', kind: 'choice', choices: paperKinds, required: true },
  { key: 'title', label: '名称', kind: 'text', max: 100, hint: '如 建设批复、门头照片；不写则用种类名' },
  { key: 'no', label: '文号或证号', kind: 'text', max: 100 },
  { key: 'issuer', label: '出具单位', kind: 'text', max: 100 },
  { key: 'issuedOn', label: '出具日期', kind: 'date', hint: '知道几位写几位，如 2018、2018-3' },
]

/** What is asked of a photo taken on the spot. */
export const photoFields: readonly FormField[] = [
  { key: 'title', label: '名称', kind: 'text', max: 100, hint: '如 正面、屋顶渗水；不写则为“照片”' },
  { key: 'issuedOn', label: '拍摄日期', kind: 'date', hint: '知道几位写几位，如 2018、2018-3' },
]

/** A file that is too large is our own sentence's affair, so the parser only cuts it off. */
const options = {
  limits: { fileSize: paperLimit, files: 1, fields: 20, fieldSize: 5_000 },
  throwFileSizeLimit: false,
}

export type SentPaper = { answers: Answers; problems: Problem[]; received: Received | null; looked: Looked | null }

/**
 * Reads the form in any order of its parts and looks at the file while nothing of it is stored yet. The bytes wait until
 * the caller settles or drops them; when the sender hangs up they are gone.
 */
export async function readSentPaper(request: FastifyRequest, store: FileStore): Promise<SentPaper> {
  const sent: SentPaper = { answers: {}, problems: [], received: null, looked: null }
  let name = ''
  try {
    for await (const part of request.parts(options)) {
      if (part.type === 'field') {
        sent.answers[part.fieldname] = typeof part.value === 'string' ? part.value : ''
        continue
      }
      name = part.filename ?? ''
      const received = await store.receive(part.file, paperLimit).catch(unlessTooLarge)
      if (name === '') await received?.drop()
      else if (received && !part.file.truncated) sent.received = received
      else {
        await received?.drop()
        sent.problems.push(...tooLarge(name, false).problems)
      }
    }
    if (sent.received) sent.looked = await looked(sent.received, name, sent)
  } catch (error) {
    await sent.received?.drop()
    throw error
  }
  request.body = sent.answers
  return sent
}

async function looked(received: Received, name: string, { answers, problems }: SentPaper): Promise<Looked | null> {
  const photo = answers.kind === 'photo'
  try {
    if (photo && received.size > photoLimit) throw tooLarge(name, true)
    const found = await lookAt(received, name)
    if (photo && !pictures.includes(found.kind)) {
      throw new RuleBroken([{ field: 'file', text: '照片要用 .jpg、.png 或 .webp 图片，或把种类改为别的。' }])
    }
    return found
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    problems.push(...error.problems)
    return null
  }
}

/** What the form means, all problems at once. */
export function readPaper(store: FileStore, sent: SentPaper): { values: PaperValues; file: PaperFile | null } {
  const { values, problems } = readForm(paperFields, sent.answers)
  const all = [...problems, ...sent.problems]
  const named = values.title ?? values.no
  if (all.length === 0 && !sent.received && !named) {
    all.push({ field: 'file', text: '请选择文件；暂时没有扫描件的，至少写明名称或文号。' })
  }
  if (all.length === 0 && values.kind === 'photo' && !sent.received && !('version' in sent.answers)) {
    all.push({ field: 'file', text: '请拍照或选择照片。' })
  }
  if (all.length > 0) throw new RuleBroken(all)
  const kind = values.kind ?? 'other'
  return {
    values: {
      kind,
      title: values.title ?? choiceLabel(paperKinds, kind) ?? kind,
      no: values.no ?? null,
      issuer: values.issuer ?? null,
      issuedOn: values.issuedOn ?? null,
    },
    file: sent.received && sent.looked ? { store, received: sent.received, looked: sent.looked } : null,
  }
}

/** The same form sent again is known by its answers and its bytes. */
export function fingerprint({ answers, received }: SentPaper): { fingerprint: string } {
  return { fingerprint: `${received?.sha256 ?? ''} ${JSON.stringify(answers)}` }
}

export function answersOf({ kind, title, no, issuer, issuedOn }: Paper): Answers {
  return { kind, title, no: no ?? '', issuer: issuer ?? '', issuedOn: issuedOn ?? '' }
}

function unlessTooLarge(error: unknown): null {
  if (!(error instanceof TooLarge)) throw error
  return null
}
