import type { CardUses } from './assets/ports.ts'
import { determinationUses } from './determinations/queries.ts'
import { inventoryUses } from './inventory/counts/card-ports.ts'
import { paperUses } from './records/paper-queries.ts'
import { restrictionUses } from './restrictions/queries.ts'

/** What the stages make of cards, each in its own words: what uses a card keeps its import from being undone. */
export const cardUses: readonly CardUses[] = [determinationUses, restrictionUses, inventoryUses, paperUses]
