import type { Card } from './card.ts'
import { blocking, type CardVerb, cardVerbs, type Hold, partsHeld } from './holds.ts'
import { mayHaveParts } from './parts.ts'
import { unsplittable } from './split.ts'

/** What a keeper or lead may begin on a card's page, in the order of the buttons. */
type Deed = { verb: CardVerb; icon: string; href: (card: Card) => string; on?: (card: Card) => boolean; tone?: string }

const deeds: readonly Deed[] = [
  { verb: 'determine', icon: 'scale', href: ({ code }) => `/determinations/new?card=${code}` },
  {
    verb: 'arrange',
    icon: 'layout-dashboard',
    href: ({ code }) => `/assets/${code}/parts`,
    on: ({ cardType }) => mayHaveParts(cardType),
  },
  {
    verb: 'split',
    icon: 'arrows-exchange',
    href: ({ code }) => `/assets/${code}/split`,
    on: (card) => unsplittable(card) === undefined,
  },
  { verb: 'edit', icon: 'pencil', tone: 'primary', href: ({ code }) => `/assets/${code}/edit` },
]

/**
 * The buttons of a card's page. A hold makes a button dead; the line above the card that names and links the hold's
 * document says why.
 */
export function deedsOf(card: Card, holds: readonly Hold[]) {
  return deeds
    .filter(({ on }) => on?.(card) ?? true)
    .map(({ verb, icon, href, tone }) => {
      // A hold of a part leaves the other parts free to be arranged.
      const blocks = verb === 'arrange' ? blockingWhole(holds) : blocking(verb, holds)
      const button = { text: cardVerbs[verb], icon, tone: tone ?? 'secondary' }
      return blocks.length === 0
        ? { ...button, href: href(card) }
        : { ...button, type: 'button', disabled: true, describedBy: blocks.map(({ id }) => `hold-${id}`).join(' ') }
    })
}

function blockingWhole(holds: readonly Hold[]): Hold[] {
  return blocking(
    'arrange',
    holds.filter((hold) => partsHeld(hold) === null),
  )
}
