import { asc, desc, eq, gt, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memberships } from '../../db/schema/access.ts'
import { baselineLines } from '../../db/schema/compilations.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { calls, countLines, counts } from '../../db/schema/inventory.ts'
import { events } from '../../db/schema/kernel.ts'
import { objections, publicNotices } from '../../db/schema/notices.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeUnit, openUnit } from '../../server/access/unit-actions.ts'
import { dissolveUnit } from '../../server/access/unit-life.ts'
import { sentences } from '../../server/sentences.ts'
import type { TestApp } from '../support/app.ts'
import { enterClaims } from '../support/claims.ts'
import { type Account, password } from '../support/county.ts'
import { issueCall, linesOf } from '../support/inventory.ts'
import { pdf } from '../support/papers.ts'
import { roster } from '../support/roster.ts'
import {
  addPhoto,
  dispute,
  draftDetermination,
  enterCard,
  keepMapping,
  keepView,
  openWithRoutes,
  type Route,
  recordDecision,
  recordedPaper,
  recordRestriction,
  table,
  uploadFields,
  uploadTable,
} from './every-route.ts'

type Form = [url: string, fields: Record<string, string>, file?: { name: string; bytes: Uint8Array }]

/** A form as it is sent with success, and the events it must leave behind; or the reason why it leaves none. */
type Row =
  | {
      by: Account | null
      send: () => Promise<Form>
      writes: readonly string[]
    }
  | { exempt: string }

const village = '古井村股份经济合作联合社'
const card = { track: 'collective', ownerUnit: village, cardType: 'house', effectiveOn: '2026-03-01' }
const place = { division: '510923100210', parent: '蓬莱镇人民政府', validFrom: '2026-03-10' }
const fresh = 'Guarded-2026-new'
const draft = { reason: '改过的事由', proposedOwner: village, proposedTrack: 'state' }
const oneOff = { action: 'split', quantity1: '1', effectiveOn: '2026-03-01' }
const bothNew = { version: '1', otherVersion: '1', effectiveOn: '2026-03-01' }

