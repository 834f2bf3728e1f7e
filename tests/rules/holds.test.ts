import { describe, expect, it } from 'vitest'
import {
  blocking,
  type CardVerb,
  cardVerbs,
  type Hold,
  type HoldKind,
  holdKinds,
  holdSentence,
} from '../../server/assets/holds.ts'

const verbs = Object.keys(cardVerbs) as CardVerb[]

/** Reviewed by hand, in the order edit, determine, plan, transfer, dispose, register, split, merge: x is kept from it. */
const table: Record<HoldKind, string> = {
  planned: '· x x x x · x x',
  transferring: 'x x x x x x x x',
  disposing: 'x x x x x x x x',
  disputed: '· · x x x x x x',
  mortgaged: '· · · x x · x x',
  undetermined: '· x · x x x · x',
}

describe('what a hold keeps from a card', () => {
  it('is written down for every kind and verb', () => {
    expect(Object.keys(table)).toEqual(Object.keys(holdKinds))
    expect(verbs).toEqual(['edit', 'determine', 'plan', 'transfer', 'dispose', 'register', 'split', 'merge'])
  })

  it.each(Object.entries(table))('%s: %s', (kind, row) => {
    const blocked = verbs.map((verb) => (blocking(verb, [hold(kind)]).length > 0 ? 'x' : '·'))
    expect(blocked.join(' ')).toBe(row)
  })

  it('never concerns the document that holds', () => {
    const own = { kind: 'determination', id: '7', no: 'QD2026-0007' }
    for (const verb of verbs) expect(blocking(verb, [hold('undetermined')], own)).toEqual([])
    expect(blocking('determine', [hold('undetermined')], { ...own, id: '8' })).toHaveLength(1)
    expect(blocking('determine', [hold('undetermined')], { ...own, kind: 'transfer' })).toHaveLength(1)
  })

  it('names the document to finish first', () => {
    expect(holdSentence('transfer', hold('undetermined'))).toBe('不能移交：资产待界定（QD2026-0007），请先办结该事项。')
  })
})

function hold(kind: string): Hold {
  return {
    id: '1',
    cardId: '1',
    parts: '(,)',
    kind,
    documentKind: 'determination',
    documentPath: '/determinations/QD2026-0001',
    documentId: '7',
    documentNo: 'QD2026-0007',
    since: new Date('2026-03-10T02:00:00Z'),
    releasedAt: null,
  }
}
