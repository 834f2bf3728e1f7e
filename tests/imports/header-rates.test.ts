import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { SheetRow } from '../../imports/reading/events.ts'
import { type Column, readColumns } from '../../imports/recognising/columns.ts'
import { buildDictionary } from '../../imports/recognising/dictionary.ts'
import { newSample } from '../../imports/recognising/sample.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'

const fields = [...cardFields, ...allTypeFields]
const dictionary = buildDictionary(fields)

/**
 * What headers mean that real registers, published lists, official forms and other systems' exports print: how often
 * one stands there, and the fields it may mean, the likeliest first; `none` where no field of ours is meant.
 */
const pairs = readFileSync(new URL('header-pairs.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [header = '', times = '', meaning = ''] = line.split('\t')
    return { header: header.replaceAll('\\n', '\n'), times: Number(times), meanings: meaning.split('|') }
  })

/**
 * `wrong` is taken for another field without a question, `misled` with one; `missed` stays beside the row and is
 * asked about, as every column that no field took.
 */
type Outcome = 'right' | 'asked' | 'missed' | 'misled' | 'wrong'

const judged = pairs.map((pair) => ({ ...pair, outcome: outcomeOf(pair.header, pair.meanings) }))
const ours = judged.filter(({ meanings }) => meanings[0] !== 'none' && meanings[0] !== 'serial')
const others = judged.filter(({ meanings }) => meanings[0] === 'none')

test('the list names each header once, and only fields that there are', () => {
  expect(new Set(pairs.map(({ header }) => header)).size).toBe(pairs.length)
  const known = new Set(['none', 'serial', ...fields.map(({ key }) => key)])
  expect(pairs.filter(({ meanings, times }) => !meanings.every((one) => known.has(one)) || !(times > 0))).toEqual([])
})

test('no header is taken for certain for what it does not mean', () => {
  expect(listed(judged, 'wrong')).toEqual([])
})

test('serial numbers are known', () => {
  expect(judged.filter(({ meanings, outcome }) => meanings[0] === 'serial' && outcome !== 'right')).toEqual([])
})

test('headers that mean a field of ours are recognised', () => {
  const told = report(ours)
  expect(share(ours, ['right', 'asked']), told).toBeGreaterThanOrEqual(0.997)
  expect(share(ours, ['right', 'asked'], weighted), told).toBeGreaterThanOrEqual(0.999)
  expect(share(ours, ['right'], weighted), told).toBeGreaterThanOrEqual(0.912)
})

test('headers that mean one thing are recognised without a question', () => {
  const clear = ours.filter(({ meanings }) => meanings.length === 1)
  const told = report(clear)
  expect(share(clear, ['right']), told).toBeGreaterThanOrEqual(0.966)
  expect(share(clear, ['right'], weighted), told).toBeGreaterThanOrEqual(0.985)
})

test('headers that mean none of ours are left beside', () => {
  const told = report(others)
  expect(share(others, ['misled']), told).toBe(0)
  expect(share(others, ['asked']), told).toBeLessThanOrEqual(0.047)
})

/** What the header alone makes of a column without values. */
function outcomeOf(header: string, meanings: readonly string[]): Outcome {
  const { field, sure, serial } = columnUnder(header)
  const found = serial ? 'serial' : (field ?? 'none')
  if (meanings.includes(found)) return found === 'none' || sure ? 'right' : 'asked'
  return found === 'none' ? 'missed' : sure ? 'wrong' : 'misled'
}

function columnUnder(header: string): Column {
  const rows = header.split('>').map((text, at): SheetRow => ({ kind: 'row', row: at + 1, cells: { A: text } }))
  const sample = newSample({ kind: 'sheet', index: 0, name: '台账', hidden: false, merges: [] })
  const [column] = readColumns(sample, rows, dictionary, fields)
  if (!column) throw new Error(`no column under ${header}`)
  return column
}

type Judged = (typeof judged)[number]

function once(): number {
  return 1
}

function weighted({ times }: Judged): number {
  return times
}

function share(list: readonly Judged[], outcomes: readonly Outcome[], weight: (one: Judged) => number = once): number {
  const sum = (some: readonly Judged[]) => some.reduce((total, one) => total + weight(one), 0)
  return sum(list.filter(({ outcome }) => outcomes.includes(outcome))) / sum(list)
}

function listed(list: readonly Judged[], outcome: Outcome): string[] {
  return list.filter((one) => one.outcome === outcome).map(({ header }) => header)
}

function report(list: readonly Judged[]): string {
  const lines = (['right', 'asked', 'missed', 'misled', 'wrong'] as const).map((outcome) => {
    const percent = (weight: (one: Judged) => number) => `${(share(list, [outcome], weight) * 100).toFixed(1)} %`
    const which = outcome === 'right' ? '' : `: ${listed(list, outcome).join(' ').replaceAll('\n', '')}`
    return `${outcome} ${percent(once)} of ${list.length} headers, ${percent(weighted)} of columns${which}`
  })
  return `\n${lines.join('\n')}\n`
}