/** Every route that is no GET; a new one turns the test red until it says what it writes. */
const reviewed: Record<string, Row> = {
  'POST /sign-in': {
    by: null,
    send: async () => ['/sign-in', { account: 'zhang', password }],
    writes: ['person.sign-in'],
  },
  'POST /sign-out': { by: 'zhang', send: async () => ['/sign-out', {}], writes: ['person.sign-out'] },
  'POST /password': {
    by: 'zhang',
    send: async () => ['/password', { old: password, password: fresh, again: fresh }],
    writes: ['person.password'],
  },
  'POST /units': {
    by: 'xi',
    send: async () => ['/units', { kind: 'school', name: '古井小学', regime: 'government', ...place }],
    writes: ['unit.open'],
  },
  'POST /units/:code/change': {
    by: 'xi',
    send: async () => [
      `/units/${test.fixture.codes.红林村股份经济合作联合社}/change`,
      { name: '红林经济联合社', ...place, division: '510923100215', version: '1' },
    ],
    writes: ['unit.rename'],
  },
  'POST /units/:code/dissolve': {
    by: 'xi',
    send: async () => [await windingUp('school', false), { on: '2026-03-10', reason: '撤并', version: '1' }],
    writes: ['unit.dissolve'],
  },
  'POST /units/:code/close': {
    by: 'xi',
    send: async () => [await windingUp('clinic', 'close'), { on: '2026-03-10', version: '2' }],
    writes: ['unit.close'],
  },
  'POST /units/:code/reopen': {
    by: 'xi',
    send: async () => [await windingUp('state_company', 'reopen'), { reason: '登记错了', version: '2' }],
    writes: ['unit.reopen'],
  },
  'POST /units/:code/withdraw': {
    by: 'xi',
    send: async () => {
      const { units, codes } = test.fixture
      const later = { name: '蓬莱镇财政所', validFrom: '2026-06-01' }
      await test.db((tx) => changeUnit(tx, asSystem(test.clock), units.蓬莱镇财政办 ?? '', later))
      return [`/units/${codes.蓬莱镇财政办}/withdraw`, { version: '2' }]
    },
    writes: ['unit.withdraw'],
  },
  'POST /people': {
    by: 'xi',
    send: async () => ['/people', { account: 'liu', name: '刘会计' }],
    writes: ['person.add'],
  },
  'POST /people/:account/grant': {
    by: 'an',
    send: async () => ['/people/hong/grant', { unit: village, role: 'keeper', track: 'both', validFrom: '2026-03-10' }],
    writes: ['person.grant'],
  },
  'POST /people/:account/revoke': {
    by: 'an',
    send: async () => ['/people/hong/revoke', { membership: await membershipOf('hong') }],
    writes: ['person.revoke'],
  },
  'POST /people/:account/unlock': {
    by: 'an',
    send: async () => ['/people/hong/unlock', {}],
    writes: ['person.unlock'],
  },
  'POST /people/:account/disable': {
    by: 'xi',
    send: async () => ['/people/shi/disable', {}],
    writes: ['person.disable'],
  },
  'POST /people/:account/enable': { by: 'xi', send: async () => ['/people/shi/enable', {}], writes: ['person.enable'] },
  'POST /people/:account/edit': {
    by: 'xi',
    send: async () => ['/people/hong/edit', { name: '洪出纳', phone: '', version: '1' }],
    writes: ['person.edit'],
  },
  'POST /people/:account/code': {
    by: 'xi',
    send: async () => ['/people/hong/code', {}],
    writes: ['person.reset-code'],
  },
  'POST /activate': {
    by: null,
    send: async () => ['/activate', { code: await codeFor('liu'), password: fresh, again: fresh }],
    writes: ['person.activate', 'person.sign-in'],
  },
  'POST /policies/:key': {
    by: 'an',
    send: async () => ['/policies/lockMinutes', { value: '20', validFrom: '2026-03-11', reason: '检查意见' }],
    writes: ['policy.set'],
  },
  'POST /settings/:key': {
    by: 'tian',
    send: async () => ['/settings/idleMonthsMovable', { value: '4', validFrom: '2026-03-11', reason: '县办法' }],
    writes: ['settings.set'],
  },
  'POST /imports': {
    by: 'zhang',
    send: async () => ['/imports', uploadFields(village, 'collective'), table()],
    writes: ['import.upload'],
  },
  'POST /assets/bulk': {
    by: 'zhang',
    send: async () => [
      `/assets/bulk?code=${await entered()}`,
      { remark: '已核实', effectiveOn: '2026-03-02', reason: '清查' },
    ],
    writes: ['import.bulk-edit'],
  },
  'POST /imports/:no/rows/:row': {
    by: 'zhang',
    send: async () => [`/imports/${await uploaded()}/rows/2`, { 'row2-cost': '1300', version: '2' }],
    writes: ['import.edit'],
  },
  'POST /imports/:no/rows/:row/revert': {
    by: 'zhang',
    send: async () => {
      const place = `/imports/${await uploaded()}/rows/2`
      const edit = { 'row2-cost': '1300', version: '2', token: crypto.randomUUID() }
      await (await test.as('zhang')).post(place, edit)
      return [`${place}/revert`, { version: '3' }]
    },
    writes: ['import.revert'],
  },
  'POST /imports/:no/rows': {
    by: 'zhang',
    send: async () => [`/imports/${await uploaded()}/rows`, { rows: '2', act: 'skip', version: '2' }],
    writes: ['import.skip'],
  },
  'POST /imports/:no/mapping': {
    by: 'zhang',
    send: async () => [`/imports/${await uploaded()}/mapping`, { version: '2' }],
    writes: ['mapping.remember'],
  },
  'POST /imports/mappings/:id': {
    by: 'zhang',
    send: async () => {
      const { id, version } = await kept()
      return [`/imports/mappings/${id}`, { version: String(version), 'column-D': '-' }]
    },
    writes: ['mapping.change'],
  },
  'POST /imports/mappings/:id/delete': {
    by: 'zhang',
    send: async () => {
      const { id, version } = await kept()
      return [`/imports/mappings/${id}/delete`, { version: String(version) }]
    },
    writes: ['mapping.forget'],
  },
  // A bookmark of one's own: nobody else's page, right or figure depends on it.
  'POST /views': {
    by: 'zhang',
    send: async () => ['/views', { name: '闲置', from: '/assets?usage=idle' }],
    writes: [],
  },
  'POST /views/:id': {
    by: 'zhang',
    send: async () => [`/views/${await keepView(test, await test.as('zhang'))}`, { name: '改名', version: '1' }],
    writes: [],
  },
  'POST /views/:id/delete': {
    by: 'zhang',
    send: async () => [`/views/${await keepView(test, await test.as('zhang'))}/delete`, { version: '1' }],
    writes: [],
  },
  'POST /imports/:no/commit': {
    by: 'zhang',
    send: async () => [`/imports/${await uploaded()}/commit`, { action: 'all', version: '2' }],
    writes: ['card.import', 'import.commit'],
  },
  'POST /imports/:no/codes': {
    by: 'xi',
    send: async () => [`/imports/${await peopleMade()}/codes`, {}],
    writes: ['person.issue-code'],
  },
  'POST /imports/:no/read': {
    by: 'zhang',
    send: async () => [`/imports/${await uploaded()}/read`, { version: '2' }],
    writes: ['import.read-again'],
  },
  'POST /imports/:no/cancel': {
    by: 'zhang',
    send: async () => [`/imports/${await uploaded()}/cancel`, { version: '2' }],
    writes: ['import.cancel'],
  },
  'POST /imports/:no/undo': {
    by: 'zhang',
    send: async () => {
      const no = await uploaded()
      const zhang = await test.as('zhang')
      await zhang.post(`/imports/${no}/commit`, { action: 'all', version: await versionOf(no) })
      return [`/imports/${no}/undo`, { reason: '传错了文件', version: await versionOf(no) }]
    },
    writes: ['card.import-reverted', 'import.undo'],
  },
  'POST /calendar': {
    by: 'tian',
    send: async () => ['/calendar', { from: '2027-01-01', kind: 'holiday', name: '元旦' }],
    writes: ['calendar.enter'],
  },
  'POST /calendar/remove': {
    by: 'ju',
    send: async () => ['/calendar/remove', { from: '2027-01-01', to: '2027-01-01' }],
    writes: ['calendar.remove'],
  },
  'POST /assets': { by: 'zhang', send: async () => ['/assets', { ...card, name: '水塘' }], writes: ['card.create'] },
  'POST /assets/:code': {
    by: 'zhang',
    send: async () => [`/assets/${await entered()}`, { ...card, name: '改了名', version: '1' }],
    writes: ['card.edit'],
  },
  'POST /assets/:code/parts': {
    by: 'zhang',
    send: async () => {
      const code = await enterCard(await test.as('zhang'), { ...card, name: '综合楼', floorArea: '90' })
      const parts = { name1: '一楼', area1: '40', usage1: 'in_use', effectiveOn: '2026-03-02', version: '1' }
      return [`/assets/${code}/parts`, parts]
    },
    writes: ['card.parts'],
  },
  'POST /assets/:code/split': {
    by: 'zhang',
    send: async () => [`/assets/${await enteredDesks()}/split`, { ...oneOff, version: '1' }],
    writes: ['card.split-off', 'card.split'],
  },
  'POST /assets/:code/unsplit': {
    by: 'zhang',
    send: async () => {
      const url = `/assets/${await enteredDesks()}`
      await (await test.as('zhang')).post(`${url}/split`, { ...oneOff, version: '1', token: crypto.randomUUID() })
      return [`${url}/unsplit`, { effectiveOn: '2026-03-01', version: '2' }]
    },
    writes: ['card.split-back', 'card.unsplit'],
  },
  'POST /papers': {
    by: 'zhang',
    send: async () => ['/papers', { card: await entered(), kind: 'reply', title: '批复' }, scan()],
    writes: ['card.paper-add'],
  },
  'POST /papers/:id': {
    by: 'zhang',
    send: async () => [`/papers/${await photographed()}`, { kind: 'photo', title: '侧面', version: '1' }, noFile],
    writes: ['card.paper-amend'],
  },
  'POST /papers/:id/withdraw': {
    by: 'zhang',
    send: async () => [`/papers/${await photographed()}/withdraw`, { version: '1', reason: '传错了' }],
    writes: ['card.paper-withdraw'],
  },
  'POST /papers/:id/links': {
    by: 'zhang',
    send: async () => {
      const code = await entered()
      const id = await addPhoto(test, await test.as('zhang'), code)
      return [`/papers/${id}/links`, { determination: await drafted(code) }]
    },
    writes: ['determination.paper-link'],
  },
  'POST /inventory/calls': {
    by: 'nong',
    send: async () => ['/inventory/calls', calling()],
    writes: ['call.draft'],
  },
  'POST /inventory/calls/:no': {
    by: 'nong',
    send: async () => [await called(), { ...calling(), title: '改过的标题', version: '1' }],
    writes: ['call.redraft'],
  },
  'POST /inventory/calls/:no/steps': {
    by: 'nong',
    send: async () => [`${await called()}/steps`, { action: 'issue', version: '1' }],
    writes: ['count.open', 'call.issue'],
  },
  'POST /inventory/calls/:no/remind': {
    by: 'nong',
    send: async () => {
      const { no, counts } = await issueCall(test)
      return [`/inventory/calls/${no}/remind`, { codes: counts[village]?.no ?? '' }]
    },
    writes: ['count.remind'],
  },
  'POST /inventory/calls/:no/units': {
    by: 'nong',
    send: async () => {
      const { no } = await issueCall(test)
      const units = test.fixture.units.红林村股份经济合作联合社 ?? ''
      return [`/inventory/calls/${no}/units`, { units, version: '2' }]
    },
    writes: ['count.open', 'call.add'],
  },
  'POST /inventory/counts/:no/deadline': {
    by: 'nong',
    send: async () => {
      const { counts } = await issueCall(test)
      const place = `/inventory/counts/${counts[village]?.no}/deadline`
      return [place, { dueOn: '2026-04-10', reason: '道路不通' }]
    },
    writes: ['deadline.extend'],
  },
  'POST /restrictions': {
    by: 'zhang',
    send: async () => ['/restrictions', dispute(await entered())],
    writes: ['restriction.record'],
  },
  'POST /restrictions/:no/steps': {
    by: 'nong',
    send: async () => {
      const no = await recordRestriction(await test.as('zhang'), await entered())
      const lifted = { liftedBy: '双方', liftedOn: '2026-03-05', comment: '已调解' }
      return [`/restrictions/${no}/steps`, { action: 'lift', version: '1', ...lifted }]
    },
    writes: ['restriction.lift'],
  },
  'POST /assets/duplicates/:code/:other/apart': {
    by: 'zhang',
    send: async () => [`${await enteredTwice()}/apart`, { reason: '一证两栋' }],
    writes: ['card.distinguish', 'card.distinguish'],
  },
  'POST /assets/duplicates/:code/:other/together': {
    by: 'zhang',
    send: async () => {
      const url = await enteredTwice()
      await (await test.as('zhang')).post(`${url}/apart`, { reason: '一证两栋', token: crypto.randomUUID() })
      return [`${url}/together`, { reason: '看错了' }]
    },
    writes: ['card.undistinguish', 'card.undistinguish'],
  },
  'POST /assets/duplicates/:code/:other/merge': {
    by: 'zhang',
    send: async () => [`${await enteredTwice()}/merge`, bothNew],
    writes: ['card.merge', 'card.merged-away'],
  },
  'POST /assets/:code/unmerge': {
    by: 'zhang',
    send: async () => {
      const url = await enteredTwice()
      await (await test.as('zhang')).post(`${url}/merge`, { ...bothNew, token: crypto.randomUUID() })
      return [`/assets/${url.split('/')[3]}/unmerge`, { effectiveOn: '2026-03-01', version: '2' }]
    },
    writes: ['card.unmerge', 'card.merge-back'],
  },
  'POST /determinations': {
    by: 'zhang',
    send: async () => ['/determinations', { ...draft, cards: await entered() }],
    writes: ['determination.draft'],
  },
  'POST /determinations/:no': {
    by: 'zhang',
    send: async () => {
      const code = await entered()
      return [`/determinations/${await drafted(code)}`, { ...draft, cards: code, version: '1' }]
    },
    writes: ['determination.redraft'],
  },
  'POST /determinations/:no/steps': {
    by: 'zhang',
    send: async () => [`/determinations/${await drafted(await entered())}/steps`, { action: 'submit', version: '1' }],
    writes: ['determination.submit'],
  },
  'POST /determinations/:no/recorded': {
    by: 'nong',
    send: async () => {
      const no = await submitted()
      await (await test.as('nong')).post(`/determinations/${no}/steps`, { action: 'review', version: '2' })
      return [`/determinations/${no}/recorded`, { ...recordedPaper, decidedOwner: village, version: '3' }]
    },
    writes: ['decision.record', 'determination.record'],
  },
  'POST /claims': {
    by: 'nong',
    send: async () => ['/claims', { ...owed, unit: test.fixture.codes[next] ?? '' }],
    writes: ['claim.enter'],
  },
  'POST /claims/:no': {
    by: 'nong',
    send: async () => [`/claims/${await claimed()}`, { ...owed, version: '1' }],
    writes: ['claim.edit'],
  },
  'POST /claims/:no/end': {
    by: 'nong',
    send: async () => {
      const end = { action: 'end', endedOn: '2026-03-09', endedReason: '已收回', version: '1' }
      return [`/claims/${await claimed()}/end`, end]
    },
    writes: ['claim.end'],
  },
  'POST /inventory/counts/:no/claims': {
    by: 'nong',
    send: async () => [`${await counting(next)}/claims`, unbooked],
    writes: ['count.claim-found'],
  },
  'POST /inventory/counts/:no/claims/:line': {
    by: 'nong',
    send: async () => {
      await claimed()
      return [`${await counting(next)}/claims/1`, { counted: '99', reason: '还了', version: '1' }]
    },
    writes: ['count.claim'],
  },
  'POST /inventory/counts/:no/claims/booked': {
    by: 'nong',
    send: async () => {
      await claimed()
      return [`${await counting(next)}/claims/booked`, { lines: '1' }]
    },
    writes: ['count.claim'],
  },
  'POST /inventory/counts/:no/claims/ledger': {
    by: 'nong',
    send: async () => {
      const place = await counting(next)
      await claimed()
      return [`${place}/claims/ledger`, {}]
    },
    writes: ['count.claims-taken'],
  },
  'POST /inventory/counts/:no/claims/:line/drop': {
    by: 'nong',
    send: async () => {
      await test.db((tx) => tx.execute(sql`update claims set voided = true`))
      const place = await counting(next)
      await (await test.as('nong')).post(`${place}/claims`, { ...unbooked, token: crypto.randomUUID() })
      return [`${place}/claims/1/drop`, { version: '1' }]
    },
    writes: ['count.claim-drop'],
  },
  'POST /inventory/counts/:no/baseline/:entry': {
    by: 'zhang',
    send: async () => [await baselineEntry(), { action: 'settle', version: '1', reason: '已复垦' }],
    writes: ['count.settle'],
  },
  'POST /decisions/:no/correct': {
    by: 'nong',
    send: async () => {
      const no = await recordDecision(test, await test.as('zhang'), await entered(), village)
      const { bodyKind, body, summary } = recordedPaper
      const corrected = { bodyKind, body, summary, documentNo: '大府函〔2026〕21 号', reason: '文号写错' }
      return [`/decisions/${no}/correct`, { ...corrected, version: '1' }]
    },
    writes: ['decision.correct'],
  },
  'POST /inventory/calls/:no/compile': {
    by: 'nong',
    send: async () => {
      const { call, count } = await confirmed()
      return [`/inventory/calls/${call}/compile`, { counts: count }]
    },
    writes: ['compilation.draft', 'count.compile'],
  },
  'POST /inventory/compilations/:no/counts': {
    by: 'nong',
    send: async () => [`${(await compiled()).place}/counts`, { version: '1' }],
    writes: ['count.release', 'compilation.choose'],
  },
  'POST /inventory/compilations/:no/steps': {
    by: 'nong',
    send: async () => [`${(await compiled()).place}/steps`, { action: 'submit', version: '1' }],
    writes: ['compilation.submit'],
  },
  'POST /inventory/compilations/:no/file': {
    by: 'tian',
    send: async () => [`${await submittedUp()}/file`, { filedOn: '2026-03-10', version: '2' }],
    writes: ['count.file', 'compilation.file'],
  },
  'POST /inventory/compilations/:no/record': {
    by: 'tian',
    send: async () => {
      const paper = { bodyKind: 'bureau', body: '大英县农业农村局', documentNo: '英农〔2026〕3号', summary: '同意备案' }
      return [`${await submittedUp()}/record`, { ...paper, decidedOn: '2026-03-10', version: '2' }]
    },
    writes: ['count.file', 'decision.record', 'compilation.record'],
  },
  'POST /inventory/counts/:no/post': {
    by: 'zhang',
    send: async () => [`${await checked()}/post`, { ...posted, version: '3' }],
    writes: ['notice.post', 'count.post'],
  },
  'POST /inventory/counts/:no/confirm': {
    by: 'zhang',
    send: async () => {
      const place = await onNotice()
      // As if its period had passed.
      await test.db((tx) => tx.update(publicNotices).set({ startsOn: '2026-03-01', endsOn: '2026-03-08' }))
      const votes = { members: '30', present: '30', inFavour: '30' }
      return [`${place}/confirm`, { ...votes, bodyKind: 'representatives', heldOn: '2026-03-10', version: '4' }]
    },
    writes: ['resolution.record', 'notice.end', 'count.confirm'],
  },
  'POST /notices/:no/steps': {
    by: 'zhang',
    send: async () => {
      const place = await notice()
      // As if its period had passed.
      await test.db((tx) => tx.update(publicNotices).set({ startsOn: '2026-03-01', endsOn: '2026-03-08' }))
      return [`${place}/steps`, { action: 'end', version: '1' }]
    },
    writes: ['notice.end'],
  },
  'POST /notices/:no/objections': {
    by: 'zhang',
    send: async () => [`${await notice()}/objections`, { name: '李大爷', text: '少写了一间' }],
    writes: ['notice.objection'],
  },
  'POST /notices/public/:no/objections': {
    by: null,
    send: async () => [
      `${(await notice()).replace('/notices/', '/notices/public/')}/objections`,
      { name: '李大爷', text: '少写了一间' },
    ],
    writes: ['notice.objection'],
  },
  'POST /notices/:no/objections/:id': {
    by: 'zhang',
    send: async () => {
      const place = await notice()
      await (await test.as('zhang')).post(`${place}/objections`, { name: '李大爷', text: '少写了一间' })
      const [row] = await test.db((tx) => tx.select().from(objections).orderBy(desc(objections.id)).limit(1))
      return [`${place}/objections/${row?.id}`, { version: '1', upheld: 'no', answer: '已含在内' }]
    },
    writes: ['notice.answer'],
  },
  'POST /inventory/counts/:no/steps': {
    by: 'zhang',
    send: async () => [`${await handedIn(false)}/steps`, { action: 'submit', version: '1' }],
    writes: ['count.submit'],
  },
  'POST /inventory/counts/:no/return': {
    by: 'nong',
    send: async () => [`${await handedIn()}/return`, { comment: '数字对不上', 'line.1': '再数一次', version: '2' }],
    writes: ['count.return'],
  },
  'POST /inventory/counts/:no/nothing': {
    by: 'zhen',
    send: async () => [`${await counting('古井村村民委员会')}/nothing`, { nothing: 'yes', version: '1' }],
    writes: ['count.nothing'],
  },
  'POST /inventory/counts/:no/booked': {
    by: 'zhang',
    send: async () => [`${await counting()}/booked`, { lines: '1' }],
    writes: ['count.line'],
  },
  'POST /inventory/counts/:no/lines/:line': {
    by: 'zhang',
    send: async () => [`${await counting()}/lines/1`, { version: '1', counted: '' }],
    writes: ['count.line'],
  },
  'POST /inventory/counts/:no/lines/:line/seen': {
    by: 'zhang',
    send: async () => {
      const code = await entered()
      const place = await counting()
      await (await test.as('zhang')).post(`/assets/${code}`, { ...card, name: '办公楼（东）', version: '1' })
      const [line] = await test.db((tx) =>
        tx.select().from(countLines).where(eq(countLines.code, code)).orderBy(desc(countLines.id)),
      )
      return [`${place}/lines/${line?.no}/seen`, { version: '1' }]
    },
    writes: ['count.seen'],
  },
  'POST /inventory/counts/:no/surplus': {
    by: 'zhang',
    send: async () => [`${await counting()}/surplus`, surplus],
    writes: ['count.surplus'],
  },
  'POST /inventory/counts/:no/lines/:line/drop': {
    by: 'zhang',
    send: async () => {
      const place = await counting()
      await (await test.as('zhang')).post(`${place}/surplus`, surplus)
      const [line] = await test.db((tx) => tx.select().from(countLines).orderBy(desc(countLines.id)).limit(1))
      return [`${place}/lines/${line?.no}/drop`, { version: '1' }]
    },
    writes: ['count.drop-surplus'],
  },
  'POST /determinations/:no/deadline': {
    by: 'tian',
    send: async () => [
      `/determinations/${await submitted()}/deadline`,
      { key: 'review', amount: '5', reason: '资料待补' },
    ],
    writes: ['deadline.extend'],
  },
}

