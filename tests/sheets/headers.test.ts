import { expect, test } from 'vitest'
import { buildDictionary } from '../../imports/recognising/dictionary.ts'
import { cardTypes } from '../../imports/sheets/card-choices.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { cardsSheet } from '../../imports/sheets/cards.ts'
import { registerSheet } from '../../imports/sheets/register.ts'
import { statisticsSheet } from '../../imports/sheets/statistics.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'
import { villageStatusSheet } from '../../imports/sheets/village-status.ts'

const dictionary = buildDictionary([...cardFields, ...allTypeFields])
const ofTypes = cardTypes.map(({ value }) => ({ ...registerSheet(undefined, value), title: `公有资产台账 ${value}` }))

test.each([registerSheet(), ...ofTypes, statisticsSheet, villageStatusSheet, cardsSheet])(
  'an import knows the headers of $title again',
  (sheet) => {
    for (const column of sheet.columns.filter((candidate) => candidate.kind !== 'tick' && candidate.field)) {
      const [best] = dictionary.look(column.header)
      expect({ header: column.header, field: best?.field.key }).toEqual({ header: column.header, field: column.field })
    }
  },
)
