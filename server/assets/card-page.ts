import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cardTypes, tracks, usages } from '../../imports/sheets/card-choices.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { unitsOn } from '../access/units.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Telling } from '../kernel/timeline.ts'
import { mayKeep } from './actions.ts'
import { type Card, type CardValues, valuesOf } from './card.ts'
import { deedsOf } from './card-deeds.ts'
import { relationsOf } from './card-relations.ts'
import { statesOf, versionRows } from './card-states.ts'
import { cardForm, cardFormFields, cardFormOf } from './fields.ts'
import { cardVerbs, type HoldKind, holdKinds, holdMatrix, holdsOn, partsText } from './holds.ts'
import { cardTimeline } from './merged.ts'
import { toldPart } from './parts.ts'
import { partsPanel } from './parts-page.ts'
import { checkCard } from './rules.ts'
import { usageTones } from './usage-tones.ts'

/** Names of the units and divisions that a card's states mention, by id or code. */
export type Names = { unit(id: string | null): string | null; division(code: string | null): string | null }

export async function namesFor(tx: Tx, today: string): Promise<Names> {
  const units = new Map((await unitsOn(tx, today)).map((unit) => [unit.id, unit]))
  const places = await tx.execute<{ code: string; name: string }>(sql`select code, name from divisions`)
  const divisions = new Map(places.map(({ code, name }) => [code, name]))
  return {
    unit: (id) => (id === null ? null : (units.get(id)?.name ?? id)),
    division: (code) => (code === null ? null : (divisions.get(code) ?? code)),
  }
}

/** Everything the card's page shows. */
export async function cardPage(
  tx: Tx,
  actor: Actor,
  card: Card,
  today: string,
  sentences: Readonly<Record<string, string>>,
) {
  const names = await namesFor(tx, today)
  const values = valuesOf(card)
  const holds = await holdsOn(tx, [card.id])
  return {
    card,
    typeLabel: choiceLabel(cardTypes, card.cardType),
    trackLabel: choiceLabel(tracks, card.track),
    usageLabel: choiceLabel(usages, card.usage),
    usageTone: usageTones[card.usage ?? ''] ?? 'neutral',
    sections: sectionsOf(card, values, names),
    holds: holds.map((hold) => ({
      id: hold.id,
      parts: partsText(hold),
      label: holdKinds[hold.kind as HoldKind],
      no: hold.documentNo,
      href: hold.documentPath,
      blocks: holdMatrix[hold.kind as HoldKind].map((verb) => cardVerbs[verb]).join('、'),
    })),
    findings: checkCard(values, today).map(({ text }) => text),
    events: await cardTimeline(tx, card, sentences, tellingOf(names)),
    versions: versionRows(card.code, await statesOf(tx, card), names),
    ...(await relationsOf(tx, actor, card)),
    mayEdit: mayKeep(actor, card) && !card.voided,
    deeds: deedsOf(card, holds),
    partition: partsPanel(card, holds),
  }
}

/** Labels and readable values for the timeline's old → new. */
export function tellingOf(names: Names): Telling {
  const field = (key: string) =>
    cardFormFields.find((candidate) => candidate.key === key) ?? cardFields.find((candidate) => candidate.key === key)
  return {
    label: (key) => field(key)?.label ?? key,
    change: (key, change) => (key.startsWith('part.') ? toldPart(key, change) : undefined),
    value: (key, value) => {
      if (key === 'ownerUnit' || key === 'usingUnit') return names.unit(value)
      if (key === 'division') return names.division(value)
      const known = field(key)
      return known && 'choices' in known && value !== null ? choiceLabel(known.choices, value) : value
    },
  }
}

/** The card's fields in the groups of its form; what only its type has, or its books, is left out while all of it is blank. */
export function sectionsOf(card: Card, values: CardValues, names: Names) {
  const tell = tellingOf(names)
  const common = cardForm.map(({ title }) => title)
  const all = cardFormOf(card.cardType).map(({ title, fields }) => ({
    title,
    rows: fields.map((field) => {
      const value = tell.value(field.key, values[field.key as keyof CardValues] ?? null)
      return {
        label: field.label,
        value,
        kind: field.kind,
        unit: field.unit ?? null,
        wide: field.kind === 'longText',
        written: card.written[field.key] ?? null,
      }
    }),
  }))
  const sections = all.filter(({ title, rows }) => common.includes(title) || rows.some(({ value }) => value !== null))
  const extra = Object.entries(card.extra)
  if (extra.length > 0) {
    sections.push({
      title: '原表其他栏目',
      rows: extra.map(([label, value]) => ({ label, value, kind: 'text', unit: null, wide: false, written: null })),
    })
  }
  return sections
}