let test: TestApp
let routes: Route[]
beforeAll(async () => {
  const opened = await openWithRoutes()
  test = opened.test
  routes = opened.routes
})
afterAll(() => test.close())

const next = '红林村股份经济合作联合社'
const owed = { category: 'receivable', counterparty: '李某', amount: '12' }
const unbooked = { category: 'payable', counterparty: '施工队', counted: '5', reason: '有欠条' }

/** A claim of the neighbouring village. */
async function claimed(): Promise<string> {
  const [no = ''] = await enterClaims(test, [{}], next)
  return no
}

/** The page of an entry that nobody has decided. */
async function baselineEntry(): Promise<string> {
  const census = { name: '2017年清产核资', on: '2017-12-31' }
  const { id, no } = (await issueCall(test, { units: [village], census })).counts[village] ?? { id: '', no: '' }
  await test.db((tx) => tx.insert(baselineLines).values({ countId: id, no: 1, name: '晒坝' }))
  return `/inventory/counts/${no}/baseline/1`
}

async function entered(): Promise<string> {
  return enterCard(await test.as('zhang'), { ...card, name: '办公楼' })
}

const surplus = {
  name: '旧水泵',
  cardType: 'equipment',
  quantity: '1',
  foundOn: '2026-03-09',
  valueBasis: 'papers',
  cost: '300',
  remark: '库房里找到',
}

