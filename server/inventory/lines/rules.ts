import { type Problem, RuleBroken } from '../../kernel/errors.ts'
import { compare, divided, withinCost } from '../../kernel/money.ts'

/** What a booked thing turned out to be, each part of it. */
export const outcomes = {
  uncounted: { label: '未盘', tone: 'neutral' },
  matched: { label: '相符', tone: 'success' },
  changed: { label: '信息变更', tone: 'info' },
  missing: { label: '盘亏', tone: 'danger' },
  scrap: { label: '待报废', tone: 'warning' },
  undetermined: { label: '待界定', tone: 'warning' },
  mixed: { label: '部分有差异', tone: 'warning' },
  surplus: { label: '盘盈', tone: 'info' },
} as const
export type Outcome = keyof typeof outcomes

/** What a surplus is valued by; each later one only where none before it is to be had (政府会计准则第3号 §9, §11). */
export const valueBases = [
  { value: 'papers', label: '有关凭据' },
  { value: 'appraisal', label: '评估值' },
  { value: 'replacement', label: '重置成本' },
  { value: 'nominal', label: '名义金额（1 元）' },
] as const
export type ValueBasis = (typeof valueBases)[number]['value']

export const conditions = [
  { value: 'good', label: '完好' },
  { value: 'fair', label: '一般' },
  { value: 'damaged', label: '破损' },
  { value: 'unusable', label: '不能使用' },
] as const

type Book = {
  bookQuantity: string
  bookCost: string | null
  bookDepreciation: string | null
}

/** What was counted of a booked line; the quantities are known to add up by `readFindings`. */
export type Findings = {
  counted: string
  scrap: string
  undetermined: string
  missingReason: string | null
  scrapReason: string | null
  undeterminedReason: string | null
}

/** The columns of the count side. */
export type CountSide = {
  countedQuantity: string
  missingQuantity: string
  missingCost: string | null
  missingDepreciation: string | null
  missingReason: string | null
  scrapQuantity: string
  scrapCost: string | null
  scrapDepreciation: string | null
  scrapReason: string | null
  undeterminedQuantity: string
  undeterminedCost: string | null
  undeterminedDepreciation: string | null
  undeterminedReason: string | null
}

const places = 1000n

export function thousandths(text: string): bigint {
  const [whole = '0', rest = ''] = text.replace('-', '').split('.')
  const amount = BigInt(whole) * places + BigInt(rest.padEnd(3, '0'))
  return text.startsWith('-') ? -amount : amount
}

export function quantityText(amount: bigint): string {
  return `${amount / places}.${String(amount % places).padStart(3, '0')}`
}

export function missingOf(bookQuantity: string, counted: string): string {
  return quantityText(thousandths(bookQuantity) - thousandths(counted))
}

/** Everything that keeps findings from standing, by the field it belongs to. */
export function findingProblems({ bookQuantity }: Book, findings: Findings): Problem[] {
  const problems: Problem[] = []
  const [booked, counted] = [thousandths(bookQuantity), thousandths(findings.counted)]
  const [scrap, undetermined] = [thousandths(findings.scrap), thousandths(findings.undetermined)]
  if (counted > booked) {
    const text = `清查数 ${plain(counted)} 多于账面数 ${plain(booked)}：本行写 ${plain(booked)}，多出的 ${plain(counted - booked)} 请登记盘盈。`
    return [{ field: 'counted', text }]
  }
  if (scrap + undetermined > counted) {
    problems.push({ field: 'scrap', text: `待报废和待界定合计不能多于清查数 ${plain(counted)}，请核对。` })
  }
  if (booked > counted && !findings.missingReason) {
    problems.push({ field: 'missingReason', text: `少了 ${plain(booked - counted)}，请写明盘亏原因。` })
  }
  if (scrap > 0n && !findings.scrapReason) {
    problems.push({ field: 'scrapReason', text: '请写明为什么要报废。' })
  }
  if (undetermined > 0n && !findings.undeterminedReason) {
    problems.push({ field: 'undeterminedReason', text: '请写明权属有什么不清楚。' })
  }
  return problems
}

/** The parts of a line that leave the rest: in this order they are split off when the county files. */
export const parts = ['missing', 'scrap', 'undetermined'] as const
export type Part = (typeof parts)[number]

/** The parts that findings speak of. */
export function partsOf({ bookQuantity }: Book, { counted, scrap, undetermined }: Findings): Part[] {
  const quantities = { missing: missingOf(bookQuantity, counted), scrap, undetermined }
  return parts.filter((part) => thousandths(quantities[part]) > 0n)
}

/** Whether one outcome holds of all there is. */
export function isWhole({ bookQuantity }: Book, { counted, scrap, undetermined }: Findings): boolean {
  const whole = thousandths(bookQuantity)
  return [missingOf(bookQuantity, counted), scrap, undetermined].some((quantity) => thousandths(quantity) === whole)
}

