import type { Field } from '../sheets/fields.ts'
import { areaUnit } from '../values/area.ts'
import { moneyUnit } from '../values/money.ts'
import { type Header, normalised, readHeader } from './header.ts'

export type Candidate = { field: Field; weight: number; sure: boolean }

export type Dictionary = {
  /** Fields that a header may mean, best first. `groups` are the headers above it. */
  look(text: string, groups?: readonly string[]): Candidate[]
  isSerial(text: string): boolean
}

/** Weight of a field's own label; synonyms and endings weigh less. */
export const labelWeight = 100

const serials = new Set(['序号', '序', '行次', '顺序号', '次序', 'no', '栏次', '编次'])
/** Words that turn a known ending into something else: 减值金额 is no cost, 照片编号 no code. */
const strangers =
  /照片|图片|坐标|比例|比率|率$|单价|保证金|增幅|差异|减值|跌价|坏账|准备|是否|分红|银行|受限|债[权务]|投资日|联系|电话|面积单价|运营|残值|寿命|年限|期数|收入|授权|认缴|实缴|涉及|创建|录入|发票|装修|起点|终点|涉诉|质押|基金|被投资|明细表|底数|公允|市场|评估|应收|应付/
/** A bare 名称 or 金额 is anybody's: before so short an ending stands a word about assets. */
const ours =
  /资产|财产|资源|固定|设备|设施|房|屋|土地|宗地|地块|物|标的|车辆|商铺|门面|铺面|账面|入账|目前|现|使用|当前|实际|坐落|置放|存放|具体|详细/
/** Groups whose columns tell of movements or of other matters. */
const elsewhere = /本[月期年]|增加|减少|银行|现金|期初|期末|年初|上年|调整/

/** Builds the dictionary of a target from the labels and synonyms of its fields. */
export function buildDictionary(fields: readonly Field[]): Dictionary {
  const exact = new Map<string, Candidate[]>()
  for (const field of fields) {
    for (const [at, name] of [field.label, ...(field.synonyms ?? [])].entries()) {
      const key = normalised(name)
      const list = exact.get(key) ?? []
      if (!list.some((known) => known.field.key === field.key)) {
        list.push({ field, weight: at === 0 ? labelWeight : 90, sure: true })
      }
      exact.set(key, list)
    }
  }
  return {
    look: (text, groups = []) => look(exact, readHeader(text), groups),
    isSerial: (text) => serials.has(normalised(text)),
  }
}

function look(exact: ReadonlyMap<string, Candidate[]>, header: Header, groups: readonly string[]): Candidate[] {
  const group = groups.at(-1)
  const above = group === undefined ? null : readHeader(group)
  const unit = header.unit ?? above?.unit ?? null
  const found: Candidate[] = []
  const add = (list: readonly Candidate[] | undefined, weight: number, sure: boolean) => {
    for (const candidate of list ?? []) {
      if (!fits(candidate.field, unit) || found.some((known) => known.field === candidate.field)) continue
      found.push({ field: candidate.field, weight: Math.min(weight, candidate.weight), sure })
    }
  }
  const doubtful = groups.some((name) => elsewhere.test(name))
  if (above) {
    add(exact.get(above.bare + header.bare), 100, true)
    add(exact.get(header.bare + above.bare), 95, true)
  }
  // 折旧年限(月) is a field of its own: months are not years, so the measure belongs to its name.
  if (header.unit) add(exact.get(header.key + normalised(header.unit)), doubtful ? 30 : 100, !doubtful)
  add(exact.get(header.key), doubtful ? 30 : 100, !doubtful)
  const asideMatters = /[%\d]/.test(header.aside)
  add(exact.get(header.bare), asideMatters || doubtful ? 50 : 80, !asideMatters && !doubtful)
  if (found.length === 0 && !doubtful && !strangers.test(header.key)) {
    for (const ending of endings(exact, header.bare)) add(ending.list, 20 + ending.length, false)
  }
  return found.sort((a, b) => b.weight - a.weight)
}

/** Known names that a header ends with (标的物基本位置 → 位置), longest first; a Chinese header's head is its end. */
function endings(exact: ReadonlyMap<string, Candidate[]>, key: string): { list: Candidate[]; length: number }[] {
  const found: { list: Candidate[]; length: number }[] = []
  for (let at = 1; at <= key.length - 2; at++) {
    const list = exact.get(key.slice(at))
    if (list && (key.length - at > 2 || ours.test(key.slice(0, at)))) found.push({ list, length: key.length - at })
  }
  return found
}

/** A header's unit of measure must be one of the field's kind. */
function fits(field: Field, unit: string | null): boolean {
  if (unit === null) return true
  const money = moneyUnit(unit)
  if (money) return field.kind === 'money' && (money.times === null || /rent/i.test(field.key))
  if (areaUnit(unit) !== null) return field.kind === 'area'
  return field.kind !== 'money' && field.kind !== 'area'
}
