import { sql } from 'drizzle-orm'
import { tracks } from '../../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import { printDate } from '../../../imports/writing/cells.ts'
import type { Section, Worksheet } from '../../../imports/writing/worksheet.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Extent } from './extent.ts'

/** What every worksheet of a document bears in its head and at its foot. */
export function printed(extent: Extent, actor: Actor, today: string) {
  const { unit, no, callNo, kind, baseOn, track, counts, readable } = extent
  const document = { count: '清查单号', compilation: '汇总编号', call: '清查通知' }[kind]
  return {
    meta: [
      `填报单位：${unit}`,
      `${document}：${no}`,
      ...(kind === 'call' ? [] : [`清查通知：${callNo}`]),
      `清查基准日：${printDate(baseOn)}`,
      `资产属性：${choiceLabel(tracks, track)}`,
    ],
    signatures: { unit, preparer: actor.name, date: printDate(today) },
    notes: readable < counts ? [`注：共 ${counts} 个单位，本表只列您可以查看的 ${readable} 个，不是全部合计。`] : [],
  } satisfies Partial<Worksheet>
}

export const stationedHeading = '派驻单位(随主管部门统计，不计入上列合计)'

/** Stationed units under one heading of their own, each section summed. */
export function apart(sections: readonly Section[]): Section[] {
  return sections.map((section, index) => ({
    ...section,
    ...(index === 0
      ? { heading: section.heading === undefined ? stationedHeading : `${stationedHeading}：${section.heading}` }
      : {}),
  }))
}

/** Only what is, or is not, of stationed units, where the document has both; else everything. */
export function ofPart({ which, mixed }: Extent, stationed: boolean) {
  if (!mixed) return which
  return sql`${which} and (t.unit_kind = 'stationed') = ${stationed}`
}

/** So many of the rows: a cursor's rows come in the order of the sections, and each takes its own. */
export async function* next<Row>(rows: AsyncIterator<Row>, count: number): AsyncGenerator<Row> {
  for (let taken = 0; taken < count; taken += 1) {
    const { value, done } = await rows.next()
    if (done) throw new Error('a section has fewer lines than were counted')
    yield value
  }
}
