import { inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { allOthers, decided } from '../../imports/answers.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'
import { type StagedRow, stagedRows, type Verdict, writeVerdicts } from '../../imports/staging.ts'
import type { Batch, FieldProblem, ImportTarget, Question } from '../../imports/target.ts'
import { RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { changeCard, createCards, type Effect, stillWritten } from './actions.ts'
import { type CardValues, noValues } from './card.ts'
import { blocking, holdSentence, holdsOn } from './holds.ts'
import { Matcher } from './import-match.ts'
import { resolveRow } from './import-row.ts'
import { UnclearTexts } from './import-unclear.ts'
import { surroundingsOf } from './import-units.ts'
import { checkCard, isWrong } from './rules.ts'

/** A row of a file as an asset card: how it is recognised, matched with the register and entered into it. */
export function cardTarget(county: string, acting: Acting): ImportTarget<Tx> {
  return {
    key: 'cards',
    label: '资产卡片',
    fields: [...cardFields, ...allTypeFields],
    name: 'name',
    required: ['name'],
    identities: [
      { key: 'code', fields: ['code'], unique: true },
      { key: 'originalCode', fields: ['ownerUnit', 'originalCode'], unique: true },
      { key: 'certificate', fields: ['certificate'], unique: true },
      { key: 'likeness', fields: ['name', 'location', 'acquiredOn', 'cost', 'landArea', 'floorArea'], unique: false },
    ],
    check: ({ values }) => checkRow(values, acting.clock.today()),
    verbs: {
      match: (tx, batch) => match(tx, acting, batch),
      apply: (tx, batch) => apply(tx, acting, county, batch),
    },
  }
}

/** The rules that need only the row, for a look at a file before any unit is chosen; told ones wait for the card. */
function checkRow(values: Record<string, string | null>, today: string): FieldProblem[] {
  return checkCard({ ...noValues, ...values }, today)
    .filter(isWrong)
    .map(({ field, text, severity }) => ({ field, message: text, severity }))
}

async function match(tx: Tx, acting: Acting, batch: Batch): Promise<{ questions: Question[] }> {
  const today = acting.clock.today()
  const around = await surroundingsOf(tx, batch, today)
  const matcher = await Matcher.open(tx, batch, around, today)
  const unknown = new UnclearTexts()
  let filled = 0
  for await (const rows of stagedRows(tx, batch.id)) {
    const verdicts: Verdict[] = []
    for (const row of rows) {
      const resolved = resolveRow(row, around, acting.actor, batch.track, batch.answers)
      for (const unclear of resolved.unclear) unknown.add(unclear, row.row)
      const verdict = matcher.judge(row, resolved)
      if (verdict.status === 'new' && !resolved.names.acquired && resolved.values.acquiredOn !== null) filled++
      verdicts.push(verdict)
    }
    await writeVerdicts(tx, verdicts)
  }
  const refused = decided(batch.answers, 'acquiredOn', allOthers)
  const acquired: Question[] =
    filled === 0 && refused === undefined
      ? []
      : [
          {
            key: 'value:acquiredOn',
            kind: 'value',
            value: refused === null ? null : 'completedOn',
            choices: [{ value: 'completedOn', label: '按竣工日期填写，没有的按投入使用日期' }],
            text: allOthers,
            rows: { count: filled, first: [] },
            ...(refused === undefined ? {} : { answered: true }),
            about: `文件里没有建成/取得时间一栏，${filled} 行写了竣工日期或投入使用日期，用它作建成/取得时间吗？`,
            guess: '新卡片按竣工日期填写，没有的按投入使用日期；不是的，请加一列“取得时间”后重新上传',
            field: 'acquiredOn',
          },
        ]
  return {
    questions: [
      ...acquired,
      ...unknown.questions(around.chosen.name, (field, text) => decided(batch.answers, field, text) !== undefined),
    ],
  }
}

async function apply(tx: Tx, acting: Acting, county: string, batch: Batch): Promise<void> {
  const detail = { document: { kind: 'import', no: batch.no, path: `/imports/${batch.no}` } }
  const effect = (action: string): Effect => ({ action, effectiveOn: batch.effectiveOn, detail })
  for await (const rows of stagedRows(tx, batch.id)) {
    const fresh = rows.filter(({ status }) => status === 'new')
    const made = await createCards(
      tx,
      acting,
      county,
      fresh.map((row) => ({ values: row.resolved as CardValues, extra: row.extra, written: row.written })),
      effect('card.import'),
    )
    await linkCards(
      tx,
      fresh.map(({ id }, index) => ({ id, card: made[index]?.id ?? null })),
    )
    await change(
      tx,
      acting,
      rows.filter(({ status }) => status === 'changed'),
      effect('card.reimport'),
    )
  }
}

async function change(tx: Tx, acting: Acting, rows: readonly StagedRow[], effect: Effect): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.flatMap(({ entryId }) => entryId ?? [])
  const locked = await tx.select().from(cards).where(inArray(cards.id, ids)).orderBy(cards.id).for('update')
  const found = await holdsOn(tx, ids)
  for (const row of rows) {
    const card = locked.find(({ id }) => id === row.entryId)
    if (!card) throw new Error(`row ${row.row} has lost its card`)
    // Someone saved between matching and this lock: what the row was compared with is no longer what is stored.
    if (card.version !== row.entryVersion) {
      throw new RuleBroken(`第 ${row.row} 行对应的资产 ${card.code} 刚被别人改过，台账没有改动，请再点一次导入。`)
    }
    // A hold leaves the version as it is.
    const [block] = blocking(
      'edit',
      found.filter(({ cardId }) => cardId === card.id),
    )
    if (block) throw new RuleBroken(`第 ${row.row} 行对应的资产 ${card.code} ${holdSentence('edit', block)}`)
    const extra = { ...card.extra, ...row.extra }
    const told = extraChanges(row)
    await changeCard(
      tx,
      acting,
      card,
      row.resolved as CardValues,
      { ...effect, detail: { ...effect.detail, ...told } },
      {
        extra,
        written: { ...stillWritten(card.written, row.changes ?? {}), ...row.written },
      },
    )
  }
}

/** The timeline tells changed extra columns beside the changed fields. */
function extraChanges(row: StagedRow) {
  const extras = Object.entries(row.changes ?? {}).filter(([key]) => key.startsWith('extra.'))
  return extras.length > 0 ? { extras: Object.fromEntries(extras) } : {}
}

async function linkCards(tx: Tx, links: readonly { id: string; card: string | null }[]): Promise<void> {
  if (links.length === 0) return
  await tx.execute(sql`
    update import_rows r set entry_id = v.card, entry_version = 1
    from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as v(id bigint, card bigint) where r.id = v.id`)
}
