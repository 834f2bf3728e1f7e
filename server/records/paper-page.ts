import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { eventsOf } from '../kernel/events.ts'
import { timeline } from '../kernel/timeline.ts'
import { citedSentence } from './paper-actions.ts'
import type { PaperOptions } from './paper-download.ts'
import { paperFields } from './paper-forms.ts'
import { paperKinds } from './paper-kinds.ts'
import { mayOpenFile, type PaperInPlace } from './paper-queries.ts'
import { cited, tellerOf } from './paper-subjects.ts'
import { retentionOf } from './retention.ts'

/** Everything a paper's own page shows. */
export async function paperPage(tx: Tx, { paper, subjects }: PaperInPlace, { sentences }: PaperOptions, today: string) {
  const here = sql`detail -> 'document' ->> 'path' = ${`/papers/${paper.id}`}`
  const found = await Promise.all(subjects.map(async (subject) => eventsOf(tx, await tellerOf(tx, subject), here)))
  // The same act told on several things it hangs on is one line here.
  const told = new Map(found.flat().map((event) => [`${event.at.getTime()} ${event.action.split('.')[1]}`, event]))
  const events = [...told.values()].sort((a, b) => a.at.getTime() - b.at.getTime())
  const resting = (await cited(tx, paper.id)).filter(({ replaced }) => !replaced).map(({ path }) => path)
  const documents = subjects.filter(({ path }) => resting.includes(path))
  const mayWrite = subjects.some(({ mayAdd }) => mayAdd) && paper.withdrawnAt === null
  return {
    paper,
    subjects: subjects.map((subject) => ({
      ...subject,
      mayUnlink: mayWrite && subject.mayAdd && !subject.cites && subject.kind !== 'card' && subjects.length > 1,
    })),
    events: timeline(events, sentences).map((line, index) => ({
      ...line,
      href: null,
      details: changesOf(events[events.length - 1 - index]?.detail.paper),
    })),
    mayWrite,
    mayOpen: mayOpenFile({ paper, subjects }),
    citedBy: documents.length > 0 ? citedSentence(documents) : null,
    keptUntil: paper.withdrawnAt ? await retentionOf(tx, paper.id, today) : null,
  }
}

type Changes = Record<string, { old: string | null; new: string | null }>

function changesOf(detail: unknown) {
  const { changes = {} } = (detail ?? {}) as { changes?: Changes }
  return Object.entries(changes).map(([key, { old, new: next }]) => {
    const shown = (value: string | null) => (key === 'kind' && value !== null ? choiceLabel(paperKinds, value) : value)
    return {
      label: paperFields.find((field) => field.key === key)?.label ?? '文件',
      old: shown(old),
      new: shown(next),
    }
  })
}
