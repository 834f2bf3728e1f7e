import { type Filter, filterUrl } from '../kernel/filter.ts'
import { compare, minus, plus } from '../kernel/money.ts'
import type { Page } from '../kernel/paging.ts'
import { money } from '../kernel/templates.ts'
import { cardAddress } from './card-states.ts'
import {
  additions,
  type ChangeKind,
  changeKinds,
  departures,
  type KindSums,
  measures,
  type Span,
  type Standing,
} from './changes.ts'
import { fieldChanges, type NamesOfBoth } from './changes-fields.ts'
import type { ChangeRow } from './changes-rows.ts'

type Figures = Record<(typeof measures)[number], string>
export type BalanceLine = {
  label: string
  sign: '' | '+' | '−'
  /** Cards that came or went; null where the number of cards stays. */
  count: string | null
  hint: string | null
  figures: Figures
  kind: ChangeKind | null
  /** The ends, rather than what lies between them. */
  strong: boolean
}

export type Balance = { lines: BalanceLine[]; changed: string; agrees: boolean; wrong: string[] }

const measureLabels: Record<(typeof measures)[number], string> = {
  cost: '原值',
  depreciation: '累计折旧',
  netValue: '净值',
  landArea: '占地面积',
  floorArea: '建筑面积',
}

/**
 * Opening, what was added, what went, closing. The ends come from the registers of the two days, the lines between
 * them from the changes alone, so that their agreement proves both. An unknown figure counts as nothing.
 */
export function balanceOf(opening: Standing, kinds: readonly KindSums[], closing: Standing): Balance {
  const of = (kind: ChangeKind) => kinds.find((sums) => sums.kind === kind)
  const lines: BalanceLine[] = [
    end('期初', opening),
    ...additions.flatMap((kind) => line(of(kind), '+', 'up')),
    ...adjusted(of('values'), '+', 'up', '数值调增'),
    ...adjusted(of('values'), '−', 'down', '数值调减'),
    ...departures.flatMap((kind) => line(of(kind), '−', 'down')),
    ...untouched(of('other')),
    end('期末', closing),
  ]
  const wrong = mistakes(opening, kinds, closing)
  const changed = kinds.reduce((sum, { count }) => sum + Number(count), 0)
  return { lines, changed: String(changed), agrees: wrong.length === 0, wrong }
}

function mistakes(opening: Standing, kinds: readonly KindSums[], closing: Standing): string[] {
  const cards = (names: readonly ChangeKind[]) =>
    kinds.filter(({ kind }) => names.includes(kind)).reduce((sum, { count }) => sum + Number(count), 0)
  const counted = Number(opening.count) + cards(additions) - cards(departures)
  const wrong = counted === Number(closing.count) ? [] : [`张数 ${counted} ≠ ${closing.count}`]
  for (const measure of measures) {
    const ups = plus(opening[measure], ...kinds.map(({ up }) => up[measure]))
    const computed = minus(ups, plus(...kinds.map(({ down }) => down[measure])))
    if (computed !== plus(closing[measure]))
      wrong.push(`${measureLabels[measure]} ${computed} ≠ ${plus(closing[measure])}`)
  }
  return wrong
}

function end(label: string, standing: Standing): BalanceLine {
  const late =
    standing.laterCount === '0'
      ? null
      : `其中后补 ${standing.laterCount} 张，原值 ${money(plus(standing.laterCost))} 元`
  const figures = Object.fromEntries(measures.map((measure) => [measure, plus(standing[measure])])) as Figures
  return { label, sign: '', count: standing.count, hint: late, figures, kind: null, strong: true }
}

function line(sums: KindSums | undefined, sign: '+' | '−', side: 'up' | 'down'): BalanceLine[] {
  if (!sums) return []
  const { kind, count } = sums
  return [{ label: changeKinds[kind], sign, count, hint: lateHint(sums), figures: sums[side], kind, strong: false }]
}

function adjusted(sums: KindSums | undefined, sign: '+' | '−', side: 'up' | 'down', label: string): BalanceLine[] {
  if (!sums || measures.every((measure) => compare(sums[side][measure], '0') === 0)) return []
  const hint = [`涉及 ${sums.count} 张`, lateHint(sums)].filter(Boolean).join('，')
  return [{ label, sign, count: null, hint, figures: sums[side], kind: 'values', strong: false }]
}

function untouched(sums: KindSums | undefined): BalanceLine[] {
  if (!sums) return []
  const hint = [`涉及 ${sums.count} 张，不影响合计`, lateHint(sums)].filter(Boolean).join('，')
  return [{ label: changeKinds.other, sign: '', count: null, hint, figures: sums.up, kind: 'other', strong: false }]
}

function lateHint({ laterCount }: KindSums): string | null {
  return laterCount === '0' ? null : `截止日之后才记 ${laterCount} 张`
}

/** The cards of the page, each with what changed in it. */
export function changesView(
  filter: Filter,
  { from, to }: Span,
  page: Page<ChangeRow>,
  names: NamesOfBoth,
  sentences: Readonly<Record<string, string>>,
  today: string,
) {
  const link = (changes: Filter) => filterUrl('/assets/changes', filter, changes)
  return {
    rows: page.rows.map((row) => ({
      code: row.code,
      name: row.name,
      href: cardAddress(row.code, row.kind === 'left' ? from : to < today ? to : null),
      kind: changeKinds[row.kind],
      tone: tones[row.kind],
      changes: fieldChanges(row, names),
      cost: compare(row.cost, '0') === 0 ? null : row.cost,
      net: compare(row.net_value, '0') === 0 ? null : row.net_value,
      effective: row.effective,
      recorded: row.recorded,
      late: row.late !== null,
      sentence: row.action ? (sentences[row.action] ?? row.action) : '',
      comment: row.comment,
      document: row.document_no && row.document_path ? { no: row.document_no, href: row.document_path } : null,
      steps: Number(row.steps) > 1 ? `期间共变动 ${row.steps} 次` : '',
    })),
    previous: page.previous && link({ before: page.previous }),
    next: page.next && link({ after: page.next }),
  }
}

const tones: Record<ChangeKind, string> = {
  new: 'success',
  restored: 'success',
  came: 'success',
  voided: 'danger',
  merged: 'danger',
  left: 'danger',
  values: 'warning',
  other: 'info',
}
