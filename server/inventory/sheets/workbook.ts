import type { Tx } from '../../../db/client.ts'
import type { Reckoning, Reckonings } from '../../../imports/writing/reckonings.ts'
import type { Worksheet } from '../../../imports/writing/worksheet.ts'
import type { Actor } from '../../kernel/actor.ts'
import { freeze } from '../../kernel/cursor.ts'
import { NotFound } from '../../kernel/errors.ts'
import { additionsWorksheet } from './additions.ts'
import { checksWorksheet } from './checks.ts'
import { claimWorksheets } from './claims.ts'
import { countSheetWorksheets } from './count-sheet.ts'
import { detailChecks, detailWorksheet } from './detail.ts'
import { type DocumentKind, documentKinds, type Extent, extentOf } from './extent.ts'
import { frozenChecks } from './frozen.ts'
import { checksOfList, type ListName, listWorksheet } from './lists.ts'
import { printed } from './printing.ts'
import { countFigures } from './queries.ts'
import { resourceChecks, resourceWorksheets } from './resources.ts'
import { statisticsChecks, statisticsWorksheets } from './statistics.ts'
import { summaryParts, summaryWorksheet } from './summary.ts'

/** What a sheet is made from; a sheet of another part of the program is handed in by whoever puts the parts together. */
export type Asked = { tx: Tx; actor: Actor; extent: Extent; today: string; head: ReturnType<typeof printed> }

/** What a sheet adds to 汇总 and 勾稽关系, which every workbook ends with. */
export type Made = {
  worksheets: Worksheet[]
  checks?: readonly Reckoning[]
  /** Checks of the sheet alone, which hold where there are no assets and so no 汇总. */
  ownChecks?: readonly Reckoning[]
  notes?: readonly string[]
}

export type InventorySheet = {
  title: string
  /** What it is made of; the 盘点单 is of one count. */
  of: readonly DocumentKind[]
  /** 资源性资产 are the collectives'. */
  track?: 'collective'
  make: (asked: Asked) => Promise<Made>
  /** A form to fill in has neither figures nor checks. */
  bare?: true
}

/** Sheets that this stage does not make itself, by name. */
export type OtherSheets = Readonly<Record<string, InventorySheet>>

export const inventorySheets: Readonly<Record<string, InventorySheet>> = {
  'count-sheet': {
    title: '盘点单',
    of: ['count'],
    bare: true,
    make: async ({ tx, extent }) => ({ worksheets: await countSheetWorksheets(tx, extent) }),
  },
  'count-detail': {
    title: '固定资产清查明细表',
    of: documentKinds,
    make: async ({ tx, extent, head }) => ({
      worksheets: [await detailWorksheet(tx, extent, head)],
      checks: detailChecks(extent),
    }),
  },
  gains: listed('盘盈资产清单', 'gains'),
  losses: listed('盘亏资产清单', 'losses'),
  uncounted: listed('未盘资产清单', 'uncounted'),
  matched: listed('无盈亏资产清单', 'matched'),
  'count-summary': { title: '资产清查汇总表', of: documentKinds, make: async () => ({ worksheets: [] }) },
  statistics: {
    title: '镇村公有资产清理统计表(清查数)',
    of: documentKinds,
    make: async ({ tx, extent, head }) => ({
      worksheets: await statisticsWorksheets(tx, extent, head),
      checks: statisticsChecks,
    }),
  },
  additions: {
    title: '新增资产清单',
    of: documentKinds,
    make: async ({ tx, extent, head }) => ({ worksheets: [await additionsWorksheet(tx, extent, head)] }),
  },
  resources: {
    title: '资源性资产清查登记表',
    of: documentKinds,
    track: 'collective',
    make: async ({ tx, extent, head }) => ({
      worksheets: await resourceWorksheets(tx, extent, head),
      checks: resourceChecks,
    }),
  },
  claims: {
    title: '债权债务清查登记表',
    of: documentKinds,
    track: 'collective',
    make: ({ tx, extent, head }) => claimWorksheets(tx, extent, head),
  },
}

/** The workbook of a sheet for a document that the actor reads; 404 for what is not there for it. */
export async function inventoryWorkbook(
  tx: Tx,
  actor: Actor,
  document: { kind: DocumentKind; no: string },
  sheetName: string,
  { today, others }: { today: string; others: OtherSheets },
): Promise<{ title: string; extent: Extent; worksheets: (Worksheet | Reckonings)[] }> {
  await freeze(tx)
  const extent = await extentOf(tx, actor, document.kind, document.no)
  const sheet = sheetsFor(extent, others).find(({ name }) => name === sheetName)
  if (!sheet) throw new NotFound()
  const head = printed(extent, actor, today)
  const { worksheets, checks = [], ownChecks = [], notes = [] } = await sheet.make({ tx, actor, extent, today, head })
  const { title } = sheet
  if (sheet.bare) return { title, extent, worksheets }
  const parts = summaryParts(extent, await countFigures(tx, extent.which))
  const nothing = parts.every(({ types }) => types.length === 0)
  const all = nothing ? ownChecks : [...ownChecks, ...checks, ...(await frozenChecks(tx, extent, parts))]
  return {
    title,
    extent,
    worksheets: [...worksheets, summaryWorksheet(parts, head, notes), checksWorksheet(parts, head, all)],
  }
}

/** The sheets there are of a document. */
export function sheetsFor({ kind, track }: Pick<Extent, 'kind' | 'track'>, others: OtherSheets) {
  return Object.entries({ ...inventorySheets, ...others })
    .filter(([, sheet]) => sheet.of.includes(kind) && (sheet.track === undefined || sheet.track === track))
    .map(([name, sheet]) => ({ name, ...sheet }))
}

function listed(title: string, name: ListName): InventorySheet {
  return {
    title,
    of: documentKinds,
    make: async ({ tx, extent, head }) => ({
      worksheets: [await listWorksheet(tx, extent, head, name)],
      checks: checksOfList(extent, name),
    }),
  }
}
