import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Tx, widen } from '../../db/client.ts'
import { registerSheet } from '../../imports/sheets/register.ts'
import { writeTemplate } from '../../imports/writing/template.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { actingAs } from '../access/acting-as.ts'
import { actorFor } from '../access/actor-for.ts'
import { resolveUnit } from '../access/resolve-unit.ts'
import type { Cut } from '../assets/as-of.ts'
import { cardsOf } from '../assets/cards-sheet.ts'
import { changesWorkbook } from '../assets/changes-sheet.ts'
import { registerOf } from '../assets/export.ts'
import { villageStatusOf } from '../assets/village-status.ts'
import type { Config } from '../config.ts'
import { type Actor, scopeKey } from '../kernel/actor.ts'
import { type Clock, systemClock } from '../kernel/clock.ts'
import { freeze } from '../kernel/cursor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { record } from '../kernel/events.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { unitsUnder } from '../overview/statistics-queries.ts'
import { statisticsWorkbook } from '../overview/statistics-sheet.ts'
import { stockWorksheet } from '../overview/stock-sheet.ts'
import { sentences } from '../sentences.ts'
import { readArguments, required } from './arguments.ts'
import { say, withCounty } from './command.ts'
import { type CountedRequest, countedNames, exportCounted } from './export-counted.ts'
import { readTrack } from './track.ts'

/** Milliseconds: a whole county's ledger takes longer than a page may. */
const patience = 10 * 60_000

type MakeSheet = (tx: Tx, actor: Actor, cut: Cut, unit: string, since?: string) => Promise<Worksheet[]>

const sheets: Record<string, MakeSheet> = {
  register: async (tx, actor, cut, unit) => [await registerOf(tx, actor, cut, unit)],
  statistics: (tx, actor, cut, unit) => statisticsWorkbook(tx, actor, cut, { unit }),
  cards: async (tx, actor, cut, unit) => [await cardsOf(tx, actor, cut, unit)],
  stock: async (tx, actor, { day: to, ...part }, unit, since = '') => [
    await stockWorksheet(tx, actor, { ...part, from: since, to }, unit),
  ],
  'village-status': async (tx, actor, cut, unit) => [await villageStatusOf(tx, actor, cut, unit)],
  changes: async (tx, actor, { day: to, ...part }, unit, since = '') =>
    changesWorkbook(tx, actor, { ...part, from: since, to }, { unit, sentences }),
}

/** Those that compare two days. */
const spans: readonly string[] = ['changes', 'stock']

/** Official sheets of stages that are still to come, with their names. */
const later: Record<string, string> = {
  handover: '移交清册',
  'leased-handover': '出租资产移交清册',
  entries: '会计分录',
  agreements: '账账、账卡、账实核对表',
  idle: '闲置资产台账',
  needs: '用房需求表',
  plan: '盘活清单',
  closeout: '销号台账',
  contracts: '合同台账',
  rents: '租金台账',
  deals: '产权交易结果表',
  registration: '确权登记清单',
  papers: '登记资料清单',
  'missing-papers': '缺件清单',
}

export async function run(args: readonly string[], config: Config): Promise<undefined> {
  const { words, flags } = readArguments(args, ['表名'], {
    unit: 'text',
    track: 'text',
    'as-of': 'text',
    since: 'text',
    document: 'text',
    as: 'text',
    out: 'text',
  })
  const sheet = sheetName(words[0] ?? '')
  const out = readOut(required(flags.out, 'out'))
  if (sheet === 'template') {
    await writeTemplate(registerSheet(), out)
    say(`空白表已写到 ${out}。`)
    return
  }
  if (flags.document !== undefined || !Object.hasOwn(sheets, sheet)) {
    return counted({ sheet, document: required(flags.document, 'document'), as: flags.as }, flags, out, config)
  }
  if (flags.since !== undefined && !spans.includes(sheet)) throw new RuleBroken('这张表不用 --since，请去掉。')
  const request: SheetRequest = {
    sheet,
    unit: required(flags.unit, 'unit'),
    track: flags.track,
    asOf: flags['as-of'],
    since: spans.includes(sheet) ? required(flags.since, 'since') : undefined,
    as: flags.as,
  }
  const rows = await withCounty(config, async (county) => {
    const rows = await county.transaction({ readOnly: true, timeout: patience }, (tx) =>
      exportSheet(tx, systemClock, request, out),
    )
    await county.transaction({}, async (tx) => {
      const detail = {
        filter: { unit: request.unit, track: request.track, asOf: request.asOf, since: request.since },
        rows,
      }
      const acting = await actingAs(tx, systemClock, request.as)
      await record(tx, acting, { kind: 'topic', id: 'export' }, { action: `export.${sheet}`, detail })
    })
    return rows
  })
  say(`已导出 ${rows} 行，写到 ${out}。`)
}

