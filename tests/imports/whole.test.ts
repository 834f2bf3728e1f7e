import { type BookType, utils, write } from '@e965/xlsx'
import { expect, test } from 'vitest'
import type { ReadEvent } from '../../imports/reading/events.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import { eventsOf, readSamples, type Whole } from '../../imports/recognising/tables.ts'
import { textFile } from './workbooks.ts'

/** Two worksheets, of which the second has more rows than are looked at. */
function book(bookType: BookType): string {
  const rows = (count: number) => Array.from({ length: count }, (_, at) => [`资产 ${at}`, at, null, `${at % 7}层`])
  const short = utils.aoa_to_sheet([['固定资产'], ['名称', '原值', '坐落', '层数'], [], ...rows(50)])
  short['!merges'] = [utils.decode_range('A1:D1')]
  short['!rows'] = [{}, {}, {}, {}, { hidden: true }]
  const made = utils.book_new()
  utils.book_append_sheet(made, short, '台账')
  utils.book_append_sheet(made, utils.aoa_to_sheet([['名称'], ...rows(300)]), '长表')
  return textFile(`台账.${bookType}`, write(made, { type: 'buffer', bookType }))
}

async function told(events: AsyncIterable<ReadEvent>): Promise<unknown[]> {
  const found = await Array.fromAsync(events)
  return found
    .filter(({ kind }) => ['row', 'sheetEnd', 'unread'].includes(kind))
    .map((event) => (event.kind === 'row' ? { ...event, cells: { ...event.cells } } : event))
}

test.for(['xlsx', 'biff8', 'xlml', 'html', 'csv'] as const)(
  'a small worksheet of %s that was looked at holds what reading it anew tells',
  async (bookType) => {
    const path = book(bookType)
    const { samples, whole } = await readSamples(path)
    expect(samples.length).toBe(['html', 'csv'].includes(bookType) ? 1 : 2)
    const name = samples[0]?.sheet.name ?? ''
    expect([...whole.keys()]).toEqual([name])
    expect(await told(eventsOf(path, name, whole))).toEqual(await told(readWorkbook(path, { worksheet: name })))
    if (samples.length > 1) expect(await told(eventsOf(path, '长表', whole))).toHaveLength(302)
  },
)

test('whoever changes a row changes it for nobody else', async () => {
  const row = { kind: 'row' as const, row: 2, cells: { A: '村部' } }
  const whole: Whole = new Map([['台账', [row]]])
  for await (const event of eventsOf('', '台账', whole)) if (event.kind === 'row') event.cells.B = '改'
  expect(row.cells).toEqual({ A: '村部' })
})
