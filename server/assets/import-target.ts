import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type Answers, allOthers, decided } from '../../imports/answers.ts'
import { withEdits } from '../../imports/edits.ts'
import { otherwise, resolvedState } from '../../imports/resolved.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'
import type { StagedRow } from '../../imports/staging.ts'
import type {
  Batch,
  FieldProblem,
  ImportTarget,
  Question,
  Resolved,
  Resolver,
  RowToResolve,
} from '../../imports/target.ts'
import { within } from '../access/scope.ts'
import type { Track } from '../kernel/actor.ts'
import type { Acting } from '../kernel/events.ts'
import { type Card, type CardValueKey, type CardValues, noValues, valueKeys } from './card.ts'
import { countDuplicates } from './duplicates.ts'
import { applyBatch } from './import-apply.ts'
import { derived, judgeAgainstCards } from './import-judge.ts'
import { cardIdentities, cardKeys, enterCandidates, onlyCode, rowsToRevisit } from './import-match.ts'
import { printedHeaders, sheetsWithoutCards } from './import-printed.ts'
import { type Layout, layoutOf, type ResolvedRow, resolveRow, told, typed, unplacedOf, wrong } from './import-row.ts'
import { UnclearTexts } from './import-unclear.ts'
import { undoOfCards } from './import-undo.ts'
import { type Surroundings, surroundingsOf } from './import-units.ts'
import type { CardUses } from './ports.ts'
import { checkCard, isWrong } from './rules.ts'

/**
 * A row of a file as an asset card: how it is recognised, matched with the register, entered into it and taken back.
 * Without knowing what the stages make of cards, no batch of them is undone.
 */
export function cardTarget(county: string, acting: Acting, uses?: readonly CardUses[]): ImportTarget<Tx> {
  const target: ImportTarget<Tx> = {
    key: 'cards',
    label: '资产卡片',
    entry: '张卡片',
    fields: [...cardFields, ...allTypeFields],
    name: 'name',
    headers: ['资产名称', '账面原值'],
    printed: printedHeaders,
    sheetsWithout: sheetsWithoutCards,
    shown: ['name', 'cardType', 'location', 'landArea', 'floorArea', 'cost'],
    required: ['name'],
    identities: cardIdentities,
    check: ({ values }) => checkRow(values, acting.clock.today()),
  }
  return {
    ...target,
    verbs: {
      open: (tx, batch) => CardRows.open(tx, acting, batch),
      reserve: sql`nextval(pg_get_serial_sequence('cards', 'id'))`,
      candidates: async (tx, batch, keysOf) =>
        enterCandidates(
          tx,
          acting.actor,
          await surroundingsOf(tx, batch, acting.clock.today()),
          trackOf(batch),
          keysOf,
        ),
      judge: (tx, batch, resolver, rows) => {
        if (!(resolver instanceof CardRows)) throw new Error('rows of another target')
        const found = rows.map((row) => ({ row, ...resolver.compare(row, target) }))
        const reaches = (card: Card) => resolver.reaches(card)
        return judgeAgainstCards(tx, found, {
          ...{ today: acting.clock.today(), effectiveOn: batch.effectiveOn, reaches },
        })
      },
      revisit: rowsToRevisit,
      questions: acquiredQuestions,
      apply: (tx, batch, watch) => applyBatch(tx, acting, county, batch, watch),
      aftermath: (tx, batch) => duplicatesLeft(tx, acting, batch),
      ...(uses ? { undo: undoOfCards(acting, uses) } : {}),
    },
  }
}

/** The rules that need only the row, for a look at a file before any unit is chosen; told ones wait for the card. */
function checkRow(values: Record<string, string | null>, today: string): FieldProblem[] {
  return checkCard({ ...noValues, ...values }, today)
    .filter(isWrong)
    .map(({ field, text, severity }) => ({ field, message: text, severity }))
}

/** Rows of one batch as cards: the units around them, and what they leave open. */
class CardRows implements Resolver {
  readonly #around: Surroundings
  readonly #acting: Acting
  readonly #track: Track
  readonly #today: string
  readonly #layout: Layout
  readonly #answers: Answers
  readonly #unclear = new UnclearTexts()

  private constructor(around: Surroundings, acting: Acting, batch: Batch) {
    this.#around = around
    this.#acting = acting
    this.#track = trackOf(batch)
    this.#today = acting.clock.today()
    this.#layout = layoutOf(batch)
    this.#answers = batch.answers
  }

  static async open(tx: Tx, acting: Acting, batch: Batch): Promise<CardRows> {
    return new CardRows(await surroundingsOf(tx, batch, acting.clock.today()), acting, batch)
  }

