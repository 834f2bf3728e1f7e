import { accessSentences } from './access/sentences.ts'
import { cardSentences } from './assets/sentences.ts'
import { determinationSentences } from './determinations/sentences.ts'
import { importSentences } from './imports/sentences.ts'
import { clockSentences } from './records/clock-sentences.ts'
import { paperSentences } from './records/paper-sentences.ts'

/** Every action that can stand in an event, with the line it makes in a timeline. */
export const sentences: Readonly<Record<string, string>> = {
  ...accessSentences,
  ...cardSentences,
  ...determinationSentences,
  ...importSentences,
  ...paperSentences,
  ...clockSentences,
}
