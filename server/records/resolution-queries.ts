import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { resolutions } from '../../db/schema/notices.ts'
import { amongParties } from '../access/scope.ts'
import { unitsOn } from '../access/units.ts'
import type { Actor } from '../kernel/actor.ts'
import { keyset, type Place, paged, pageSize } from '../kernel/paging.ts'

export async function loadResolution(tx: Tx, actor: Actor, no: string) {
  const [row] = await tx
    .select()
    .from(resolutions)
    .where(sql`${resolutions.no} = ${no} and ${amongParties(actor, resolutions.partyKeys)}`)
  if (!row) return undefined
  const [unit] = await unitsOn(tx, row.heldOn, sql`u.id = ${row.unitId}`)
  const [named] = await tx.execute<{ recorder: string | null; count: string | null }>(sql`
    select (select name from people where id = ${row.recordedBy}::bigint) as recorder,
      (select no from counts where id = ${row.countId}::bigint) as count`)
  return {
    ...row,
    unitName: unit?.name ?? '',
    recorder: named?.recorder ?? '系统',
    about: named?.count ? { no: named.count, path: `/inventory/counts/${named.count}` } : null,
  }
}

export type ResolutionRow = {
  id: string
  no: string
  unit: string
  bodyKind: string
  matter: string
  heldOn: string
  passed: boolean
  recordedAt: string
}

export async function listResolutions(tx: Tx, actor: Actor, place: Place, today: string) {
  const order = { by: sql`r.recorded_at`, type: 'timestamptz', id: sql`r.id`, descending: true } as const
  const { where, orderBy } = keyset(order, place)
  const rows = await tx.execute<ResolutionRow>(sql`
    select r.id::text as id, r.no, p.name as unit, r.body_kind as "bodyKind", r.matter, r.held_on::text as "heldOn", r.passed,
      r.recorded_at::text as "recordedAt"
    from resolutions r
    join unit_periods p on p.unit_id = r.unit_id and p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})
    where ${amongParties(actor, sql`r.party_keys`)} and ${where ?? sql`true`} order by ${orderBy} limit ${pageSize + 1}`)
  return paged([...rows], place, (row) => ({ value: row.recordedAt, id: row.id }))
}
