import { asSystem } from '../../../server/access/system.ts'
import { openUnit } from '../../../server/access/unit-actions.ts'
import { closeUnit, dissolveUnit } from '../../../server/access/unit-life.ts'
import type { Tx } from '../../client.ts'
import type { SteppedClock } from './stage.ts'
import { begin, type DemoUnit, type DemoUnits } from './units.ts'

/** Villages that were merged into another: found by their old names, with who carries on. */
const mergers = [
  {
    name: '虎林村村民委员会',
    into: '古井村村民委员会',
    dissolvedOn: '2020-06-01',
    reason: '虎林村并入古井村，演示函〔2020〕12 号。',
    closedOn: '2020-12-31',
  },
] as const

/** Tells by the verbs how these villages ended; the units count among the county's. */
export async function seedMergers(tx: Tx, clock: SteppedClock, units: DemoUnits): Promise<void> {
  const acting = asSystem(clock)
  for (const { name, into, dissolvedOn, reason, closedOn } of mergers) {
    const heir = units.find(into)
    const at = (kind: DemoUnit['kind'], division: string) =>
      units.all.find((unit) => unit.kind === kind && unit.divisionCode === division)?.id ?? null
    const { id, code } = await openUnit(tx, acting, {
      kind: heir.kind,
      name,
      divisionCode: heir.divisionCode,
      validFrom: begin,
      parentId: at('town_government', `${heir.divisionCode.slice(0, 9)}000`),
      entityId: at('village_collective', heir.divisionCode),
    })
    clock.set(`${dissolvedOn}T02:00:00Z`)
    await dissolveUnit(tx, acting, id, { on: dissolvedOn, successorIds: [heir.id], reason })
    clock.set(`${closedOn}T02:00:00Z`)
    await closeUnit(tx, acting, id, { on: closedOn, comment: '资产和资料已移交完毕。' })
    units.all.push({ ...heir, id, code, name })
  }
}