/** Which part keeps the card: what agrees, or the last of the others where nothing does. */
export function keptBy(quantities: Readonly<Record<Part, string>>, bookQuantity: string): Part | 'matched' {
  const given = parts.filter((part) => thousandths(quantities[part]) > 0n)
  const rest = given.reduce((left, part) => left - thousandths(quantities[part]), thousandths(bookQuantity))
  return rest > 0n ? 'matched' : (given.at(-1) ?? 'matched')
}

/**
 * The count side with its values: in proportion to the quantity, the last cent to what keeps the card, as a split divides
 * them; what is unknown stays unknown.
 */
export function countSide(book: Book, findings: Findings): CountSide {
  const missingQuantity = missingOf(book.bookQuantity, findings.counted)
  const quantities = { missing: missingQuantity, scrap: findings.scrap, undetermined: findings.undetermined }
  const keeps = keptBy(quantities, book.bookQuantity)
  const leaving = parts.filter((part) => part !== keeps && thousandths(quantities[part]) > 0n)
  const gone = leaving.reduce((sum, part) => sum + thousandths(quantities[part]), 0n)
  const weights = [...leaving.map((part) => quantities[part]), quantityText(thousandths(book.bookQuantity) - gone)]
  const share = (amount: string | null) =>
    amount === null ? weights.map(() => null) : divided(amount, weights, weights.length - 1)
  const costs = share(book.bookCost)
  const depreciations = withinCost(share(book.bookDepreciation), costs)
  const valuesOf = (part: Part) => {
    const at = part === keeps ? weights.length - 1 : leaving.indexOf(part)
    return at < 0
      ? { cost: null, depreciation: null }
      : { cost: costs[at] ?? null, depreciation: depreciations[at] ?? null }
  }
  const [missing, scrap, undetermined] = parts.map(valuesOf)
  return {
    countedQuantity: quantityText(thousandths(findings.counted)),
    missingQuantity,
    missingCost: missing?.cost ?? null,
    missingDepreciation: missing?.depreciation ?? null,
    missingReason: thousandths(missingQuantity) > 0n ? findings.missingReason : null,
    scrapQuantity: quantityText(thousandths(findings.scrap)),
    scrapCost: scrap?.cost ?? null,
    scrapDepreciation: scrap?.depreciation ?? null,
    scrapReason: thousandths(findings.scrap) > 0n ? findings.scrapReason : null,
    undeterminedQuantity: quantityText(thousandths(findings.undetermined)),
    undeterminedCost: undetermined?.cost ?? null,
    undeterminedDepreciation: undetermined?.depreciation ?? null,
    undeterminedReason: thousandths(findings.undetermined) > 0n ? findings.undeterminedReason : null,
  }
}

type Told = {
  origin: string
  countedQuantity: string | null
  bookQuantity: string
  missingQuantity: string
  scrapQuantity: string
  undeterminedQuantity: string
  changes: object
}

/** What a line is called in lists. */
export function outcomeOf(line: Told): Outcome {
  if (line.origin === 'surplus') return 'surplus'
  if (line.countedQuantity === null) return 'uncounted'
  const given = parts.filter((part) => thousandths(line[`${part}Quantity`]) > 0n)
  const [only] = given
  if (only === undefined) return Object.keys(line.changes).length > 0 ? 'changed' : 'matched'
  const whole = given.length === 1 && thousandths(line[`${only}Quantity`]) === thousandths(line.bookQuantity)
  return whole ? only : 'mixed'
}

export type Surplus = {
  quantity: string
  cost: string | null
  depreciation: string | null
  valueBasis: ValueBasis
  valueNote: string | null
}

/** 凭据 → 评估 → 重置成本 → 名义金额: whatever comes later says why nothing before it is there. */
export function surplusProblems({ quantity, cost, depreciation, valueBasis, valueNote }: Surplus): Problem[] {
  const problems: Problem[] = []
  if (thousandths(quantity) <= 0n) problems.push({ field: 'quantity', text: '盘盈数量要大于 0。' })
  if (valueBasis !== 'papers' && !valueNote) {
    const before = valueBases.slice(
      0,
      valueBases.findIndex(({ value }) => value === valueBasis),
    )
    const names = before.map(({ label }) => label).join('、')
    problems.push({ field: 'valueNote', text: `请写明为什么不能按${names}计价。` })
  }
  if (valueBasis === 'nominal' && cost !== null && compare(cost, '1') !== 0) {
    problems.push({ field: 'cost', text: '按名义金额计价的，原值写 1 元。' })
  }
  if (valueBasis !== 'nominal' && cost === null) problems.push({ field: 'cost', text: '请填写计价金额。' })
  if (cost !== null && depreciation !== null && compare(depreciation, cost) > 0) {
    problems.push({ field: 'depreciation', text: '累计折旧不能大于原值。' })
  }
  if (valueBasis === 'nominal' && depreciation !== null && compare(depreciation, '0') > 0) {
    problems.push({ field: 'depreciation', text: '按名义金额计价的不计提折旧。' })
  }
  return problems
}

/** Refuses once, with all there is to say. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new RuleBroken(problems)
}

function plain(amount: bigint): string {
  return quantityText(amount).replace(/\.?0+$/, '')
}
