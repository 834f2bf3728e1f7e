import { describe, expect, it } from 'vitest'
import {
  blocking,
  type CardVerb,
  cardVerbs,
  type Hold,
  type HoldKind,
  holdKinds,
  holdReasons,
  holdSentence,
  rangesOf,
} from '../../server/assets/holds.ts'

const verbs = Object.keys(cardVerbs) as CardVerb[]

/** Reviewed by hand, in the order of the verbs below: x is kept from it. */
const table: Record<HoldKind, string> = {
  planned: '· · x x x · x x x ·',
  transferring: 'x x x x x x x x x x',
  disposing: 'x x x x x x x x x x',
  disputed: '· · x x · x x x x x',
  mortgaged: '· · x x · · · x x ·',
  undetermined: '· · x x x x · x x x',
}

describe('what a hold keeps from a card', () => {
  it('is written down for every kind and verb', () => {
    expect(Object.keys(table)).toEqual(Object.keys(holdKinds))
    expect(verbs.join(' ')).toBe('edit arrange split merge determine restrict plan transfer dispose register')
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

  it('of a part keeps verbs on the whole card, and those on this part alone', () => {
    const found = [hold('mortgaged', '[2,4)')]
    expect(blocking('transfer', found)).toHaveLength(1)
    expect([1, 2, 3, 4].filter((no) => blocking('transfer', found, undefined, [no]).length > 0)).toEqual([2, 3])
    expect(blocking('transfer', found, undefined, [1, 4])).toEqual([])
    expect(blocking('transfer', [hold('mortgaged')], undefined, [9])).toHaveLength(1)
    expect(holdSentence('transfer', hold('mortgaged', '[2,4)'))).toContain('部位 2、3 已抵押')
  })

  it('takes numbers that are no neighbours as several ranges', () => {
    expect(rangesOf([5, 1, 2, 3, 3])).toEqual(['[1,4)', '[5,6)'])
    expect([rangesOf([]), rangesOf()]).toEqual([['(,)'], ['(,)']])
  })

  it('names the document once, with the way to it', () => {
    expect(holdReasons('transfer', [hold('mortgaged'), hold('mortgaged')])).toEqual([
      { text: '不能移交：资产已抵押（QD2026-0007），请先办结该事项。', href: '/determinations/QD2026-0001' },
    ])
  })

  it('names the document to finish first', () => {
    expect(holdSentence('transfer', hold('undetermined'))).toBe('不能移交：资产待界定（QD2026-0007），请先办结该事项。')
  })
})

function hold(kind: string, parts = '(,)'): Hold {
  return {
    id: '1',
    cardId: '1',
    parts,
    kind,
    documentKind: 'determination',
    documentPath: '/determinations/QD2026-0001',
    documentId: '7',
    documentNo: 'QD2026-0007',
    since: new Date('2026-03-10T02:00:00Z'),
    releasedAt: null,
  }
}