  resolve(row: RowToResolve): Resolved {
    const resolved = this.#read(row)
    for (const unclear of resolved.unclear) this.#unclear.add(unclear, row.row)
    const unplaced = unplacedOf(row, resolved)
    const unread = [...row.problems, ...resolved.findings].some(isWrong)
    if (unread || resolved.barred.length > 0) {
      return {
        status: 'wrong',
        differing: otherwise(row.values, {}),
        unplaced,
        findings: [...resolved.findings, ...resolved.barred],
        keys: unread || resolved.code === null ? null : onlyCode(resolved.code),
      }
    }
    const values = typed(resolved.values)
    values.netValue ??= derived(values)
    const findings = [...resolved.findings, ...this.#check(values, resolved)]
    const status = findings.some(isWrong) ? 'wrong' : 'new'
    return { status, differing: differing(values, row.values), unplaced, findings, keys: this.#keys(resolved) }
  }

  /** What a row says, to be held against the card it means. */
  compare(row: StagedRow, target: ImportTarget<Tx>) {
    const resolved = this.#read(withEdits(row, target))
    return { resolved, keys: this.#keys(resolved) }
  }

  questions(): Question[] {
    return this.#unclear.questions(
      this.#around.chosen.name,
      (field, text) => decided(this.#answers, field, text) !== undefined,
    )
  }

  #read(row: RowToResolve): ResolvedRow {
    return resolveRow(row, this.#around, this.#acting.actor, this.#track, this.#layout, this.#answers)
  }

  /** Whether a card may be written by this import: it is of the chosen unit or below, and of the track. */
  reaches({ ownerUnitId, track }: Pick<Card, 'ownerUnitId' | 'track'>): boolean {
    return track === this.#track && this.#around.below.has(ownerUnitId)
  }

  #keys({ values, code, names, barred }: ResolvedRow): (string | null)[] {
    if (barred.length > 0) return onlyCode(code)
    return cardKeys(values, code, names.acquired)
  }

  /** What keeps a row from becoming a card of its own. */
  #check(values: ResolvedRow['values'], { code }: ResolvedRow) {
    const findings = checkCard(values, this.#today).map((finding) =>
      (isWrong(finding) ? wrong : told)(finding.field, finding.text),
    )
    const unit = this.#around.below.get(values.ownerUnit ?? '')
    if (unit?.state === 'winding_up') {
      findings.push(wrong('ownerUnit', `${unit.name}自 ${unit.dissolvedOn} 起清算，不再登记新的资产。`))
    }
    if (code)
      findings.push(
        wrong('code', `台账中没有编号 ${code} 的资产，作废的编号也不再用，请核对，或把编号留空取得新编号。`),
      )
    return findings
  }
}

/** What is stored otherwise than the row says it: names become ids, and what follows from them is filled in. */
function differing(values: CardValues, given: Readonly<Record<string, string>>): Record<string, string | null> {
  const found: Record<string, string | null> = {}
  for (const key of following) {
    const value = values[key]
    if (value !== (given[key] ?? null)) found[key] = value
  }
  for (const key of named) if (key in given) found[key] = null
  return found
}

/** Values that are not always as they were read. */
const following: readonly CardValueKey[] = [
  ...(['track', 'ownerUnit', 'usingUnit', 'division', 'cardType', 'originalCode'] as const),
  ...(['acquiredOn', 'quantity', 'netValue'] as const),
]

/** Fields that name a card and are no value of it. */
const named = [...cardFields, ...allTypeFields].flatMap(({ key }) =>
  (valueKeys as readonly string[]).includes(key) ? [] : key,
)

/** What was imported may be in the register under another name or number. */
/** Cards in sight beyond which pairs are only counted on their own page: it takes seconds. */
const counted = 20_000

async function duplicatesLeft(tx: Tx, { actor }: Acting, { no }: Batch) {
  const href = `/assets/duplicates?batch=${no}`
  const [large] = await tx.execute(
    sql`select 1 from cards c where ${within(actor, sql`c.owner_key`)} offset ${counted} limit 1`,
  )
  if (large) return { lead: '导入的资产里可能有与台账相像的，请看一遍：', text: '查看疑似重复', href }
  const count = await countDuplicates(tx, actor, { batch: no })
  if (count === 0) return null
  return { lead: '导入的资产里有与台账相像的，请逐对比较：', text: `疑似重复 ${count} 项`, href }
}

async function acquiredQuestions(tx: Tx, batch: Batch): Promise<Question[]> {
  if (batch.fields.includes('acquiredOn')) return []
  const [row] = await tx.execute<{ filled: number }>(sql`
    select count(*)::int as filled from import_rows r
    where r.batch_id = ${batch.id} and r.status = 'new' and ${resolvedState} ->> 'acquiredOn' is not null`)
  const filled = row?.filled ?? 0
  const refused = decided(batch.answers, 'acquiredOn', allOthers)
  if (filled === 0 && refused === undefined) return []
  return [
    {
      key: `value:acquiredOn:${allOthers}`,
      kind: 'value',
      about: `文件里没有建成/取得时间一栏，${filled} 行写了竣工日期或投入使用日期，用它作建成/取得时间吗？`,
      guess: '新卡片按竣工日期填写，没有的按投入使用日期；不是的，请加一列“取得时间”后重新上传',
      value: refused === null ? null : 'completedOn',
      choices: [{ value: 'completedOn', label: '按竣工日期填写，没有的按投入使用日期' }],
      field: 'acquiredOn',
      text: allOthers,
      rows: { count: filled, first: [] },
      ...(refused === undefined ? {} : { answered: true }),
    },
  ]
}

function trackOf({ track }: Batch): Track {
  if (track === null) throw new Error('a batch of cards without a track')
  return track
}
