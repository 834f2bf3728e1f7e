import type { Field } from '../sheets/fields.ts'
import { areaUnit } from '../values/area.ts'
import { moneyUnit } from '../values/money.ts'
import { isCounted, isMoved, trustUnder } from './groups.ts'
import { type Header, normalised, readHeader } from './header.ts'

export type Candidate = { field: Field; weight: number; sure: boolean }

export type Dictionary = {
  /** Fields that a header may mean, best first. `groups` are the headers above it. */
  look(text: string, groups?: readonly string[]): Candidate[]
  isSerial(text: string): boolean
}

/** Weight of a field's own label; synonyms and endings weigh less. */
export const labelWeight = 100
/** What is not sure weighs no more than this: a column that says it outright goes first. */
const unsureWeight = 50

const serials = new Set(['序号', '序', '行次', '顺序号', '次序', 'no', '栏次', '编次', '行号', '项次', '顺序'])
/** Words that turn a known ending into something else: 减值金额 is no cost, 照片编号 no code. */
const strangers =
  /照片|图片|坐标|比例|比率|率$|单价|保证金|增幅|差异|减值|跌价|坏账|准备|是否|分红|银行|受限|债[权务]|投资日|联系|电话|面积单价|运营|残值|寿命|年限|期数|收入|预算|授权|认缴|实缴|涉及|创建|录入|发票|装修|起点|终点|涉诉|质押|基金|被投资|明细表|底数|公允|市场|评估|应收|应付|^[转拟]|^(?:入账时|期初|年初|上年)|预期|合同|(?:类|类别|类型|单位|部门|企业|公司|户|人)名称$/
/** A bare 名称 or 金额 is anybody's: before so short an ending stands a word about assets. */
const ours =
  /(?:资产|财产|资源|固定|设备|设施|房屋|房产|厂房|用房|土地|宗地|地块|标的物?|物业|车辆|商铺|门面|铺面|账面|期末|入账|目前|现|使用|当前|实际|坐落|置放|存放|具体|详细|基本)$/
/** Before a whole name these add nothing: 房屋坐落位置, 固定资产账面原值. */
const nothingAdded =
  /^(?:(?:固定|公有|集体|国有)?资产|账面|期末|房屋|房产|物业|土地|宗地|标的物?|设备|建筑物|该|本)的?$/
/** Short names that mean the same before whatever they stand: 设备型号, 土地原值. */
const telling = /^(?:原值|净值|型号|规格|坐落|地址|位置|地点|来源|品牌|备注)$/
/** Brackets that tell how to fill a column in. */
const hint =
  /^(?:必填|选填|可空|非必填|如有|若有|如|例|示例|格式|填|请|按|见|注|人民币$|含税|不含税|全称|[a-z\s./:-]+$)|^[^/、或]{1,6}(?:[/、或][^/、或]{1,8})+$/i
/** Brackets that make another thing of it: 租金(70%), 面积(合同), 原值(2023年). */
const otherwise =
  /[%‰\d]|美元|港[币元]|欧元|外币|增|减|变动|变更|调整|估|合同|租|保证金|差|率|期初|年初|上年|计划|拟|其中/

type Names = ReadonlyMap<string, readonly Candidate[]>

/** Builds the dictionary of a target from the labels and synonyms of its fields. */
export function buildDictionary(fields: readonly Field[]): Dictionary {
  const names = new Map<string, Candidate[]>()
  const enter = (name: string, candidate: Candidate) => {
    const key = normalised(name)
    const list = names.get(key) ?? []
    if (!list.some((known) => known.field.key === candidate.field.key)) list.push(candidate)
    names.set(key, list)
  }
  for (const field of fields) {
    enter(field.label, { field, weight: labelWeight, sure: true })
    for (const name of field.synonyms ?? []) enter(name, { field, weight: 90, sure: true })
    for (const name of field.maybe ?? []) enter(name, { field, weight: unsureWeight, sure: false })
  }
  return {
    look: (text, groups = []) => look(names, readHeader(text), groups.map(readHeader)),
    // Every row without figures is looked at for headers: a long text is no 序号, without taking it apart.
    // A sheet of our own may number its lines under a name that is a serial elsewhere.
    isSerial: (text) =>
      text.length <= 16 &&
      !names.has(normalised(text)) &&
      (serials.has(normalised(text)) || serials.has(readHeader(text).bare)),
  }
}

