import { asSystem } from '../../../server/access/system.ts'
import type { UnitKind } from '../../../server/access/units.ts'
import { createCards } from '../../../server/assets/actions.ts'
import type { Tx } from '../../client.ts'
import { seededCounty } from '../base.ts'
import { clinicAssets, officeAssets, schoolAssets } from './institution-assets.ts'
import { seededRandom } from './random.ts'
import { bookDays, type DrawnCard, drawCard, type Setting, type Sketch } from './sketch.ts'
import type { SteppedClock } from './stage.ts'
import { townAssets } from './town-assets.ts'
import { type DemoUnit, type DemoUnits, fullTown } from './units.ts'
import { stateInVillages, villageAssets } from './village-assets.ts'

/** One village has not brought its ledger yet: there a clerk tries the first day. */
export const withoutLedger = '火井村股份经济合作联合社'

/** Draws the county's cards and enters them book day by book day, a few weeks after each. */
export async function seedCards(tx: Tx, clock: SteppedClock, units: DemoUnits, today: string): Promise<void> {
  const drawn = drawCounty(units)
  for (const day of bookDays.filter((day) => day < today)) {
    clock.set(`${Number(day.slice(0, 4)) + 1}-01-20T02:00:00Z`)
    const cards = drawn.filter(({ bookDay }) => bookDay === day)
    await createCards(tx, asSystem(clock), seededCounty, cards, { action: 'card.create', effectiveOn: day })
  }
}

function drawCounty(units: DemoUnits): DrawnCard[] {
  const random = seededRandom(20_210_819)
  let serial = 1000
  const nextSerial = () => (serial += random.between(1, 7))
  return units.all.flatMap((owner) => {
    const setting: Setting = {
      random,
      owner,
      track: 'state',
      division: owner.divisionCode,
      place: owner.place,
      former: formerPlace(owner),
      nextSerial,
    }
    if (owner.name === withoutLedger) return []
    if (owner.kind === 'village_collective') return drawVillage(units, setting)
    return drawAll(assetsOfKind[owner.kind] ?? [], setting)
  })
}

function drawVillage(units: DemoUnits, setting: Setting): DrawnCard[] {
  const { owner } = setting
  const at = (kind: DemoUnit['kind'], division: string) =>
    units.all.find((unit) => unit.kind === kind && unit.divisionCode === division)
  const committee = at('village_committee', owner.divisionCode)
  const government = at('town_government', `${owner.divisionCode.slice(0, 9)}000`)
  const inFull = owner.divisionCode.startsWith(fullTown.slice(0, 9))
  const own: Setting = { ...setting, track: 'collective' }
  const lentOut = committee ? { ...own, user: committee } : own
  return [
    ...villageAssets.flatMap((sketch) =>
      drawAll([inFull ? fuller(sketch) : sketch], isForCommittee(sketch) ? lentOut : own),
    ),
    ...(government ? drawAll(stateInVillages, { ...setting, owner: government }) : []),
  ]
}

function drawAll(sketches: readonly Sketch[], setting: Setting): DrawnCard[] {
  const { random } = setting
  return sketches.flatMap((sketch) => {
    if (!random.chance(sketch.share ?? 1)) return []
    return Array.from({ length: random.between(...(sketch.times ?? [1, 1])) }, () => drawCard(sketch, setting))
  })
}

/** The committee works in rooms and at desks that belong to the collective. */
function isForCommittee({ name, cardType }: Sketch): boolean {
  return name === '{place}党群服务中心' || cardType === 'furniture'
}

/** The town drawn in full has more of what is rare elsewhere. */
function fuller(sketch: Sketch): Sketch {
  return { ...sketch, ...(sketch.share === undefined ? {} : { share: Math.min(1, sketch.share * 1.4) }) }
}

/** State assets by the kind of their owner; villages have their own list. */
const assetsOfKind: Partial<Record<UnitKind, readonly Sketch[]>> = {
  county_department: officeAssets,
  state_company: officeAssets,
  town_government: townAssets,
  town_office: officeAssets,
  public_institution: officeAssets,
  general_branch: officeAssets,
  stationed: officeAssets,
  school: schoolAssets,
  clinic: clinicAssets,
}

const formerPlaces = [
  '新苗',
  '瓦草',
  '虎林',
  '泉水',
  '高桐',
  '福保',
  '北斗',
  '碑垭',
  '凤凰沟',
  '黑滩子',
  '凉水井',
  '梓潼',
] as const

/** A made-up predecessor, the same for all cards of a place. */
function formerPlace({ divisionCode, kind }: DemoUnit): string {
  const name = formerPlaces[Number(divisionCode.slice(6, 12)) % formerPlaces.length] ?? formerPlaces[0]
  return kind === 'village_collective' ? `${name}村` : name
}