/** A count that has just been called; the answer is its address. */
async function counting(of = village): Promise<string> {
  await entered()
  const call = await issueCall(test, { units: [of] })
  return `/inventory/counts/${call.counts[of]?.no}`
}

/** One that is counted through and, unless told otherwise, handed in. */
async function handedIn(submitted = true): Promise<string> {
  await entered()
  const { id = '', no } = (await issueCall(test)).counts[village] ?? {}
  const place = `/inventory/counts/${no}`
  const zhang = await test.as('zhang')
  const lines = (await linesOf(test, id)).map((line) => String(line.no))
  for (let from = 0; from < lines.length; from += 100) {
    await zhang.post(`${place}/booked`, { lines: lines.slice(from, from + 100) })
  }
  if (submitted) await zhang.post(`${place}/steps`, { action: 'submit', version: '1' })
  return place
}

const posted = { place: '公开栏', contact: '会计', body: '现将结果公示。' }

async function checked(): Promise<string> {
  const place = await handedIn()
  await (await test.as('nong')).post(`${place}/steps`, { action: 'check', version: '2' })
  return place
}

async function onNotice(): Promise<string> {
  const place = await checked()
  await (await test.as('zhang')).post(`${place}/post`, { ...posted, version: '3' })
  return place
}

/** A count that its members have confirmed: its id, and the number of its call. */
async function confirmed(): Promise<{ call: string; count: string }> {
  const place = await onNotice()
  const [row] = await test.db((tx) =>
    tx
      .select({ id: counts.id, call: calls.no })
      .from(counts)
      .innerJoin(calls, eq(calls.id, counts.callId))
      .where(eq(counts.no, place.split('/').at(-1) ?? '')),
  )
  await test.db((tx) =>
    tx
      .update(counts)
      .set({ state: 'confirmed' })
      .where(eq(counts.id, row?.id ?? '')),
  )
  return { call: row?.call ?? '', count: row?.id ?? '' }
}

