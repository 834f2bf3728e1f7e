import Big from 'big.js'
import { eq, inArray } from 'drizzle-orm'
import fc from 'fast-check'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { createCards, editCard } from '../../server/assets/actions.ts'
import { type Card, type CardValues, noValues, valuesOf } from '../../server/assets/card.ts'
import { keepApart } from '../../server/assets/distinctions.ts'
import { lockPair, mergeCards, unmergeCards } from '../../server/assets/merge-actions.ts'
import { arrangeParts } from '../../server/assets/parts-actions.ts'
import { splitCard, unsplitCard } from '../../server/assets/split-actions.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { type Figures, figuresOf, keys, type Model } from './model.ts'

/** Two decimals up to a thousand, so that shares have to be rounded. */
const amount = fc.integer({ min: 0, max: 99_999 }).map((cents) => new Big(cents).div(100).toFixed(2))
const blank = <Of>(arbitrary: fc.Arbitrary<Of>) => fc.option(arbitrary, { nil: null, freq: 4 })
const figures: fc.Arbitrary<Figures> = fc
  .record({
    cost: blank(amount),
    depreciation: blank(amount),
    landArea: blank(amount),
    floorArea: blank(amount),
    idleArea: blank(amount),
    quantity: blank(fc.integer({ min: 1, max: 9000 }).map((thousandths) => new Big(thousandths).div(1000).toFixed(3))),
  })
  .map((drawn) => ({ ...drawn, ...ordered(drawn.cost, drawn.depreciation) }))

const which = fc.nat(50)
/** Days the effective date lies back; the clock moves on as many days before the act. */
const times = {
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(4) }),
  later: fc.nat(2),
}

export const command = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const), figures, ...times }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const), which, figures, ...times }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('split' as const),
      which,
      shares: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 }),
      ...times,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('unsplit' as const), which, ...times }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('merge' as const), which, with: which, others: fc.boolean(), ...times }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('unmerge' as const), which, ...times }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('parts' as const),
      which,
      // Hundredths of the floor area, and whether the part is idle; none takes the division back.
      parts: fc.array(fc.record({ hundredths: fc.integer({ min: 1, max: 33 }), idle: fc.boolean() }), { maxLength: 3 }),
      ...times,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('apart' as const), which, with: which, ...times }) },
)
/** What a register begins with: cards of a quantity and a value. */
export const beginning = fc.array(
  figures.map((drawn) => ({ ...drawn, quantity: drawn.quantity ?? '9.000', cost: drawn.cost ?? '100.01' })),
  { minLength: 3, maxLength: 4 },
)
export type Command = typeof command extends fc.Arbitrary<infer Of> ? Of : never

type Place = { tx: Tx; acting: Acting; county: string; owner: string; model: Model; effectiveOn: string }

/** Does the verb, then tells the model; a refusal is thrown and leaves the model as it was. */
export async function perform(command: Command, place: Place): Promise<void> {
  const { tx, acting, county, model, effectiveOn } = place
  const when = { effectiveOn, comment: null }
  const living = model.living()
  const pick = (at: number) => living[at % living.length]
  if (command.kind === 'create') {
    const values = { ...valuesFor(place.owner), ...command.figures }
    const [made] = await createCards(tx, acting, county, [{ values }], { action: 'card.create', effectiveOn })
    return model.create(made?.code ?? '', command.figures)
  }
  // Mostly there is something to undo.
  const undoable =
    command.kind === 'unsplit' ? model.splitCards() : command.kind === 'unmerge' ? model.mergedCards() : []
  const code =
    command.which % 5 === 0 ? pick(command.which) : (undoable[command.which % undoable.length] ?? pick(command.which))
  if (!code) return
  const card = await cardOf(tx, code)
  const { version } = card
  switch (command.kind) {
    case 'edit': {
      const values = { ...valuesOf(card), ...command.figures, netValue: null }
      await editCard(tx, acting, code, { version, values, ...when })
      return model.edit(code, command.figures)
    }
    case 'parts': {
      const entries = command.parts.map(({ hundredths, idle }, at) => ({
        ...{ no: null, row: at + 1, name: `${at + 1} 楼`, usage: idle ? 'idle' : 'in_use', idleSince: null },
        area: new Big(card.floorArea ?? 0).times(hundredths).div(100).round(2, Big.roundDown).toFixed(2),
      }))
      await arrangeParts(tx, acting, code, { version, entries, ...when })
      const idle = entries.filter(({ usage }) => usage === 'idle')
      const sum = idle.reduce((all, { area }) => all.plus(area), new Big(0)).toFixed(2)
      return model.divide(code, entries.length > 0 ? sum : null)
    }
    case 'split': {
      const pieces = command.shares.map((thousandths) => ({ quantity: new Big(thousandths).div(1000).toFixed(3) }))
      // The form's own check: what a person asks for leaves something over.
      if (new Big(card.quantity ?? 0).lte(pieces.reduce((sum, { quantity }) => sum.plus(quantity), new Big(0)))) return
      const made = await splitCard(tx, acting, county, code, { version, pieces, ...when })
      const shares = await Promise.all(
        made.map(async (piece) => ({ code: piece.code, figures: figuresOf(await cardOf(tx, piece.code)) })),
      )
      return model.split(code, shares, figuresOf(await cardOf(tx, code)))
    }
    case 'unsplit':
      await unsplitCard(tx, acting, code, { version, ...when })
      return model.unsplit(code)
    case 'unmerge':
      await unmergeCards(tx, acting, code, { version, ...when })
      return model.unmerge(code)
    default: {
      const other = pick(command.with)
      if (!other || other === code) return
      const second = await cardOf(tx, other)
      if (command.kind === 'apart') {
        const pair = await lockPair(tx, acting, code, other)
        await keepApart(tx, acting, pair.kept, pair.other, '两处')
        return model.apart(code, other)
      }
      const choices = Object.fromEntries([...keys, 'parts'].map((key) => [key, command.others ? other : code]))
      const versions = { [code]: version, [other]: second.version }
      await mergeCards(tx, acting, { kept: code, other, versions, choices: () => choices, ...when })
      return model.merge(code, other, command.others ? other : code)
    }
  }
}

export async function cardOf(tx: Tx, code: string): Promise<Card> {
  const [card] = await tx.select().from(cards).where(eq(cards.code, code))
  if (!card) throw new Error(`no card ${code}`)
  return card
}

export async function cardsOf(tx: Tx, codes: readonly string[]): Promise<Map<string, Card>> {
  const rows = await tx
    .select()
    .from(cards)
    .where(inArray(cards.code, [...codes]))
  return new Map(rows.map((card) => [card.code, card]))
}

function valuesFor(ownerUnit: string): CardValues {
  return {
    ...noValues,
    name: '门面',
    track: 'collective',
    cardType: 'house',
    ownerUnit,
    division: '510923100210',
  }
}

/** Depreciation needs a cost and never exceeds it. */
function ordered(cost: string | null, depreciation: string | null) {
  if (cost === null || depreciation === null) return { cost, depreciation: null }
  return new Big(cost).gte(depreciation) ? { cost, depreciation } : { cost: depreciation, depreciation: cost }
}
