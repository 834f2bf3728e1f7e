import type { Problem } from '../kernel/errors.ts'

export type Mortgaged = {
  track: string
  cardType: string
  undetermined: boolean
  name: string
  /** 地类(用途) of a parcel. */
  landUse: string | null
}

/** What the Civil Code takes from being mortgaged (民法典 §399): it blocks, whoever asks. */
export function mortgageProblems({ track, cardType, undetermined, name, landUse }: Mortgaged): Problem[] {
  const problems: Problem[] = []
  if (undetermined) {
    problems.push({
      field: 'kind',
      text: '权属待界定的资产不得抵押（《民法典》第三百九十九条），请先办理“权属界定”。',
    })
  }
  const ground = cardType === 'land' || cardType === 'resource'
  const reserved = /宅基地|自留地|自留山/.exec(`${landUse ?? ''} ${name}`)?.[0]
  if (track === 'collective' && ground && reserved) {
    problems.push({
      field: 'kind',
      text: `集体的${reserved}使用权不得抵押（《民法典》第三百九十九条），请核对资产名称和地类。`,
    })
  }
  return problems
}
