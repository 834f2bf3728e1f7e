import Big from 'big.js'
import type { NewCard } from '../../../server/assets/actions.ts'
import { type CardValues, noValues } from '../../../server/assets/card.ts'
import type { Random } from './random.ts'
import type { DemoUnit } from './units.ts'

type Range = readonly [low: number, high: number]

/** What a kind of asset looks like; a card is one throw of the dice with it. */
export type Sketch = {
  /** `{place}` is the village or town, `{former}` one that was merged into it. */
  name: string
  cardType: string
  /** How many of the units have one, 0 to 1; all when left out. */
  share?: number
  /** How many cards a unit gets; one when left out. */
  times?: Range
  years: Range
  /** Thousands of yuan; unknown when left out. */
  cost?: Range
  /** Years of depreciation; none when left out. */
  life?: number
  floor?: Range
  land?: Range
  quantity?: Range
  measure?: string
  structure?: readonly [string, ...string[]]
  source?: readonly [string, ...string[]]
  nature?: string
  use?: Use
  specification?: readonly [string, ...string[]]
  /** State assets lie in villages too: those of the town government. */
  track?: 'state'
  undetermined?: boolean
}

/** Steady things are nearly always in use, emptied ones were left by a merger, rented ones bring in money. */
export type Use = 'steady' | 'emptied' | 'rented' | 'ageing'

export type Setting = {
  random: Random
  owner: DemoUnit
  user?: DemoUnit
  track: 'state' | 'collective'
  division: string
  place: string
  former: string
  /** Certificates are numbered through, none is given twice. */
  nextSerial: () => number
}

/** The days the demo county's books were taken over or added to. */
export const bookDays = ['2019-12-31', '2021-12-31', '2023-12-31', '2025-12-31'] as const

export type DrawnCard = NewCard & { bookDay: string }

export function drawCard(sketch: Sketch, setting: Setting): DrawnCard {
  const { random, owner, user, place, former, division } = setting
  const track = sketch.track ?? setting.track
  const year = random.between(...sketch.years)
  const bookDay = bookDays.find((day) => Number(day.slice(0, 4)) >= year) ?? bookDays[bookDays.length - 1] ?? ''
  const cost = sketch.cost ? money(random.between(sketch.cost[0] * 10, sketch.cost[1] * 10) * 100) : null
  const isBuilding = sketch.cardType === 'house'
  const values: CardValues = {
    ...noValues,
    name: sketch.name.replace('{place}', place).replace('{former}', former),
    track,
    cardType: sketch.cardType,
    nature: track === 'collective' ? (sketch.nature ?? 'non_operating') : null,
    ownerUnit: owner.id,
    usingUnit: user?.id ?? null,
    division,
    originalUnit: sketch.name.includes('{former}') ? former : null,
    location: place.endsWith('村') && random.chance(0.8) ? `${place}${random.between(1, 9)}社` : place,
    acquiredOn: random.chance(0.6) ? String(year) : `${year}-${String(random.between(1, 12)).padStart(2, '0')}`,
    source: random.pick(
      sketch.source ?? (track === 'state' ? ['government', 'purchase'] : ['government', 'collective', 'members']),
    ),
    structure: sketch.structure ? random.pick(sketch.structure) : null,
    specification: sketch.specification ? random.pick(sketch.specification) : null,
    floorArea: area(random, sketch.floor),
    landArea: area(random, sketch.land),
    quantity: sketch.quantity ? String(random.between(...sketch.quantity)) : sketch.measure ? '1' : null,
    unitOfMeasure: sketch.measure ?? (isBuilding ? '栋' : null),
    cost,
    depreciation: cost === null ? null : depreciated(cost, year, bookDay, sketch.life, track, random),
    valueKind: cost === null ? null : random.chance(0.12) ? 'provisional' : 'original',
    voucherNo: cost !== null && random.chance(0.3) ? `${year}-记-${random.between(1, 400)}` : null,
    keeper: random.chance(0.25) ? `${random.pick(surnames)}${random.pick(['会计', '文书', '主任', '保管员'])}` : null,
  }
  const used = { ...values, ...usageOf(sketch, setting, values, year, bookDay) }
  const drawn = isBuilding || sketch.cardType === 'land' ? { ...used, ...titleOf(sketch, setting, used, year) } : used
  return { values: { ...drawn, ownership: sketch.undetermined ? 'undetermined' : null }, bookDay }
}

