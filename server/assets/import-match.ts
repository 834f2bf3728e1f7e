import { isNotNull, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards, type Part } from '../../db/schema/assets.ts'
import { usages } from '../../imports/sheets/card-choices.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { StagedRow, Verdict } from '../../imports/staging.ts'
import type { Batch } from '../../imports/target.ts'
import { keyArray } from '../access/scope.ts'
import { scopeKey } from '../kernel/actor.ts'
import { changed } from '../kernel/events.ts'
import { minus } from '../kernel/money.ts'
import { type Card, type CardValueKey, type CardValues, valueKeys, valuesOf } from './card.ts'
import { blocking, type Hold, holdSentence, holdsOn } from './holds.ts'
import { type ResolvedRow, told, typed, wrong } from './import-row.ts'
import type { Surroundings } from './import-units.ts'
import { following, followingKeys, partProblems } from './parts.ts'
import { checkCard, isWrong } from './rules.ts'

/**
 * Finds the card a row means: ① our code, ② the original code within the owner, ③ certificate or plate, ④ all of name,
 * place, day, cost and areas alike, where the n-th such row is the n-th such card. ①–③ twice in one file is a duplicate.
 */
export class Matcher {
  readonly #byCode = new Map<string, Card>()
  readonly #byIdentity = new Map<string, Card>()
  readonly #alike = new Map<string, Card[]>()
  /** What looked like a card that was merged away since, with the living card it went into. */
  readonly #spentAlike = new Map<string, { spent: Card; card: Card }[]>()
  readonly #seen = new Map<string, number>()
  readonly #taken = new Map<string, number>()
  readonly #holds = new Map<string, Hold[]>()
  readonly #today: string
  readonly #effectiveOn: string
  readonly #units: Surroundings['below']

  private constructor(today: string, effectiveOn: string, units: Surroundings['below']) {
    this.#today = today
    this.#effectiveOn = effectiveOn
    this.#units = units
  }

  /** Reads the cards of the batch's units and track. */
  static async open(tx: Tx, batch: Batch, around: Surroundings, today: string): Promise<Matcher> {
    const matcher = new Matcher(today, batch.effectiveOn, around.below)
    const keys = [...around.below.keys()].map((unitId) => scopeKey(unitId, batch.track))
    const found = await tx
      .select()
      .from(cards)
      .where(sql`${cards.ownerKey} = any(${keyArray(keys)}) and not ${cards.voided}`)
      .orderBy(cards.createdAt, cards.id)
    for (const card of found) matcher.#enter(card)
    matcher.#enterSpent(found, await tx.select().from(cards).where(isNotNull(cards.mergedIntoId)))
    for (const hold of await holdsOn(
      tx,
      found.map(({ id }) => id),
    )) {
      matcher.#holds.set(hold.cardId, [...(matcher.#holds.get(hold.cardId) ?? []), hold])
    }
    return matcher
  }