async function compiled(): Promise<{ place: string }> {
  const { call, count } = await confirmed()
  const made = await (await test.as('nong')).post(`/inventory/calls/${call}/compile`, { counts: count })
  return { place: String(made.headers.location) }
}

async function submittedUp(): Promise<string> {
  const { place } = await compiled()
  await (await test.as('nong')).post(`${place}/steps`, { action: 'submit', version: '1' })
  return place
}

async function notice(): Promise<string> {
  await onNotice()
  const [row] = await test.db((tx) => tx.select().from(publicNotices).orderBy(desc(publicNotices.id)).limit(1))
  return `/notices/${row?.no}`
}

async function enteredDesks(): Promise<string> {
  return enterCard(await test.as('zhang'), { ...card, name: '办公桌', cardType: 'furniture', quantity: '10' })
}

async function enteredTwice(): Promise<string> {
  return `/assets/duplicates/${await entered()}/${await entered()}`
}

function calling(): Record<string, string> {
  const issuer = `${test.fixture.units.蓬莱镇农业综合服务中心}-collective`
  const days = { baseOn: '2026-03-05', dueOn: '2026-03-20', compileOn: '2026-03-31' }
  return { title: '清查', baseline: 'register', by: issuer, units: test.fixture.units[village] ?? '', ...days }
}

