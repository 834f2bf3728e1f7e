import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { draftDetermination, enterCard } from './every-route.ts'

const village = '古井村股份经济合作联合社'
const form = { name: '校舍', track: 'collective', cardType: 'house', ownerUnit: village, effectiveOn: '2026-03-01' }

let test: TestApp
let zhang: Visitor
let nong: Visitor
let code: string
let no: string
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
  nong = await test.as('nong')
  code = await enterCard(zhang, form)
  no = await draftDetermination(zhang, code, village)
})
afterAll(() => test.close())

const place = (value: string, id: string) => Buffer.from(JSON.stringify([value, id])).toString('base64url')

describe('what no page of ours sends is refused, and nothing breaks', () => {
  it.each<[string, () => Promise<{ statusCode: number }>]>([
    ['a field twice', () => zhang.post('/assets', { ...form, name: ['甲', '乙'] })],
    ['an edit without version', () => zhang.post(`/assets/${code}`, { ...form, name: '新' })],
    ['an edit of half a version', () => zhang.post(`/assets/${code}`, { ...form, name: '新', version: '1.5' })],
    [
      'an edit of a huge version',
      () => zhang.post(`/assets/${code}`, { ...form, name: '新', version: '9'.repeat(12) }),
    ],
    [
      'a stale edit from nowhere',
      () => zhang.post(`/assets/${code}`, { ...form, version: '7' }, { headers: { referer: 'no address' } }),
    ],
    ['a quantity beyond what is stored', () => zhang.post('/assets', { ...form, quantity: '9999999999999999' })],
    ['a figure of 3,000 digits', () => zhang.post('/assets', { ...form, cost: '9'.repeat(3000) })],
    [
      'a NUL in a comment',
      () => zhang.post(`/determinations/${no}/steps`, { action: 'withdraw', version: '1', comment: 'a\u0000' }),
    ],
    ['a NUL in a search', () => zhang.get('/assets?q=%00')],
    ['a NUL in a column', () => zhang.get('/assets.xlsx?columns=name%00')],
    ['a thousand columns', () => zhang.get(`/assets.xlsx?${'columns=name&'.repeat(1000)}`)],
    ['a blank form of no type', () => zhang.get('/assets/template.xlsx?type=castle')],
    ['a day of the year 0', () => zhang.get('/units?asOf=0000-01-01')],
    ['a NUL in a unit', () => zhang.get('/assets?unit=%00')],
    ['a NUL in a column of the list', () => zhang.get('/assets?columns=name%00')],
    ['a column moved that every object has', () => zhang.get('/assets/columns?columns=toString&earlier=toString')],
    ['a NUL in the name of a view', () => zhang.post('/views', { name: 'a\u0000', from: '/assets' })],
    ['a view of a page that is no list', () => zhang.post('/views', { name: 'a', from: '//evil.test/assets' })],
    ['a view of a huge address', () => zhang.post('/views', { name: 'a', from: `/assets?q=${'1'.repeat(5000)}` })],
    ['a view of no number', () => zhang.get('/views/x')],
    ['a view beyond all numbers', () => zhang.get(`/views/${'9'.repeat(18)}`)],
    ['views twice come from', () => zhang.get('/views?from=/assets&from=/assets')],
    ['a NUL in a search for a bulk edit', () => zhang.get('/assets/bulk?q=%00')],
    ['a bulk edit of what is no code', () => zhang.get('/assets/bulk?code=1')],
    [
      'a NUL in a bulk edit',
      () => zhang.post(`/assets/bulk?code=${code}`, { remark: 'a\u0000', effectiveOn: '2026-03-02', reason: '试' }),
    ],
    ['a bulk edit of more cards than can be ticked', () => zhang.get(`/assets/bulk?${`code=${code}&`.repeat(300)}`)],
    ['a NUL in a search for labels', () => zhang.get('/assets/labels?q=%00')],
    ['labels of a size there is not', () => zhang.get(`/assets/${code}/label?size=toString`)],
    [
      'a step that every object has',
      () => zhang.post(`/determinations/${no}/steps`, { action: 'toString', version: '1' }),
    ],
    [
      'a decision without a word',
      () => zhang.post(`/determinations/${no}/steps`, { action: 'decide', version: '1', decidedOwner: '' }),
    ],
    [
      'more fields than a form has',
      () => zhang.post('/assets', Object.fromEntries(Array.from({ length: 80 }, (_, key) => [`k${key}`, '1']))),
    ],
    ['a sheet that every object has', () => zhang.get('/inventory/counts/PD2026-0001/toString.xlsx')],
    ['a sheet of a count with a NUL', () => zhang.get('/inventory/counts/PD2026-0001%00/gains.xlsx')],
    ['a sheet of a number beyond all', () => zhang.get(`/inventory/calls/QC2026-${'9'.repeat(30)}/gains.xlsx`)],
    ['a call of a unit of no number', () => nong.post('/inventory/calls', { units: 'x' })],
    ['a NUL in the title of a call', () => nong.post('/inventory/calls', { title: 'a\u0000', units: '1' })],
    ['units added to a call that every object has', () => nong.post('/inventory/calls/toString/units', { units: '1' })],
    ['a unit added that is no number', () => nong.post('/inventory/calls/QC2026-0001/units', { units: '1e9' })],
    [
      'a unit added beyond all numbers',
      () => nong.post('/inventory/calls/QC2026-9999/units', { units: '9'.repeat(18) }),
    ],
    ['more time from nowhere', () => nong.get('/inventory/counts/PD2026-0001/deadline?from=toString')],
    [
      'a NUL in a reason for more time',
      () => nong.post('/inventory/counts/PD2026-0001/deadline', { reason: 'a\u0000' }),
    ],
    ['a step of no call', () => nong.post('/inventory/calls/QC2026-9999/steps', { action: 'toString', version: '1' })],
    ['a NUL in a claim', () => zhang.post('/claims', { counterparty: 'a\u0000', amount: '1' })],
    ['a claim of a category that every object has', () => zhang.post('/claims', { category: 'toString', amount: '1' })],
    ['a NUL in a search for claims', () => zhang.get('/claims?q=%00')],
    ['a claim line of no number', () => zhang.get('/inventory/counts/PD2026-0001/claims/x')],
    ['another kind of body', () => zhang.post('/assets', {}, { headers: { 'content-type': 'application/json' } })],
  ])('%s', async (_name, send) => {
    const { statusCode } = await send()
    expect(statusCode).toBeGreaterThanOrEqual(400)
    expect(statusCode).toBeLessThan(500)
  })

  it.each([
    ['a cost', `/assets?sort=cost&after=${place('viel', '1')}`],
    ['a day', `/assets?sort=acquired&after=${place('gestern', '1')}`],
    ['a time', `/assets?after=${place('jetzt', '1')}`],
    ['a text', `/assets?sort=name&after=${place('a\u0000', '1')}`],
    ['an id', `/assets?sort=name&after=${place('a', '9'.repeat(19))}`],
    ['a document', `/determinations?after=${place('jetzt', '1')}`],
    ['a call', `/inventory?after=${place('jetzt', '1')}`],
    ['a claim', `/claims?after=${place('jetzt', '1')}`],
    ['claims of an unknown state', '/claims?state=constructor&kind=toString'],
    ['what waits', `/inventory/waiting?after=${place('gestern', '1')}`],
    ['what waits for nothing', '/inventory/waiting?for=constructor'],
    ['an unknown order', '/assets?sort=constructor'],
    ['the year nought', `/assets?sort=acquired&after=${place('0000-01-01', '1')}`],
  ])('a made-up place in the list by %s shows the list or refuses', async (_name, url) => {
    expect((await zhang.get(url)).statusCode).toBeLessThan(500)
  })

  it.each([
    '/assets?asOf=',
    '/assets/labels?asOf=',
    '/assets/changes?from=',
    '/assets/changes?to=',
    '/assets/changes.xlsx?from=',
    '/statistics/stock?since=',
    '/statistics/stock.xlsx?since=',
    '/statistics/cards.xlsx?asOf=',
    '/statistics/village-status.xlsx?asOf=',
  ])('a day in the year nought is no day: %s', async (url) => {
    expect((await zhang.get(`${url}0000-01-01`)).statusCode).toBe(422)
    expect((await zhang.get(`${url}0001-01-01`)).statusCode).toBeLessThan(500)
  })
})
