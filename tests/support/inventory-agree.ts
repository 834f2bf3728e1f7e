import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { verify } from '../../server/verify/verify.ts'
import type { TestApp } from './app.ts'
import type { Account } from './county.ts'
import { fetched } from './download.ts'

/**
 * Register, events and the sheets of a filed compilation tell the same of its one unit, to the cent: what its cards cost
 * that are there, what 清查汇总表 counted with every check of it agreeing, and what the events of its lines last said;
 * nothing that verify knows of is broken.
 */
export async function agree(test: TestApp, by: Account, compilation: string, unit: string): Promise<string> {
  const key = test.fixture.units[unit] ?? ''
  const [register] = await test.db((tx) =>
    tx.execute<{ cost: string; quantity: string }>(sql`
      select sum(cost)::text as cost, sum(coalesce(quantity, 1))::float::text as quantity from cards
      where owner_unit_id = ${key} and not voided and usage is distinct from 'awaiting_write_off'`),
  )
  const [told] = await test.db((tx) =>
    tx.execute<{ quantity: string }>(sql`
      select sum(said.counted)::float::text as quantity
      from compilations m join counts t on t.compilation_id = m.id join count_lines l on l.count_id = t.id
      cross join lateral (
        select (e.detail -> 'changes' -> '清查数' ->> 'new')::numeric as counted from events e
        where e.count_id = t.id and (e.detail ->> 'line')::int = l.no and e.detail -> 'changes' ? '清查数'
        order by e.id desc limit 1) said
      where m.no = ${compilation} and t.unit_id = ${key}`),
  )
  const { workbook } = await fetched(test, by, `/inventory/compilations/${compilation}/count-summary.xlsx`)
  const summary = workbook.getWorksheet('汇总')
  const columns: number[] = []
  summary?.getRow(3).eachCell((cell, column) => cell.text === '清查数' && columns.push(column))
  let sheet: string[] = []
  summary?.eachRow((row) => {
    if (row.getCell(1).text === '合计') sheet = columns.map((column) => Number(row.getCell(column).result).toString())
  })
  expect([sheet[0], Number(sheet[1]).toFixed(2)]).toEqual([register?.quantity, register?.cost])
  expect(told?.quantity).toBe(sheet[0])
  const look = { today: test.clock.today(), county: '510923' }
  const findings = await test.db((tx) => verify(tx, look))
  expect(findings.filter(({ holds }) => !holds)).toEqual([])
  const verdicts: string[] = []
  workbook.getWorksheet('勾稽关系')?.eachRow((row) => verdicts.push(row.getCell(1).text))
  expect(verdicts.find((text) => text.startsWith('共 '))).toMatch(/^共 \d+ 项，全部相符。$/)
  return register?.cost ?? ''
}