/** A drafted call; the answer is its address. */
async function called(): Promise<string> {
  const reply = await (await test.as('nong')).post('/inventory/calls', { ...calling(), token: crypto.randomUUID() })
  return String(reply.headers.location)
}

async function drafted(code: string): Promise<string> {
  return draftDetermination(await test.as('zhang'), code, village)
}

async function photographed(): Promise<string> {
  return addPhoto(test, await test.as('zhang'), await entered())
}

/** Never the same twice. */
const scan = () => ({ name: '批复.pdf', bytes: pdf(crypto.randomUUID()) })
/** What a browser sends when no file was chosen. */
const noFile = { name: '', bytes: new Uint8Array() }

async function submitted(): Promise<string> {
  const no = await drafted(await entered())
  await (await test.as('zhang')).post(`/determinations/${no}/steps`, { action: 'submit', version: '1' })
  return no
}

async function uploaded(): Promise<string> {
  return uploadTable(await test.as('zhang'), village, 'collective')
}

async function versionOf(no: string): Promise<string> {
  const [batch] = await test.db((tx) => tx.select().from(importBatches).where(eq(importBatches.no, no)))
  return String(batch?.version)
}

/** A list of one new person, committed; the answer is the batch's number. */
async function peopleMade(): Promise<string> {
  const xi = await test.as('xi')
  const bytes = roster(['姓名', '账号', '岗位'], [['新人', 'xinren', '经办人']])
  const sent = await xi.upload('/imports', { unit: village, token: 'new people' }, { name: '名单.csv', bytes })
  await xi.post(`${sent.headers.location}/commit`, { action: 'all', version: '2', token: 'new people' })
  return String(sent.headers.location).split('/')[2] ?? ''
}

