import { type SQL, sql } from 'drizzle-orm'
import { arrangeParts, type PartEntry } from '../../../server/assets/parts-actions.ts'
import { act } from '../../../server/kernel/act.ts'
import { divided } from '../../../server/kernel/money.ts'
import { recordRestriction, restrictionMachine } from '../../../server/restrictions/actions.ts'
import type { Tx } from '../../client.ts'
import { cards } from '../../schema/assets.ts'
import type { Stage } from './stage.ts'

/** Weight of the floor area, name, usage, idle since; the last floor is left undivided where it has no name. */
type Floor = readonly [weight: string, name: string | null, usage?: string, idleSince?: string]

const storeys: readonly Floor[] = [
  ['45', '底楼办公室', 'in_use'],
  ['35', '二楼库房', 'lent'],
  ['20', '三楼宿舍', 'idle', '2023-09'],
]
const halves: readonly Floor[] = [
  ['50', '东侧房间', 'in_use'],
  ['30', '西侧房间', 'idle', '2022'],
  ['20', null],
]

const rounds = [
  { account: 'penglai', unit: '蓬莱镇人民政府', on: '2026-03-20', floors: storeys, most: 3 },
  { account: 'gujing', unit: '古井村股份经济合作联合社', on: '2026-03-24', floors: halves, most: 2 },
  { account: 'honglin', unit: '红林村股份经济合作联合社', on: '2026-03-26', floors: storeys, most: 1 },
] as const

/** Divides a few houses into parts; one part is in dispute, another dispute was settled. */
export async function seedParts({ tx, units, today, as }: Stage): Promise<void> {
  const made: { account: string; code: string; nos: number[] }[] = []
  for (const { account, unit, on, floors, most } of rounds) {
    if (on > today) break
    const acting = await as(account, on)
    for (const card of await housesOf(tx, sql`${cards.ownerUnitId} = ${units.find(unit).id}`, on, most)) {
      const { version } = card
      const entries = entriesOf(card.floorArea ?? '0', floors)
      const { code, parts } = await arrangeParts(tx, acting, card.code, {
        ...{ version, entries, effectiveOn: on, comment: '按实际使用情况划分部位。' },
      })
      made.push({ account, code, nos: parts.map(({ no }) => no) })
    }
  }
  const [first, second] = ['gujing', 'honglin'].map((account) => made.find((house) => house.account === account))
  if (first && today >= '2026-04-10') {
    await recordRestriction(tx, await as('gujing', '2026-04-10'), {
      ...{
        code: first.code,
        kind: 'disputed',
        partNos: first.nos.slice(1, 2),
        body: '原承租人何某某',
        documentNo: null,
      },
      ...{ since: '2026-04-08', reason: '对西侧房间的装修归谁所有有争议，正在镇调解委员会调解。' },
    })
  }
  if (second && today >= '2026-06-20') {
    const { id } = await recordRestriction(tx, await as('honglin', '2026-04-16'), {
      ...{ code: second.code, kind: 'disputed', partNos: [], body: '红林村三组', documentNo: null },
      ...{ since: '2026-04-15', reason: '三组主张房屋占地归本组所有。' },
    })
    await act(tx, await as('nongye', '2026-06-20'), restrictionMachine, id, {
      ...{ action: 'lift', version: 1, comment: '村组双方签订调解协议，房屋归村集体。' },
      values: { liftedBy: '蓬莱镇人民调解委员会', liftedOn: '2026-06-18' },
    })
  }
}

async function housesOf(tx: Tx, owned: SQL, on: string, most: number) {
  return tx
    .select()
    .from(cards)
    .where(
      sql`${owned} and ${cards.cardType} = 'house' and ${cards.floorArea} >= 60 and not ${cards.undetermined}
        and ${cards.validFrom} <= ${on}
        and not exists (select from holds h where h.card_id = ${cards.id} and h.released_at is null)`,
    )
    .orderBy(sql`${cards.floorArea} desc, ${cards.code}`)
    .limit(most)
}

function entriesOf(floorArea: string, floors: readonly Floor[]): PartEntry[] {
  const areas = divided(
    floorArea,
    floors.map(([weight]) => weight),
    0,
  )
  return floors.flatMap(([, name, usage = 'in_use', idleSince = null], index) =>
    name === null ? [] : { row: index + 1, no: null, name, area: areas[index] ?? '0', usage, idleSince },
  )
}
