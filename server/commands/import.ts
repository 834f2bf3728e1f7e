import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { noAnswers } from '../../imports/answers.ts'
import { gathered } from '../../imports/recognising/questions.ts'
import type { Field } from '../../imports/sheets/fields.ts'
import { stagedRows } from '../../imports/staging.ts'
import { actingAs } from '../access/acting-as.ts'
import { resolveUnit } from '../access/resolve-unit.ts'
import { asSystem } from '../access/system.ts'
import type { Config } from '../config.ts'
import { fileStoreOf } from '../file-store.ts'
import { importPlacings, importTargets } from '../import-targets.ts'
import { commitBatch, numberBatch, openBatch, type Reading } from '../imports/actions.ts'
import { columnFinder } from '../imports/batch-page.ts'
import { recallOf } from '../imports/mappings.ts'
import { readBatch } from '../imports/read.ts'
import { mayEnter, type Track } from '../kernel/actor.ts'
import { systemClock } from '../kernel/clock.ts'
import { NotFound, RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import type { StoredFile } from '../records/files.ts'
import { readArguments, required } from './arguments.ts'
import { say, withCounty } from './command.ts'
import { readTrack } from './track.ts'

/** What the command prints; the shape is fixed so that people can script it. */
type Report = {
  batch: string | null
  worksheet: string
  headerRows: number[]
  columns: { header: string; field: string | null; unit: string | null }[]
  rows: Record<'read' | 'new' | 'changed' | 'unchanged' | 'duplicate' | 'wrong', number>
  sums: Record<string, string>
  totals: { row: number; field: string; declared: string; computed: string; agrees: boolean }[]
  problems: { row: number; column: string | null; field: string | null; message: string }[]
  questions: { about: string; guess: string; column?: string }[]
  notices: string[]
  committed: boolean
}

/** Undoes a dry run: everything was done, nothing stays. */
class OnlyLooked extends Error {}

/** Imports a file as the page does, with open questions answered by the best guess. */
export async function run(args: readonly string[], config: Config): Promise<number> {
  const { words: given, flags } = readArguments(args, ['文件'], {
    unit: 'text',
    track: 'text',
    target: 'text',
    worksheet: 'text',
    as: 'text',
    mode: 'text',
    date: 'text',
    document: 'text',
    'dry-run': 'flag',
    json: 'flag',
  })
  const path = given[0] ?? ''
  const key = flags.target ?? 'cards'
  const targets = importTargets(config)
  const targetFor = Object.hasOwn(targets, key) ? targets[key] : undefined
  if (!targetFor) {
    const known = Object.keys(targets).map((name) => `${name}（${targets[name]?.(asSystem(systemClock)).label}）`)
    throw new RuleBroken(`--target 请写 ${known.join('、')}之一。`)
  }
  const placeOf = placing(key, flags)
  const mode = flags.mode ?? 'all'
  if (mode !== 'all' && mode !== 'good') throw new RuleBroken('--mode 请写 all（全部）或 good（只导入正确的行）。')
  const dry = flags['dry-run'] ?? false
  const store = fileStoreOf(config)
  const file: StoredFile = dry
    ? { sha256: '0'.repeat(64), size: 0 }
    : await store.keep(createReadStream(path)).catch(missing)
  let report: Report | undefined
  let words: readonly Field[] = []
  const work = async (tx: Tx) => {
    const acting = await actingAs(tx, systemClock, flags.as)
    const target = targetFor(acting)
    words = target.fields
    const batch = await openBatch(tx, acting, key, { file, fileName: basename(path), ...(await placeOf(tx, acting)) })
    const answers = flags.worksheet === undefined ? noAnswers : { ...noAnswers, worksheet: flags.worksheet }
    const reading = (source: string) =>
      readBatch(tx, { ...batch, answers }, source, target, {
        guessed: true,
        recall: recallOf(tx, acting, batch.target),
      })
    await (dry ? reading(path) : store.withLocalFile(file.sha256, reading))
    const { no } = dry ? { no: null } : await numberBatch(tx, acting, batch)
    report = await reportOf(tx, batch.id, no)
    if (dry) throw new OnlyLooked()
    const { rows } = report
    if (rows.new + rows.changed === 0 || (mode === 'all' && rows.wrong > 0)) return
    await commitBatch(tx, acting, target, batch.id, { version: 2, mode })
    report.committed = true
  }
  try {
    await withCounty(config, (county) => county.transaction({ timeout: 600_000, sets: true }, work))
  } catch (error) {
    if (!(error instanceof OnlyLooked)) throw error
  } finally {
    await store.close()
  }
  if (!report) return 1
  if (flags.json) say(JSON.stringify(report))
  else for (const line of told(report, words)) say(line)
  return dry || report.committed ? 0 : 1
}

type Flags = Partial<Record<'unit' | 'track' | 'as' | 'date' | 'document', string | undefined>>
type Place = { unitId: string; track: Track | null; effectiveOn: string; callId?: string }

/** Whose the rows are: of the document that takes them, or of the unit and track that are named. */
function placing(key: string, flags: Flags): (tx: Tx, acting: Acting) => Promise<Place> {
  const ofDocument = importPlacings[key]
  if (ofDocument) {
    const no = required(flags.document, 'document')
    const given = (['unit', 'track', 'date'] as const).find((name) => flags[name] !== undefined)
    if (given) throw new RuleBroken(`按 --document 导入时不用 --${given}，请去掉。`)
    return async (tx, acting) => {
      const found = await ofDocument(tx, acting, no).catch((error) => {
        if (!(error instanceof NotFound)) throw error
        throw new RuleBroken(`没有清查单 ${no}，或不由您经办，请核对编号。`)
      })
      const { unitId, track, effectiveOn, callId } = found
      return { unitId, track, effectiveOn, callId }
    }
  }
  if (flags.document !== undefined) throw new RuleBroken('只有盘点单和基准清单用 --document，请去掉。')
  const unit = required(flags.unit, 'unit')
  const track = key === 'people' ? null : readTrack(required(flags.track, 'track'))
  if (track === null && flags.track !== undefined) throw new RuleBroken('人员名单不分属性，请去掉 --track。')
  return async (tx, { actor, clock }) => {
    const owner = await resolveUnit(tx, unit, track, clock.today())
    if (track !== null && !mayEnter(actor, owner.id, track))
      throw new RuleBroken(`账号 ${flags.as} 不经办${owner.name}的资产。`)
    return { unitId: owner.id, track, effectiveOn: flags.date ?? clock.today() }
  }
}

async function reportOf(tx: Tx, id: string, no: string | null): Promise<Report> {
  const [row] = await tx.select().from(importBatches).where(eq(importBatches.id, id))
  if (!row) throw new Error('the batch is gone')
  const reading = row.reading as Reading
  const { headerRows, columns, totals, questions, notices, read } = reading
  const columnOf = columnFinder(reading)
  const problems: Report['problems'] = []
  for await (const rows of stagedRows(tx, id)) {
    for (const staged of rows) {
      for (const { column, field, message } of [...staged.problems, ...staged.findings]) {
        problems.push({ row: staged.row, column: column ?? columnOf(field, staged.block), field, message })
      }
    }
  }
  return {
    batch: no,
    worksheet: row.worksheet ?? '',
    headerRows,
    columns: columns.map(({ header, field, unit }) => ({ header, field, unit })),
    rows: { read, new: 0, changed: 0, unchanged: 0, duplicate: 0, wrong: 0, ...row.counts },
    sums: row.sums,
    totals: totals.map(({ row, field, declared, computed, agrees }) => ({ row, field, declared, computed, agrees })),
    problems,
    questions: questions.map(({ about, guess, column }) => ({ about, guess, ...(column ? { column } : {}) })),
    notices,
    committed: false,
  }
}

function told(report: Report, fields: readonly Field[]): string[] {
  const { batch, worksheet, rows, sums, problems, questions, notices, totals, committed } = report
  const status = committed ? `已导入，批次 ${batch}` : batch === null ? '只查看，没有写入' : `没有导入，批次 ${batch}`
  const label = (key: string) => {
    const field = fields.find((candidate) => candidate.key === key)
    return { name: field?.label ?? key, unit: field?.unit ? ` ${field.unit}` : '' }
  }
  return [
    `${status}。工作表「${worksheet}」共 ${rows.read} 行：新增 ${rows.new}，变更 ${rows.changed}，无变化 ${rows.unchanged}，重复 ${rows.duplicate}，有错 ${rows.wrong}。`,
    ...Object.entries(sums)
      .filter(([, sum]) => !/^[0.]+$/.test(sum))
      .map(([field, sum]) => `  ${label(field).name}合计 ${sum}${label(field).unit}`),
    ...totals
      .filter(({ agrees }) => !agrees)
      .map(
        ({ row, field, declared, computed }) =>
          `  第 ${row} 行的${label(field).name}合计不符：表中写 ${declared}，各行相加 ${computed}，请核对原表。`,
      ),
    ...headed(
      '需要看一眼（不改就按箭头后面的办法处理）：',
      gathered(questions).map(({ about, guess }) => `${about} → ${guess}`),
    ),
    ...headed('文件里还有这些情况：', notices),
    ...headed(
      '逐行的问题：',
      problems.map((problem) => problemLine(problem, label(problem.field ?? '').name)),
    ),
  ]
}

function headed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]
}

function problemLine({ row, column, message }: Report['problems'][number], label: string): string {
  const place = column ? ` ${column} 列` : ''
  return `第 ${row} 行${place}${label === '' || message.includes(label) ? '' : `「${label}」`}：${message}`
}

function missing(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    throw new RuleBroken('没有找到这个文件，请核对路径。')
  throw error
}