async function kept() {
  return keepMapping(test, await test.as('zhang'), village, 'collective')
}

/** A new unit, dissolved unless told otherwise; the answer is the address of its next step. */
async function windingUp(
  kind: 'school' | 'clinic' | 'state_company',
  step: 'close' | 'reopen' | false,
): Promise<string> {
  const unit = { kind, name: `已空的单位 ${kind}`, divisionCode: '510923100000', validFrom: '2026-01-01' } as const
  const { id, code } = await test.db((tx) => openUnit(tx, asSystem(test.clock), unit))
  if (!step) return `/units/${code}/dissolve`
  const dissolution = { on: '2026-03-01', successorIds: [], reason: '撤并' }
  await test.db((tx) => dissolveUnit(tx, asSystem(test.clock), id, dissolution))
  return `/units/${code}/${step}`
}

async function codeFor(account: string): Promise<string> {
  const { body } = await (await test.as('xi')).post(`/people/${account}/code`)
  return /<code class="app-secret">([^<]+)</.exec(body)?.[1] ?? ''
}

async function membershipOf(account: Account): Promise<string> {
  const person = test.fixture.people[account] ?? ''
  const [row] = await test.db((tx) => tx.select().from(memberships).where(eq(memberships.personId, person)))
  return row?.id ?? ''
}

