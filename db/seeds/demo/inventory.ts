import { and, eq } from 'drizzle-orm'
import { callMachine, draftCall } from '../../../server/inventory/calls/actions.ts'
import { saveClaimLine } from '../../../server/inventory/claims/actions.ts'
import { compilationMachine, draftCompilation } from '../../../server/inventory/compilations/actions.ts'
import { countMachine, declareNothing, remind } from '../../../server/inventory/counts/actions.ts'
import { asBooked, saveLine } from '../../../server/inventory/lines/actions.ts'
import { addSurplus } from '../../../server/inventory/lines/surplus-actions.ts'
import { act } from '../../../server/kernel/act.ts'
import type { Acting } from '../../../server/kernel/events.ts'
import { minus } from '../../../server/kernel/money.ts'
import { addDays } from '../../../server/records/calendar.ts'
import { noticeMachine, object } from '../../../server/records/notice-actions.ts'
import { recordResolution } from '../../../server/records/resolution-actions.ts'
import { claimLines } from '../../schema/claims.ts'
import { compilations } from '../../schema/compilations.ts'
import { countLines, counts } from '../../schema/inventory.ts'
import { publicNotices } from '../../schema/notices.ts'
import { seededCounty } from '../base.ts'
import { calls, type Story, type Told } from './inventory-stories.ts'
import type { Stage } from './stage.ts'

/** Two calls with units in every state, one late and one returned, told by calling the verbs around today. */
export async function seedInventory(stage: Stage): Promise<void> {
  for (const told of calls) await tell(stage, told)
}

async function tell(stage: Stage, told: Told): Promise<void> {
  const { tx, units, today } = stage
  const ago = (days: number) => addDays(today, -days)
  const find = (name: string) => units.find(name).id
  const issuing = await stage.as(told.account, ago(told.issuedAgo))
  const { id } = await draftCall(tx, issuing, {
    title: told.title,
    track: told.track,
    issuerId: find(told.issuer),
    baseOn: ago(told.baseAgo),
    ...{ baseline: 'register', baselineName: null, baselineOn: null },
    dueOn: ago(told.dueAgo),
    compileOn: addDays(today, 30),
    note: '请各单位逐项实地盘点，账实不符的写明原因，账外资产登记盘盈。',
    unitIds: told.stories.map(({ unit }) => find(unit)),
  })
  await act(tx, issuing, callMachine, id, { action: 'issue', version: 1, comment: null })
  const ids = new Map<string, string>()
  for (const story of told.stories) {
    const [count] = await tx
      .select()
      .from(counts)
      .where(and(eq(counts.callId, id), eq(counts.unitId, find(story.unit))))
    if (!count) throw new Error(`no count of ${story.unit}`)
    ids.set(story.unit, count.id)
    await live(stage, told, story, count.id)
  }
  for (const { units: own, submitted, filed } of told.compiled) {
    const lead = await stage.as(told.account, ago(submitted))
    const countIds = own.flatMap((unit) => ids.get(unit) ?? [])
    const draft = { callId: id, unitId: find(told.issuer), track: told.track, countIds }
    const { id: document } = await draftCompilation(tx, lead, draft)
    const machine = compilationMachine(seededCounty)
    const step = async (account: string, day: number, action: string, values = {}) => {
      const [row] = await tx.select().from(compilations).where(eq(compilations.id, document))
      const comment = action === 'submit' ? '其余单位还在盘点，另行上报。（演示）' : null
      await act(tx, await stage.as(account, ago(day)), machine, document, {
        ...{ action, version: row?.version ?? 0, comment, values },
      })
    }
    await step(told.account, submitted, 'submit')
    if (filed !== undefined) {
      await step(told.approver, filed, 'file', { filedOn: ago(filed), documentNo: '演示备〔2026〕1 号' })
    }
  }
  const late = told.stories.filter(({ counted = 0, nothing }) => counted < 100 && !nothing)
  const nos = await tx.select({ no: counts.no, unit: counts.unitName }).from(counts).where(eq(counts.callId, id))
  const pressed = nos.filter(({ unit }) => late.some((story) => story.unit === unit)).map(({ no }) => no)
  await remind(tx, await stage.as(told.account, ago(1)), id, told.track, pressed, '请抓紧盘点。')
}

