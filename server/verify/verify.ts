import type { Tx } from '../../db/client.ts'
import { allKeys } from '../access/actor-for.ts'
import { systemActor } from '../access/system.ts'
import { figuresOf } from '../overview/statistics-queries.ts'
import type { FileStore } from '../records/files.ts'
import { accessInvariants } from './access.ts'
import { accountInvariants } from './accounts.ts'
import { cardInvariants } from './cards.ts'
import { claimInvariants } from './claims.ts'
import { documentInvariants } from './documents.ts'
import { figuresBroken, figuresName } from './figures.ts'
import { balanceBroken, balanceName, historyInvariants } from './history.ts'
import { identityInvariants } from './identity.ts'
import { importInvariants } from './imports.ts'
import type { Look } from './invariant.ts'
import { inventoryInvariants } from './inventory.ts'
import { jobInvariants } from './jobs.ts'
import { judgedBroken, judgedName, noticeInvariants } from './notices.ts'
import { filesBroken, filesName, paperInvariants } from './papers.ts'
import { partInvariants } from './parts.ts'
import { reckonedBroken, reckonedName, recordInvariants } from './records.ts'
import { sumInvariants } from './sums.ts'
import { unitInvariants } from './units.ts'
import { viewInvariants } from './views.ts'

export type Finding = { name: string; holds: boolean; broken: string[] }

/** Holds every invariant of the data against what is stored. */
export async function verify(tx: Tx, look: Look, files?: { store: FileStore; all: boolean }): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { name, broken } of [
    ...cardInvariants,
    ...sumInvariants,
    ...historyInvariants,
    ...partInvariants,
    ...identityInvariants,
    ...documentInvariants,
    ...importInvariants,
    ...accessInvariants,
    ...unitInvariants,
    ...recordInvariants,
    ...paperInvariants,
    ...accountInvariants,
    ...jobInvariants,
    ...viewInvariants,
    ...noticeInvariants,
    ...inventoryInvariants,
    ...claimInvariants,
  ]) {
    const rows = await tx.execute<{ what: string }>(broken(look))
    findings.push(finding(name, rows.map(({ what }) => what).sort()))
  }
  findings.push(finding(reckonedName, await reckonedBroken(tx)))
  findings.push(finding(judgedName, await judgedBroken(tx)))
  const everything = systemActor(await allKeys(tx))
  const figures = await figuresOf(tx, everything, { day: look.today })
  findings.push(finding(figuresName, await figuresBroken(tx, figures)))
  findings.push(finding(balanceName, await balanceBroken(tx, everything, look.today)))
  if (files) findings.push(finding(filesName, await filesBroken(tx, files.store, look.today, files.all)))
  return findings
}

function finding(name: string, broken: string[]): Finding {
  return { name, holds: broken.length === 0, broken }
}