  judge(row: StagedRow, resolved: ResolvedRow): Verdict {
    const verdict = (status: Verdict['status'], rest: Partial<Verdict> = {}): Verdict => ({
      id: row.id,
      status,
      resolved: null,
      changes: null,
      findings: resolved.findings,
      extra: resolved.extra,
      entryId: null,
      entryVersion: null,
      ...rest,
    })
    if ([...row.problems, ...resolved.findings].some(isWrong)) return verdict('wrong')
    const found = this.#find(row, resolved)
    if ('repeats' in found) {
      const text = `与第 ${found.repeats} 行${found.by}，只录第 ${found.repeats} 行；不是同一项资产的，请改正后重新上传。`
      return verdict('duplicate', { findings: [...resolved.findings, told(null, text)] })
    }
    const { card } = found
    const values = card ? merged(card, resolved) : typed(resolved.values)
    const findings = [...resolved.findings, ...this.#check(values, resolved, card)]
    const rest = { resolved: values, findings }
    if (findings.some(isWrong)) return verdict('wrong', { findings })
    if (!card) return verdict('new', rest)
    const changes = { ...changed(valuesOf(card), values), ...extraChanges(card, resolved) }
    const linked = { ...rest, entryId: card.id, entryVersion: card.version }
    if (Object.keys(changes).length === 0) return verdict('unchanged', linked)
    const barred = this.#barred(card)
    if (barred) return verdict('wrong', { findings: [...findings, wrong(null, barred)] })
    return verdict('changed', { ...linked, changes })
  }

  #enter(card: Card): void {
    const values = valuesOf(card)
    this.#byCode.set(card.code, card)
    for (const { key } of identities(values)) if (!this.#byIdentity.has(key)) this.#byIdentity.set(key, card)
    const alike = likeness(values)
    this.#alike.set(alike, [...(this.#alike.get(alike) ?? []), card])
  }

  /** A row may still carry the code or the numbers of a card that was merged into another since. */
  #enterSpent(living: readonly Card[], gone: readonly Card[]): void {
    const byId = new Map([...living, ...gone].map((card) => [card.id, card]))
    for (const spent of gone) {
      let card: Card | undefined = spent
      while (card?.mergedIntoId) card = byId.get(card.mergedIntoId)
      if (!card || card.voided) continue
      this.#byCode.set(spent.code, card)
      const values = valuesOf(spent)
      const alike = likeness(values)
      this.#spentAlike.set(alike, [...(this.#spentAlike.get(alike) ?? []), { spent, card }])
      for (const { key } of identities(values)) if (!this.#byIdentity.has(key)) this.#byIdentity.set(key, card)
    }
  }

  #find(
    row: StagedRow,
    { code, values, names }: ResolvedRow,
  ): { card: Card | undefined } | { repeats: number; by: string } {
    const unique = [...(code ? [{ key: `code ${code}`, by: '的资产编号相同' }] : []), ...identities(values)]
    const byCode = code ? this.#byCode.get(code) : undefined
    // Our own code tells cards apart that lie on one certificate, as those do that were split or found to be two assets.
    for (const { key, by } of byCode ? unique.slice(0, 1) : unique) {
      const repeats = this.#seen.get(key)
      if (repeats !== undefined) return { repeats, by }
    }
    for (const { key } of unique) if (!this.#seen.has(key)) this.#seen.set(key, row.row)
    const known = byCode ?? unique.map(({ key }) => this.#byIdentity.get(key)).find((card) => card !== undefined)
    if (known) return this.#takeOnce(known, row)
    // A row with a number of its own is not the card that merely looks the same under another number.
    const likely = names.acquired ? [values] : [values, { ...values, acquiredOn: null }]
    const alike = likely
      .flatMap((look) => this.#alike.get(likeness(look)) ?? [])
      .find((card) => !this.#taken.has(card.id) && !contradicts(card, values))
    if (alike) return this.#take(alike, row)
    const gone = this.#spentAlike.get(likeness(values)) ?? []
    const at = gone.findIndex(({ spent }) => !contradicts(spent, values))
    const [merged] = at < 0 ? [] : gone.splice(at, 1)
    return merged ? this.#takeOnce(merged.card, row) : { card: undefined }
  }

  #takeOnce(card: Card, row: StagedRow): { card: Card } | { repeats: number; by: string } {
    const taken = this.#taken.get(card.id)
    return taken === undefined ? this.#take(card, row) : { repeats: taken, by: '对应同一张卡片' }
  }

  /** A card is meant by one row of a file; the next row that looks the same means the next card. */
  #take(card: Card, { row }: StagedRow): { card: Card } {
    this.#taken.set(card.id, row)
    return { card }
  }

  #check(values: CardValues, resolved: ResolvedRow, card: Card | undefined) {
    const { code } = resolved
    const findings = checkCard(values, this.#today).map((finding) =>
      (isWrong(finding) ? wrong : told)(finding.field, finding.text),
    )
    const owner = card ? card.ownerUnitId : values.ownerUnit
    const unit = card ? undefined : this.#units.get(owner ?? '')
    if (unit?.state === 'winding_up') {
      findings.push(wrong('ownerUnit', `${unit.name}自 ${unit.dissolvedOn} 起清算，不再登记新的资产。`))
    }
    if (values.ownerUnit !== owner)
      findings.push(wrong('ownerUnit', '这项资产现属另一单位，权属只能通过“权属界定”改变。'))
    if (card?.undetermined && values.ownership === 'settled') {
      findings.push(wrong('ownership', '待界定的资产要办理“权属界定”后才能改为权属明确。'))
    }
    if (card) findings.push(...partFindings(values, resolved.values, card.parts))
    if (code && !this.#byCode.has(code))
      findings.push(wrong('code', `台账中没有编号 ${code} 的资产，请核对或把编号留空。`))
    return findings
  }

  #barred(card: Card): string | null {
    if (card.usage === 'disposed') return `资产 ${card.code} 已处置，不能更新。`
    if (card.validFrom > this.#effectiveOn) {
      return `资产 ${card.code} 在 ${card.validFrom} 已有变动，请把数据日期改为该日或之后再导入。`
    }
    const [block] = blocking('edit', this.#holds.get(card.id) ?? [])
    return block ? holdSentence('edit', block) : null
  }
}

function identities(values: CardValues): { key: string; by: string }[] {
  const { ownerUnit, originalCode, certificate } = values
  return [
    ...(originalCode ? [{ key: `original ${ownerUnit} ${originalCode}`, by: '的原资产编号相同' }] : []),
    ...(certificate ? [{ key: `certificate ${certificate.replaceAll(/\s/g, '')}`, by: '的权证编号相同' }] : []),
  ]
}

const likeKeys: readonly CardValueKey[] = [
  'ownerUnit',
  'name',
  'location',
  'acquiredOn',
  'cost',
  'landArea',
  'floorArea',
]

function likeness(values: CardValues): string {
  return JSON.stringify(likeKeys.map((key) => values[key]))
}

function contradicts(card: Card, values: CardValues): boolean {
  return (
    (values.originalCode !== null && card.originalCode !== null && card.originalCode !== values.originalCode) ||
    (values.certificate !== null && card.certificate !== null && card.certificate !== values.certificate)
  )
}

/** A blank cell changes nothing; the net value follows cost and depreciation unless the file gives its own. */
function merged(card: Card, { values, names }: ResolvedRow): CardValues {
  const old = valuesOf(card)
  const next = Object.fromEntries(valueKeys.map((key) => [key, values[key] ?? old[key]])) as CardValues
  if (!names.owner) next.ownerUnit = old.ownerUnit
  if (!names.place) next.division = old.division
  if (!names.acquired) next.acquiredOn = old.acquiredOn
  const valued = values.cost !== null || values.depreciation !== null
  if (valued && values.netValue === null) next.netValue = derived(next) ?? old.netValue
  return following(next, card.parts)
}

/** What a file says of usage and idle area loses against the parts, and is told; the area must hold them all. */
function partFindings(values: CardValues, given: CardValues, parts: readonly Part[]) {
  const ignored =
    parts.length === 0 ? [] : followingKeys.filter((key) => given[key] !== null && given[key] !== values[key])
  return [
    ...partProblems(parts, values).map(({ field, text }) => wrong(field, text)),
    ...ignored.map((key) => {
      const field = cardFields.find((candidate) => candidate.key === key)
      const shown = key === 'usage' ? choiceLabel(usages, given[key]) : given[key]
      return told(key, `${field?.label ?? key}按部位计算，表中的“${shown}”没有采用。`)
    }),
  ]
}

function derived({ cost, depreciation }: CardValues): string | null {
  return cost !== null && depreciation !== null ? minus(cost, depreciation) : null
}

function extraChanges(card: Card, { extra }: ResolvedRow) {
  return changed(
    Object.fromEntries(Object.keys(extra).map((header) => [`extra.${header}`, card.extra[header] ?? null])),
    Object.fromEntries(Object.entries(extra).map(([header, text]) => [`extra.${header}`, text])),
  )
}
