import { cardSentences } from './assets/sentences.ts'
import { determinationSentences } from './determinations/sentences.ts'

/** Every action that can stand in an event, with the line it makes in a timeline. */
export const sentences: Readonly<Record<string, string>> = { ...cardSentences, ...determinationSentences }
