/** How long a paper is kept: with its card (5 years after disposal), so many years, as the county sets, or for good. */
type Keep = 'card' | 'forever' | 'contract' | number

/**
 * 材料种类 with the years each is kept: 会计档案管理办法 (财政部、国家档案局令第79号) has cards of fixed assets kept for five
 * years after they are scrapped, vouchers, ledgers and handover lists for thirty, annual reports for good. Contracts and
 * replies are nowhere fixed for this use: contracts follow the county's setting, replies and the like the vouchers.
 */
export const paperKinds = [
  { value: 'photo', label: '照片', keep: 'card' },
  { value: 'reply', label: '批复', keep: 30 },
  { value: 'certificate', label: '产权证', keep: 'card' },
  { value: 'contract', label: '合同', keep: 'contract' },
  { value: 'minutes', label: '会议记录', keep: 30 },
  { value: 'agreement', label: '协议', keep: 'contract' },
  { value: 'appraisal', label: '评估报告', keep: 30 },
  { value: 'voucher', label: '凭证', keep: 30 },
  { value: 'handover', label: '移交清册', keep: 30 },
  { value: 'drawing', label: '图纸', keep: 'card' },
  { value: 'annual', label: '年度报告', keep: 'forever' },
  { value: 'other', label: '其他', keep: 'card' },
] as const satisfies readonly { value: string; label: string; keep: Keep }[]

export type PaperKind = (typeof paperKinds)[number]['value']

/** What is asked of a paper when it may go. */
export type Kept = {
  kind: string
  issuedOn: string | null
  addedOn: string
  /** When each card it hangs on was disposed of; null: still there. */
  cards: readonly { disposedOn: string | null }[]
  contractYears: number
}

const yearsAfterCard = 5

/** The first day on which a paper need no longer be kept, as things stand; null: it must stay. */
export function keptUntil({ kind, issuedOn, addedOn, cards, contractYears }: Kept): string | null {
  const keep: Keep = paperKinds.find(({ value }) => value === kind)?.keep ?? 'forever'
  if (keep === 'forever') return null
  const days: string[] = []
  for (const { disposedOn } of cards) {
    if (disposedOn === null) return null
    days.push(later(disposedOn, yearsAfterCard))
  }
  if (keep !== 'card' || days.length === 0) {
    const years = keep === 'contract' ? contractYears : keep === 'card' ? yearsAfterCard : keep
    // Counted from the first day after the year it belongs to (第十四条).
    const from = issuedOn !== null && issuedOn > addedOn ? issuedOn : addedOn
    days.push(`${Number(from.slice(0, 4)) + 1 + years}-01-01`)
  }
  return days.sort().at(-1) ?? null
}

function later(day: string, years: number): string {
  const [year, rest] = [Number(day.slice(0, 4)) + years, day.slice(4)]
  return rest === '-02-29' ? `${year}-03-01` : `${year}${rest}`
}