describe('what forms leave behind', () => {
  it('is written down for every route that changes something', () => {
    const changing = routes.filter(({ method }) => method !== 'GET').map(({ method, url }) => `${method} ${url}`)
    expect(Object.keys(reviewed).sort()).toEqual(changing.sort())
  })

  it('is told in words by the log', () => {
    const written = Object.values(reviewed).flatMap((row) => ('writes' in row ? row.writes : []))
    expect(written.filter((action) => sentences[action] === undefined)).toEqual([])
  })

  it.each(Object.entries(reviewed))('%s', async (_name, row) => {
    if ('exempt' in row) return expect(row.exempt).not.toBe('')
    const [url, fields, file] = await row.send()
    const visitor = row.by === null ? test.visitor() : await test.as(row.by)
    const before = await lastEvent()
    const sent = { ...(row.by !== null && { token: crypto.randomUUID() }), ...fields }
    const reply = file ? await visitor.upload(url, sent, file) : await visitor.post(url, sent)
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBeLessThan(400)
    const written = await test.db((tx) => tx.select().from(events).where(gt(events.id, before)).orderBy(asc(events.id)))
    expect(written.map(({ action }) => action)).toEqual(row.writes)
  })
})

async function lastEvent(): Promise<string> {
  const all = await test.db((tx) => tx.select({ id: events.id }).from(events).orderBy(asc(events.id)))
  return all.at(-1)?.id ?? '0'
}
