import type { Card } from './card.ts'
import { blocking, type CardVerb, cardVerbs, type Hold, partsHeld } from './holds.ts'
import { mayHaveParts } from './parts.ts'
import { unsplittable } from './split.ts'

/** What a keeper or lead may begin on a card's page. */
type Deed = {
  text: string
  icon: string
  href: (card: Card) => string
  /** Left out where a hold does not keep the page closed: what it opens says more exactly what is in the way. */
  verb?: CardVerb
  /** Holds of single parts leave it open: the other parts are free. */
  byParts?: boolean
  on?: (card: Card) => boolean
  tone?: string
}

/** In the order of the buttons. */
const deeds: readonly Deed[] = [
  {
    verb: 'determine',
    text: cardVerbs.determine,
    icon: 'scale',
    href: ({ code }) => `/determinations/new?card=${code}`,
  },
  {
    verb: 'arrange',
    byParts: true,
    text: cardVerbs.arrange,
    icon: 'building',
    href: ({ code }) => `/assets/${code}/parts`,
    on: ({ cardType }) => mayHaveParts(cardType),
  },
  {
    verb: 'split',
    text: cardVerbs.split,
    icon: 'arrows-exchange',
    href: ({ code }) => `/assets/${code}/split`,
    on: (card) => unsplittable(card) === undefined,
  },
  { text: '登记限制', icon: 'lock', href: ({ code }) => `/restrictions/new?card=${code}` },
  { verb: 'edit', text: cardVerbs.edit, icon: 'pencil', href: ({ code }) => `/assets/${code}/edit`, tone: 'primary' },
]

/**
 * The buttons of a card's page. A hold makes a button dead; the line above the card that names and links the hold's
 * document says why.
 */
export function deedsOf(card: Card, holds: readonly Hold[]) {
  return deeds
    .filter(({ on }) => on?.(card) ?? true)
    .map(({ verb, byParts, text, icon, href, tone = 'secondary' }) => {
      const meant = byParts ? holds.filter((hold) => partsHeld(hold) === null) : holds
      const blocks = verb ? blocking(verb, meant) : []
      return blocks.length === 0
        ? { text, icon, tone, href: href(card) }
        : {
            text,
            icon,
            tone,
            type: 'button',
            disabled: true,
            describedBy: blocks.map(({ id }) => `hold-${id}`).join(' '),
          }
    })
}
