import type { Problem } from '../kernel/errors.ts'
import { compare, minus, plus } from '../kernel/money.ts'
import { toStored } from '../kernel/partial-date.ts'
import type { CardValues } from './card.ts'

/** A rule either keeps a card from being saved, or is told and left to the person. */
export type Finding = Problem & { severity: 'wrong' | 'told' }

/** The rules that concern one card by itself; `today` is the day of the act. */
export function checkCard(values: CardValues, today: string): Finding[] {
  return [
    ...negatives(values),
    ...amounts(values),
    ...areas(values),
    ...dates(values, today),
    ...usage(values),
    ...title(values),
    ...numbers(values),
    ...books(values),
  ]
}

export function isWrong(finding: Pick<Finding, 'severity'>): boolean {
  return finding.severity === 'wrong'
}

const counted = {
  cost: '账面原值',
  depreciation: '累计折旧',
  annualRent: '年租金',
  landArea: '占地面积',
  floorArea: '建筑面积',
  idleArea: '闲置面积',
  quantity: '数量',
} as const

const countedKeys = Object.keys(counted) as (keyof typeof counted)[]

/** What a thing cost or measures is never below nothing; only what is left of its value may be. */
function negatives(values: CardValues): Finding[] {
  const found = countedKeys.filter((key) => values[key]?.startsWith('-'))
  return found.map((key) => wrong(key, `${counted[key]}不能是负数，请核对后改正。`))
}

function amounts({ cost, depreciation, netValue, valueKind }: CardValues): Finding[] {
  const findings: Finding[] = []
  if (depreciation !== null && cost === null) {
    findings.push(told('cost', '有累计折旧而没有原值，请补写账面原值。'))
  }
  // Depreciation never exceeds cost: compulsory check of the finance returns.
  if (cost !== null && depreciation !== null && compare(depreciation, cost) > 0) {
    findings.push(wrong('depreciation', `累计折旧 ${depreciation} 大于账面原值 ${cost}，请核对两个数。`))
  } else if (cost !== null && depreciation !== null && netValue !== null) {
    const expected = minus(cost, depreciation)
    const off = netValue === expected ? null : minus(netValue, expected)
    if (off !== null && (compare(off, '0.01') > 0 || compare(off, '-0.01') < 0)) {
      findings.push(wrong('netValue', `账面净值应为原值减累计折旧，即 ${expected}，请改正或留空。`))
    }
  }
  // Nominal amount 名义金额 is one yuan and is not depreciated (政府会计制度; 政府会计准则第3号).
  if (valueKind === 'nominal' && cost !== null && compare(cost, '1') !== 0) {
    findings.push(wrong('cost', '价值类型为名义金额时，账面原值只能是 1.00 元。'))
  }
  if (valueKind === 'nominal' && depreciation !== null && compare(depreciation, '0') > 0) {
    findings.push(wrong('depreciation', '名义金额的资产不提折旧，请把累计折旧留空。'))
  }
  return findings
}

function areas(values: CardValues): Finding[] {
  return [...idleWithin(values), ...sharesOfLand(values)]
}

/** 独用面积 + 分摊面积 = 土地使用权面积. */
function sharesOfLand({ ownUseArea, sharedArea, landArea }: CardValues): Finding[] {
  if (ownUseArea === null || sharedArea === null || landArea === null) return []
  const sum = plus(ownUseArea, sharedArea)
  return compare(sum, landArea) === 0
    ? []
    : [told('landArea', `独用面积加分摊面积是 ${sum} ㎡，占地面积写的是 ${landArea} ㎡，请核对。`)]
}

function idleWithin({ idleArea, floorArea, landArea }: CardValues): Finding[] {
  if (idleArea === null || (floorArea === null && landArea === null)) return []
  const whole = compare(floorArea ?? '0', landArea ?? '0') > 0 ? (floorArea ?? '0') : (landArea ?? '0')
  return compare(idleArea, whole) > 0
    ? [told('idleArea', `闲置面积 ${idleArea} ㎡ 大于资产面积 ${whole} ㎡，请核对。`)]
    : []
}