/** One unit's own story, as far as it goes. */
async function live(stage: Stage, told: Told, story: Story, countId: string): Promise<void> {
  const { tx, today } = stage
  const as = (account: string, days: number) => stage.as(account, addDays(today, -days))
  const step = async (
    account: string,
    days: number | undefined,
    action: string,
    values = {},
    comment: string | null = null,
  ) => {
    if (days === undefined) return
    const [row] = await tx.select().from(counts).where(eq(counts.id, countId))
    const input = { action, version: row?.version ?? 0, comment, values }
    await act(tx, await as(account, days), countMachine, countId, input)
  }
  const counting = await as(story.keeper, story.countedAgo ?? told.issuedAgo)
  if (story.nothing) {
    const [row] = await tx.select().from(counts).where(eq(counts.id, countId))
    const [line] = await tx.select().from(countLines).where(eq(countLines.countId, countId)).limit(1)
    if (!line) await declareNothing(tx, counting, countId, row?.version ?? 0, true)
  }
  const lines = await tx.select().from(countLines).where(eq(countLines.countId, countId)).orderBy(countLines.no)
  const most = Math.ceil((lines.length * (story.counted ?? 0)) / 100)
  for (const [at, line] of lines.slice(0, most).entries()) {
    const entry = {
      version: line.version,
      condition: null,
      remark: null,
      via: at % 3 === 1 ? ('phone' as const) : ('screen' as const),
    }
    await saveLine(tx, counting, { countId, no: line.no }, { ...entry, changes: {}, findings: findingsOf(line, at) })
  }
  if (most === lines.length) await checkClaims(stage, counting, countId)
  if (most > 0 && most === lines.length)
    await addSurplus(tx, counting, countId, foundBy(addDays(today, -(story.countedAgo ?? 0))), 'screen')
  // Nobody checks what they have handed in themselves.
  await step(story.keeper, story.submitted, 'submit')
  await step(told.checker, story.returned, 'return', { 'line.1': '现场数量与填报不符' }, '请重新清点第 1 项')
  await step(told.checker, story.checked, 'check')
  if (story.posted === undefined) return
  await step(story.keeper, story.posted, 'post', {
    ...{ place: '村务公开栏', contact: '村会计（演示）0825-7000000', body: '现将本次资产清查结果公示，接受群众监督。' },
  })
  const [notice] = await tx.select().from(publicNotices).where(eq(publicNotices.countId, countId))
  if (!notice) throw new Error('no notice')
  if (story.confirmed === undefined) {
    const said = { name: '李大爷', phone: null, rowNo: 1, text: '这一项的位置写错了，应在五社。（演示）' }
    await object(tx, await as(story.keeper, story.posted - 1), notice.id, said, 'counter')
    return
  }
  const confirming = await as(story.keeper, story.confirmed)
  const [row] = await tx.select().from(counts).where(eq(counts.id, countId))
  await recordResolution(tx, confirming, {
    ...{ matter: 'count_confirmation', bodyKind: 'representatives', calledOn: null, place: '村会议室', note: null },
    ...{ heldOn: addDays(today, -story.confirmed), members: 35, present: 32, inFavour: 31, against: 0, abstained: 1 },
    ...{ unitId: row?.unitId ?? '', track: told.track },
    about: { kind: 'count', id: countId, no: row?.no ?? '', path: `/inventory/counts/${row?.no}` },
  })
  await act(tx, confirming, noticeMachine, notice.id, { action: 'end', version: notice.version, comment: null })
  await step(story.keeper, story.confirmed, 'confirm')
}

/** Every claim and debt is as booked but for one, of which a part had been paid. */
async function checkClaims({ tx }: Stage, counting: Acting, countId: string): Promise<void> {
  const lines = await tx.select().from(claimLines).where(eq(claimLines.countId, countId)).orderBy(claimLines.no)
  for (const [at, { no, version, bookAmount }] of lines.entries()) {
    const paid = at === 0 && Number(bookAmount) > 500
    await saveClaimLine(tx, counting, { countId, no }, version, {
      counted: paid ? minus(bookAmount, '500') : bookAmount,
      ...{ reason: paid ? '收回 500 元，一直没有记账（演示）' : null, remark: null },
    })
  }
}

/** Nearly everything is as booked; now and then something is missing or worn out. */
function findingsOf(line: typeof countLines.$inferSelect, at: number) {
  const booked = asBooked(line)
  const quantity = Number(line.bookQuantity)
  if (at === 3 && quantity > 3) return { ...booked, counted: String(quantity - 1), missingReason: '搬迁时遗失（演示）' }
  if (at === 4 && quantity === 1) return { ...booked, scrap: '1', scrapReason: '已不能使用（演示）' }
  return booked
}

function foundBy(day: string) {
  return {
    ...{ name: '发电机', cardType: 'equipment', quantity: '1', unitOfMeasure: '台', foundOn: day },
    ...{
      valueBasis: 'nominal' as const,
      valueNote: '早年受赠，没有凭据和同类市价（演示）',
      cost: null,
      depreciation: null,
    },
    ...{ location: null, specification: null, structure: null, floorArea: null, landArea: null, acquiredOn: null },
    ...{
      usage: 'in_use',
      source: 'donation',
      keeper: null,
      condition: 'fair',
      remark: '盘点库房时找到，一直没有入账（演示）',
    },
  }
}