/** A sheet of a document of the inventory: it says itself of which units and as of which day. */
async function counted(request: CountedRequest, flags: object, out: string, config: Config): Promise<undefined> {
  const { sheet } = request
  if (!Object.hasOwn(countedNames, sheet)) throw new RuleBroken('这张表不用 --document，请去掉。')
  const given = (['unit', 'track', 'as-of', 'since'] as const).find((name) => Object.hasOwn(flags, name))
  if (given) throw new RuleBroken(`按编号导出时不用 --${given}，请去掉。`)
  const rows = await withCounty(config, async (county) => {
    const rows = await county.transaction({ readOnly: true, timeout: patience }, (tx) =>
      exportCounted(tx, systemClock, request, out),
    )
    await county.transaction({}, async (tx) => {
      const acting = await actingAs(tx, systemClock, request.as)
      const detail = { filter: { document: request.document }, rows }
      await record(tx, acting, { kind: 'topic', id: 'export' }, { action: `export.${sheet}`, detail })
    })
    return rows
  })
  say(`已导出 ${rows} 行，写到 ${out}。`)
}

export type SheetRequest = {
  sheet: string
  unit: string
  track?: string | undefined
  asOf?: string | undefined
  /** The day whose end is compared with the other; for sheets of two days alone. */
  since?: string | undefined
  as?: string | undefined
}

/** Writes an official sheet of a unit and all under it to a path; returns the number of lines in it. */
export async function exportSheet(tx: Tx, clock: Clock, request: SheetRequest, out: string): Promise<number> {
  await freeze(tx)
  const make = sheets[sheetName(request.sheet)]
  if (!make) throw new Error(`${request.sheet} is not made from the register`)
  const today = clock.today()
  const { since } = request
  const wrong = [...dayProblems(request.asOf, today), ...dayProblems(since, today, 'since', '起始日期')]
  if (wrong.length > 0) throw new RuleBroken(wrong)
  const day = request.asOf || today
  if (since && since >= day) throw new RuleBroken(`起始日期 ${since} 要早于截止日期 ${day}，请改正。`)
  const track = readTrack(request.track)
  const unit = await resolveUnit(tx, request.unit, track, today)
  const actor = await actorFor(tx, request.as, today)
  const units = await unitsUnder(tx, unit.id, day)
  if (
    !units.some((id) => actor.keys.includes(scopeKey(id, 'state')) || actor.keys.includes(scopeKey(id, 'collective')))
  ) {
    throw new RuleBroken(`账号 ${request.as} 不能查看${unit.name}的资产，请换一个账号或单位。`)
  }
  await widen(tx, actor.keys)
  const written = await writeWorkbook(await make(tx, actor, { day, track: track ?? '', units }, unit.name, since), out)
  return (request.sheet === 'changes' ? written.at(-1) : written[0])?.rows ?? 0
}

function sheetName(text: string): string {
  if (text === 'template' || Object.hasOwn(sheets, text) || Object.hasOwn(countedNames, text)) return text
  if (Object.hasOwn(later, text)) throw new RuleBroken(`《${later[text]}》(${text})还不能导出，相应的业务尚未启用。`)
  throw new RuleBroken(
    `没有“${text}”这张表，可导出的有 ${[...new Set([...Object.keys(sheets), 'template', ...Object.keys(countedNames)])].join('、')}。`,
  )
}

function readOut(path: string): string {
  if (!path.toLowerCase().endsWith('.xlsx'))
    throw new RuleBroken(`--out 要写 .xlsx 文件，请把“${path}”改成以 .xlsx 结尾。`)
  if (!existsSync(dirname(resolve(path))))
    throw new RuleBroken(`文件夹 ${dirname(path)} 不存在，请先建好，或换一个位置。`)
  return path
}