function usageOf(
  sketch: Sketch,
  setting: Setting,
  values: CardValues,
  year: number,
  bookDay: string,
): Partial<CardValues> {
  const { random, former } = setting
  const lastYear = Number(bookDay.slice(0, 4))
  const throwOf = random.between(1, 100)
  const use = sketch.use ?? 'steady'
  const { rented, idle } = odds[use]
  if (throwOf <= rented) return leaseOf(sketch, random, lastYear)
  if (throwOf <= rented + idle) {
    const since = random.between(Math.max(year + 1, lastYear - 8), Math.max(year + 1, lastYear))
    return {
      usage: 'idle',
      idleSince: since > lastYear ? `${lastYear}-12` : String(since),
      idleArea: values.floorArea,
      problem:
        use === 'emptied' && random.chance(0.5)
          ? random.pick([
              `${former}合并后无人使用。`,
              '屋面漏雨，门窗破损。',
              '资料不全，未办理产权。',
              '周边群众临时堆放杂物。',
            ])
          : null,
    }
  }
  if (use === 'ageing' && throwOf <= rented + idle + 6 && lastYear - year >= 5) {
    return { usage: 'awaiting_disposal', problem: '已不能使用，待报废。' }
  }
  if (use === 'emptied' && throwOf <= rented + idle + 8) {
    return { usage: 'lent', lessee: `${former}老年协会` }
  }
  return { usage: 'in_use' }
}

function leaseOf(sketch: Sketch, random: Random, lastYear: number): Partial<CardValues> {
  const from = random.between(lastYear - 4, lastYear)
  const years = random.pick([3, 5, 5, 10])
  const rent = sketch.cost ? random.between(sketch.cost[0] * 4, sketch.cost[1] * 5) * 10 : random.between(6, 90) * 100
  return {
    usage: 'leased',
    lessee: random.chance(0.7)
      ? `${random.pick(surnames)}某某`
      : `${random.pick(['兴农', '丰禾', '惠民', '绿源'])}种植专业合作社`,
    leaseTerm: `${from}-01-01至${from + years - 1}-12-31`,
    annualRent: money(rent),
  }
}

/** The older a building, the rarer its papers: what mergers left behind has mostly none. */
function titleOf(
  sketch: Sketch,
  { random, nextSerial }: Setting,
  values: CardValues,
  year: number,
): Partial<CardValues> {
  if (sketch.undetermined) return { titleKind: 'undetermined' }
  const safety =
    values.cardType === 'house' && year < 2005 && random.chance(0.6) ? random.pick(['B', 'C', 'C', 'D']) : null
  if (!random.chance(sketch.use === 'emptied' ? 0.15 : 0.35)) {
    return { titleKind: random.chance(0.8) ? 'untitled' : null, safetyGrade: safety }
  }
  const serial = String(nextSerial()).padStart(7, '0')
  const certificate =
    year >= 2016
      ? `川（${year}）大英县不动产权第${serial}号`
      : `大英县${values.cardType === 'land' ? '国用' : '房权证'}字第${serial}号`
  return { titleKind: 'titled', certificate, safetyGrade: safety }
}

/** Straight line over whole years; many collectives have never depreciated, and then nothing is known. */
function depreciated(
  cost: string,
  year: number,
  bookDay: string,
  life: number | undefined,
  track: string,
  random: Random,
): string | null {
  if (life === undefined || (track === 'collective' && random.chance(0.55))) return null
  const years = Math.min(life, Number(bookDay.slice(0, 4)) - year)
  return new Big(cost).times(years).div(life).toFixed(2)
}

function area(random: Random, range: Range | undefined): string | null {
  if (!range) return null
  const hundredths = random.chance(0.6) ? 0 : random.between(0, 99)
  return `${random.between(...range)}.${String(hundredths).padStart(2, '0')}`
}

function money(yuan: number): string {
  return `${yuan}.00`
}

/** Percent of the cards that bring in rent or lie idle. */
const odds: Record<Use, { rented: number; idle: number }> = {
  steady: { rented: 0, idle: 0 },
  ageing: { rented: 0, idle: 7 },
  rented: { rented: 78, idle: 14 },
  emptied: { rented: 20, idle: 56 },
}

const surnames = ['王', '李', '陈', '杨', '刘', '罗', '唐', '蒋', '何', '邓'] as const
