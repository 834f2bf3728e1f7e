import { sql } from 'drizzle-orm'
import { claimLines, claims } from '../../db/schema/claims.ts'
import { asSystem } from '../../server/access/system.ts'
import { enterClaim } from '../../server/claims/actions.ts'
import type { ClaimValues } from '../../server/claims/claim.ts'
import type { TestApp } from './app.ts'
import { village } from './cards.ts'

const blank: ClaimValues = {
  ...{ category: 'receivable', counterparty: '王某', amount: '100', occurredOn: '2019', purpose: null },
  ...{ dueOn: null, voucherNo: null, remark: null },
}

/** Enters claims and debts of a collective, and returns their numbers in the order given. */
export async function enterClaims(
  test: TestApp,
  entries: readonly Partial<ClaimValues>[],
  unit = village,
): Promise<string[]> {
  const numbers: string[] = []
  for (const entry of entries) {
    const { no } = await test.db((tx) =>
      enterClaim(tx, asSystem(test.clock), test.fixture.units[unit] ?? '', { ...blank, ...entry }),
    )
    numbers.push(no)
  }
  return numbers
}

/** Every claim of the county in the order it was entered. */
export async function storedClaims(test: TestApp) {
  return test.db((tx) => tx.select().from(claims).orderBy(claims.no))
}

export async function storedClaim(test: TestApp, no: string) {
  const claim = (await storedClaims(test)).find((one) => one.no === no)
  if (!claim) throw new Error(`no claim ${no}`)
  return claim
}

export async function claimLinesOf(test: TestApp, countId: string) {
  return test.db((tx) =>
    tx.select().from(claimLines).where(sql`${claimLines.countId} = ${countId}`).orderBy(claimLines.no),
  )
}
