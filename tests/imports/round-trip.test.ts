import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnName } from '../../imports/reading/columns.ts'
import { cellsOf, table } from './workbooks.ts'

const word = fc.string({
  unit: fc.constantFrom(...'村部办公楼闲置资产合计原值㎡亩〇𠮷（）,;"\'<>&＝=0123456789.-年月日 \nabcxX_'),
  minLength: 1,
  maxLength: 12,
})
const cell = fc.oneof(
  { weight: 4, arbitrary: word },
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc.integer({ min: -9_999_999, max: 9_999_999 }).map((cents) => cents / 100),
  fc.constant(null),
)

test('what exceljs wrote from a random Chinese table reads back the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 20 }),
      async (rows) => {
        const expected: Record<number, Record<string, string>> = {}
        for (const [at, row] of rows.entries()) {
          const cells = row.flatMap((value, column) =>
            value === null || value === '' ? [] : [[columnName(column + 1), String(value)] as const],
          )
          if (cells.length > 0) expected[at + 1] = Object.fromEntries(cells)
        }
        expect(await cellsOf(await table(rows))).toEqual(expected)
      },
    ),
    { numRuns: 25 },
  )
})