/** Certificate and parcel numbers have a fixed shape, but real ones break it: told, never refused (不动产单元代码编制规则). */
function numbers({ certificate, parcelNo }: CardValues): Finding[] {
  const findings: Finding[] = []
  const plain = certificate?.normalize('NFKC').replaceAll(/\s/g, '') ?? ''
  if (plain.includes('不动产权第') && !/[\u4e00-\u9fff]\(\d{4}\).{1,20}不动产权第\d{6,8}号/.test(plain)) {
    findings.push(told('certificate', '不动产权证号的写法应如“川(2025)大英县不动产权第0001234号”，请核对。'))
  }
  const parcel = parcelNo?.replaceAll(/\s/g, '') ?? ''
  if (/^\d{12}/.test(parcel) && !/^\d{12}[GJZ][A-Z]\d{5}([FLQW]\d{8})?$/.test(parcel)) {
    findings.push(told('parcelNo', '宗地代码是 19 位，不动产单元号是 28 位，请核对。'))
  }
  return findings
}

function dates(values: CardValues, today: string): Finding[] {
  const { acquiredOn, idleSince, inServiceOn, completedOn, certifiedOn } = values
  const findings: Finding[] = []
  if (before(inServiceOn, acquiredOn)) findings.push(told('inServiceOn', '投入使用日期早于取得时间，请核对。'))
  if (inServiceOn !== null && toStored(inServiceOn).day > today) {
    findings.push(told('inServiceOn', '投入使用日期在今天之后，请核对。'))
  }
  if (before(certifiedOn, completedOn)) findings.push(told('certifiedOn', '发证日期早于竣工日期，请核对。'))
  if (acquiredOn !== null && toStored(acquiredOn).day > today) {
    findings.push(told('acquiredOn', '取得时间在今天之后，请核对。'))
  }
  if (idleSince !== null && toStored(idleSince).day > today) {
    findings.push(told('idleSince', '闲置起始时间在今天之后，请核对。'))
  }
  if (before(idleSince, acquiredOn)) findings.push(told('idleSince', '闲置起始时间早于取得时间，请核对。'))
  return findings
}

/** Whether one day surely lies before another: a year alone is before no day within it. */
function before(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false
  const length = Math.min(one.length, other.length)
  return one.slice(0, length) < other.slice(0, length)
}

function usage(values: CardValues): Finding[] {
  // The other side of a lease or loan must be named (行政事业单位资产清查 填报说明).
  if ((values.usage === 'leased' || values.usage === 'lent') && values.lessee === null) {
    return [told('lessee', '出租、出借的资产请写明承租人。')]
  }
  if (values.usage === 'idle' && (values.lessee !== null || isRent(values.annualRent))) {
    return [told('usage', '使用状况是闲置，却写了承租人或年租金，请核对是否已出租。')]
  }
  if (values.usage === 'idle' && values.idleSince === null) {
    return [told('idleSince', '闲置的资产请写明从何时起闲置。')]
  }
  return []
}

function isRent(rent: string | null): boolean {
  return rent !== null && compare(rent, '0') > 0
}

/** What the card says of the books (行政事业单位资产清查 填报说明): told, since the books are kept elsewhere. */
function books(values: CardValues): Finding[] {
  const { booked, bookedOn, voucherNo, cost, fiscalFunds, otherFunds, valueKind, depreciationState } = values
  const findings: Finding[] = []
  if (booked === '已入账' && (bookedOn === null || voucherNo === null)) {
    const missing = bookedOn === null ? 'bookedOn' : 'voucherNo'
    findings.push(told(missing, '已入账的资产请写明财务入账日期和会计凭证号。'))
  }
  if (
    cost !== null &&
    fiscalFunds !== null &&
    otherFunds !== null &&
    compare(plus(fiscalFunds, otherFunds), cost) !== 0
  ) {
    const sum = plus(fiscalFunds, otherFunds)
    findings.push(told('fiscalFunds', `财政拨款加非财政拨款是 ${sum} 元，账面原值是 ${cost} 元，请核对。`))
  }
  if (valueKind === 'nominal' && depreciationState !== null && depreciationState !== '不提折旧') {
    findings.push(told('depreciationState', '名义金额的资产不提折旧，折旧状态请选“不提折旧”。'))
  }
  return findings
}

function title({ titleKind, certificate, track, nature }: CardValues): Finding[] {
  const findings: Finding[] = []
  if (titleKind === 'titled' && certificate === null) {
    findings.push(told('certificate', '有产权的资产请写明权证名称及编号。'))
  }
  if (titleKind === 'untitled' && certificate !== null) {
    findings.push(told('titleKind', '写了权证编号，产权形式却是无产权，请核对。'))
  }
  if (track === 'state' && nature !== null) {
    findings.push(told('nature', '经营性、非经营性、资源性只用于集体资产，国有资产请留空。'))
  }
  return findings
}

function wrong(field: string, text: string): Finding {
  return { field, text, severity: 'wrong' }
}

function told(field: string, text: string): Finding {
  return { field, text, severity: 'told' }
}
