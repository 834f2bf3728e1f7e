import { expect, test } from 'vitest'
import { buildDictionary } from '../../imports/recognising/dictionary.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { registerSheet } from '../../imports/sheets/register.ts'
import { statisticsSheet } from '../../imports/sheets/statistics.ts'
import { villageStatusSheet } from '../../imports/sheets/village-status.ts'

const dictionary = buildDictionary(cardFields)

test.each([registerSheet(), statisticsSheet, villageStatusSheet])(
  'an import knows the headers of $title again',
  (sheet) => {
    for (const column of sheet.columns.filter((candidate) => candidate.kind !== 'tick' && candidate.field)) {
      const [best] = dictionary.look(column.header)
      expect({ header: column.header, field: best?.field.key }).toEqual({ header: column.header, field: column.field })
    }
  },
)
