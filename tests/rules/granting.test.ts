import { expect, it } from 'vitest'
import { type Granting, grantProblems, type Held } from '../../server/access/people-rules.ts'

const today = '2026-03-10'
const keeper: Held = { role: 'keeper', track: 'state', unitId: '7', validFrom: today, validTo: null }
const village = { kind: 'village_committee', divisionCode: '510923100210' }
const bureau = { kind: 'county_department', divisionCode: '510923000000' }
const plain: Granting = { personId: '1', held: [], madeBy: '8', wanted: keeper, unit: village, actorId: '9', today }
const sentences = (changes: Partial<Granting>) => grantProblems({ ...plain, ...changes }).map(({ text }) => text)
const system: Held = { ...keeper, role: 'system_administrator', track: 'both' }

it('lets a security administrator grant a role to someone else', () => {
  expect(sentences({})).toEqual([])
})

it.each<[string, Partial<Granting>, string]>([
  ['oneself', { actorId: '1' }, '不能给自己授予岗位，请由另一位安全管理员办理。'],
  ['one’s own creature', { madeBy: '9' }, '这个账号是您建立的，请由另一位安全管理员授予岗位。'],
  ['the past', { wanted: { ...keeper, validFrom: '2026-03-09' } }, '开始日期不能早于今天（2026-03-10）。'],
  ['no day at all', { wanted: { ...keeper, validTo: '2026-03-01' } }, '最后一天不能早于开始日期。'],
  ['the same again', { held: [{ ...keeper, track: 'both' }] }, '这段时间已有同样的岗位，不用再授予。'],
  [
    'a second kind of administrator',
    { held: [system], wanted: { ...system, role: 'audit_administrator' } },
    '系统、安全、审计管理员不能由同一人担任：这段时间已是系统管理员。',
  ],
  ['business beside administration', { held: [system] }, '管理员不能兼任业务岗位：这段时间已有系统管理员岗位。'],
  [
    'administration beside business',
    { held: [keeper], wanted: system },
    '管理员不能兼任业务岗位：这段时间已有经办人岗位。',
  ],
  [
    'a lead of no town',
    { wanted: { ...keeper, role: 'lead' }, unit: bureau },
    '牵头岗位管一个乡镇，请选择设在乡镇的单位。',
  ],
  ['the county from a village', { wanted: { ...keeper, role: 'approver' } }, '县级岗位管全县，请选择县级部门。'],
])('refuses %s', (_name, changes, sentence) => {
  expect(sentences(changes)).toEqual([sentence])
})

it('minds only roles of the same time', () => {
  expect(sentences({ held: [{ ...system, validFrom: '2020-01-01', validTo: '2026-03-09' }] })).toEqual([])
  expect(sentences({ held: [{ ...system, validFrom: '2020-01-01', validTo: today }] })).toHaveLength(1)
})

it('lets the operator set up accounts of earlier days', () => {
  expect(sentences({ actorId: null, wanted: { ...keeper, validFrom: '2019-12-31' } })).toEqual([])
})
