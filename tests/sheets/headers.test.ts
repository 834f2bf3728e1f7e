import { expect, test } from 'vitest'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { fieldOfHeader, headerKey } from '../../imports/sheets/headers.ts'
import { registerSheet } from '../../imports/sheets/register.ts'
import { statisticsSheet } from '../../imports/sheets/statistics.ts'
import { villageStatusSheet } from '../../imports/sheets/village-status.ts'

test.each([registerSheet(), statisticsSheet, villageStatusSheet])(
  'an import knows the headers of $title again',
  (sheet) => {
    for (const column of sheet.columns.filter((candidate) => candidate.kind !== 'tick')) {
      expect({ header: column.header, field: fieldOfHeader(column.header) }).toEqual({
        header: column.header,
        field: column.field,
      })
    }
  },
)

test('no header means two fields', () => {
  const owners = new Map<string, string[]>()
  for (const field of cardFields) {
    const synonyms: readonly string[] = 'synonyms' in field ? field.synonyms : []
    for (const key of new Set([field.label, ...synonyms].map(headerKey))) {
      owners.set(key, [...(owners.get(key) ?? []), field.key])
    }
  }
  expect([...owners].filter(([, fields]) => fields.length > 1)).toEqual([])
})

test.each([
  ['账 面\n原值（元）', 'cost'],
  ['建筑面积(m2)', 'floorArea'],
  ['村（社区）', 'division'],
  ['序号', undefined],
])('%s means %s', (header, field) => {
  expect(fieldOfHeader(header)).toBe(field)
})