function look(names: Names, header: Header, groups: readonly Header[]): Candidate[] {
  // Whatever a group tells of, 备注 below it is 备注.
  const whole = names.get(groups.map(({ bare }) => bare).join('') + header.bare)
  if (isMoved(groups) && !whole) return (names.get(header.bare) ?? []).filter(({ field }) => field.kind === 'longText')
  const above = groups.at(-1)
  const unit = header.unit ?? above?.unit ?? null
  const found: Candidate[] = []
  const add = (list: readonly Candidate[] | undefined, weight: number, sure: boolean) => {
    for (const { field, ...known } of list ?? []) {
      if (!fits(field, unit) || found.some((other) => other.field === field)) continue
      const counted = isCounted(groups, field) && !whole?.some((own) => own.field === field)
      const certain = sure && known.sure && !header.mixed && !counted
      found.push({ field, weight: Math.min(weight, known.weight, certain ? labelWeight : unsureWeight), sure: certain })
    }
  }
  if (above) {
    add(names.get(above.bare + header.bare), 100, true)
    add(names.get(header.bare + above.bare), 95, true)
    if (found.length === 0 && /^(?:名称|姓名|全称)$/.test(header.bare) && above.bare.length > 2) {
      add(names.get(above.bare), 85, true)
    }
    if (found.length > 0) return sorted(found)
  }
  const trust = trustUnder(groups, header)
  if (trust === 'never') return []
  const sure = trust === 'sure' && !header.partial && !isOthers(names, header, above)
  // 折旧年限(月) is a field of its own: months are not years, so the measure belongs to its name.
  if (header.unit) add(names.get(header.key + normalised(header.unit)), 100, sure)
  if (found.length > 0) return sorted(found)
  if (header.partial) add(names.get(`其中${header.bare}`), 100, true)
  add(names.get(header.key), 100, sure)
  const named = names.get(header.bare)
  add(named, 80, sure && (header.key === header.bare || isRemark(names, header, named)))
  if (found.length === 0) addNamed(names, header.bare, (list, certain) => add(list, 60, sure && certain))
  if (found.length === 0) addJoined(names, header, add)
  if (found.length === 0 && !strangers.test(header.key)) {
    for (const { list, before, name } of endings(names, header.bare)) {
      const length = name.length
      add(list, 20 + length, sure && (length >= 4 || telling.test(name)) && nothingAdded.test(before))
    }
  }
  return sorted(found)
}

/** 使用部门>编号: a short name under the name of another field is that field's. */
function isOthers(names: Names, leaf: Header, above: Header | undefined): boolean {
  const group = above && names.get(above.bare)
  if (!group || leaf.bare.length > 2) return false
  // 价值>净值: both are amounts, and the leaf says which.
  const alike = (one: Field, other: Field) =>
    one === other || (one.kind === other.kind && /^(?:money|area)$/.test(one.kind))
  return !names.get(leaf.bare)?.some(({ field }) => group.some((known) => alike(field, known.field)))
}

function sorted(found: Candidate[]): Candidate[] {
  return found.sort((a, b) => b.weight - a.weight)
}

/** Whether what stands in brackets leaves the meaning as it is. */
function isRemark(names: Names, { aside, bare }: Header, named: readonly Candidate[] = []): boolean {
  if (hint.test(aside) || named.every(({ field }) => field.kind === 'longText')) return true
  const other = names.get(normalised(aside))
  if (other) return other.some(({ field }) => named.some((known) => known.field === field))
  return bare.length > 2 && !otherwise.test(aside)
}

/** 使用部门名称 is the 使用部门, 使用人姓名 the 使用人. */
function addNamed(names: Names, bare: string, add: (list: readonly Candidate[] | undefined, certain: boolean) => void) {
  const named = bare.replace(/(?:名称?|姓名|全称)$/, '')
  if (named.length > 1 && named !== bare) add(names.get(named), named.length > 2 || telling.test(named))
}

/** 规格、型号 names one field twice, 规格型号/结构 two of them. */
function addJoined(
  names: Names,
  { parts }: Header,
  add: (list: readonly Candidate[] | undefined, weight: number, sure: boolean) => void,
): void {
  const lists = parts.map((part) => names.get(part) ?? [])
  if (lists.some((list) => list.length === 0)) return
  const shared =
    lists[0]?.filter(({ field }) => lists.every((list) => list.some((known) => known.field === field))) ?? []
  if (shared.length > 0) add(shared, 70, true)
  else for (const list of lists) add(list, unsureWeight, false)
}

/** Known names that a header ends with (标的物基本位置 → 位置), longest first; a Chinese header's head is its end. */
function endings(names: Names, key: string): { list: readonly Candidate[]; before: string; name: string }[] {
  const found: { list: readonly Candidate[]; before: string; name: string }[] = []
  for (let at = 1; at <= key.length - 2; at++) {
    const name = key.slice(at)
    const list = names.get(name)
    const before = key.slice(0, at)
    if (list && (name.length > 2 || ours.test(before))) found.push({ list, before, name })
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
