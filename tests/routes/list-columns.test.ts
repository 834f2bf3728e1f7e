import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApp, type TestApp } from '../support/app.ts'
import { enterCards } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { cardNamed, fillRegister, moveOn } from '../support/register.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await test.db((tx) => fillRegister(tx, test.clock, test.fixture))
  await test.db((tx) => moveOn(tx, test.clock))
})
afterAll(() => test.close())

const plain = (html = '') =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#92;', '\\')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ')
    .trim()
/** The cells of a row but for the box that ticks it. */
const cells = (row = '') =>
  [...row.matchAll(/<t[dh](?![^>]*-check)[^>]*>(.*?)<\/t[dh]>/gs)].map(([, cell]) => plain(cell))

async function list(account: Account, query: string) {
  const { statusCode, body } = await (await test.as(account)).get(`/assets?${query}`)
  const part = (tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(body)?.[1] ?? ''
  return {
    status: statusCode,
    body,
    headers: cells(part('thead')),
    rows: [...part('tbody').matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row]) => cells(row)),
    totals: cells(part('tfoot')),
  }
}
/** Every address on the page that begins so, as a browser reads it. */
const links = (body: string, start: string) =>
  [...body.matchAll(/href="([^"]*)"/g)]
    .map(([, href = '']) => href.replaceAll('&amp;', '&'))
    .filter((href) => href.startsWith(start))

describe('the columns of the list', () => {
  it('are the twelve usual ones where nobody has chosen', async () => {
    const { headers } = await list('zhang', '')
    expect(headers).toHaveLength(12)
    expect(headers.slice(0, 5)).toEqual(['资产编号', '资产名称', '属性', '类别', '权属单位'])
    expect((await list('zhang', 'columns=')).headers).toEqual(headers)
  })

  it('are the chosen ones in the order chosen, with the labels and units of the sheet', async () => {
    const { headers } = await list('zhang', 'columns=usage,cost&columns=name,landArea,usage')
    expect(headers).toEqual(['使用状况', '账面原值 (元)', '资产名称', '占地面积 (㎡)'])
  })

  it('show choices by their labels, days as exact as they are known, figures exactly and names of units', async () => {
    const all = 'name,track,nature,ownership,acquiredOn,idleSince,cost,depreciation,quantity,division,ownerUnit,keeper'
    const { rows } = await list('zhang', `q=古井小学&columns=${all}`)
    expect(rows).toEqual([
      [
        ...['原古井小学', '集体', '非经营性', '权属明确', '1998年', '2019年9月', '99,999,999,999,999.99', '0.20', '—'],
        ...['古井村委会', '古井村股份经济合作联合社', '张会计'],
      ],
    ])
    const { rows: desks } = await list('zhang', 'q=办公桌&columns=name,quantity,externalCode,cost')
    expect(desks).toEqual([['办公桌', '10.5', 'GZ-0007', '—']])
  })

  it('name who uses a card, and keep texts that look like lists or markup', async () => {
    const remark = '{"a","b\\"},NULL\n<b>甲、乙'
    const usingUnit = test.fixture.units.古井村村民委员会 ?? ''
    await enterCards(test, [{ name: '会议桌', usingUnit, remark, keeper: 'NULL', voucherNo: '"' }])
    const { rows, body } = await list('zhang', 'q=会议桌&columns=name,usingUnit,keeper,voucherNo,certificate,remark')
    expect(rows).toEqual([['会议桌', '古井村村民委员会', 'NULL', '"', '—', '{"a","b\\"},NULL <b>甲、乙']])
    expect(body).not.toContain('<b>甲')
  })

  it('add up what the register adds up, and count under the name', async () => {
    const { totals } = await list('zhang', 'type=house&columns=name,usage,floorArea,depreciation,cost')
    expect(totals).toEqual(['共 3 项', '', '2,196.80', '', '100,000,000,000,000.29'])
  })

  it('have the name before them where it was not chosen, for it opens the card', async () => {
    const { headers, rows, body } = await list('zhang', 'q=古井小学&columns=keeper')
    expect([headers, rows]).toEqual([['资产名称', '保管人'], [['原古井小学', '张会计']]])
    const card = await test.db((tx) => cardNamed(tx, '原古井小学'))
    expect(links(body, '/assets/')).toContain(`/assets/${card.code}`)
  })

  it('may be those of the type that is filtered', async () => {
    const { status, headers, rows } = await list('ju', 'type=vehicle&columns=name,plate,booked')
    expect([status, headers, rows]).toEqual([
      200,
      ['资产名称', '车牌号', '财务入账状态'],
      [['派出所车辆', '川J12345', '已入账']],
    ])
  })

  it('of a past day are what held then', async () => {
    const columns = 'columns=name,landArea,cost,ownerUnit,division'
    const before = await list('hong', `asOf=2026-01-31&${columns}`)
    expect(before.rows[0]?.slice(1)).toEqual(['6,666.67', '—', '红林村股份经济合作联合社', '红林村委会'])
    expect((await list('hong', columns)).rows[0]?.slice(0, 3)).toEqual(['堰塘', '7,000.00', '50.05'])
  })

  it('sort by what the list can be sorted by', async () => {
    const { body, rows } = await list('zhang', 'columns=name,netValue,keeper,floorArea&sort=-floor&type=house')
    expect(rows[0]?.[0]).toBe('原古井小学')
    expect(body).toContain('aria-sort="descending"')
    const sorts = links(body, '/assets?').map((href) => new URLSearchParams(href.split('?')[1]).get('sort'))
    expect(sorts).toEqual(expect.arrayContaining(['name', 'net', 'floor']))
    expect(sorts).not.toContain('keeper')
  })

  it('go along to every page, order and export of the list', async () => {
    const names = Array.from({ length: 60 }, (_, at) => ({ name: `课桌 ${at + 1}` }))
    await enterCards(test, names)
    const { body } = await list('zhang', 'q=课桌&columns=name,keeper')
    const onward = [...links(body, '/assets?'), ...links(body, '/assets.xlsx'), ...links(body, '/assets/columns')]
    const without = onward.filter((href) => !href.includes('columns=name%2Ckeeper'))
    expect(without).toEqual(['/assets?q=%E8%AF%BE%E6%A1%8C'])
    const next = onward.find((href) => href.includes('after=')) ?? ''
    expect((await list('zhang', next.split('?')[1] ?? '')).headers).toEqual(['资产名称', '保管人'])
    expect(body).toContain('<input type="hidden" name="columns" value="name,keeper">')
    expect(links(body, '/assets/labels').join()).not.toContain('columns')
  })

  it.each([
    ['columns=name,nmae', '台账没有“nmae”这一栏，请重新选择栏目。', ['资产名称']],
    ['columns=toString,cost', '台账没有“toString”这一栏', ['资产名称', '账面原值 (元)']],
    ['type=house&columns=name,plate', '“车牌号”不是每类资产都有的栏目，请先选定有它的资产类别。', ['资产名称']],
  ])('are told where there are none such: %s', async (query, sentence, headers) => {
    const found = await list('zhang', query)
    expect([found.status, found.headers]).toEqual([422, headers])
    expect(found.body).toContain(sentence)
  })

  it('of one type are left behind when the conditions are cleared', async () => {
    const { body } = await list('ju', 'type=vehicle&columns=plate,cost')
    expect(links(body, '/assets?')).toContain('/assets?columns=cost')
  })
})

describe('the page of columns', () => {
  const columnsOf = (body: string) =>
    [...body.matchAll(/name="columns" value="(\w+)"( checked)?/g)].map(([, key = '', checked]) => ({ key, checked }))
  const chosen = (body: string) => columnsOf(body).flatMap(({ key, checked }) => (checked ? key : []))
  const get = async (query: string) => (await test.as('zhang')).get(`/assets/columns?${query}`)

  it('begins with what the list shows, ticked and in its order', async () => {
    const { body } = await get('q=小学')
    expect(chosen(body).slice(0, 3)).toEqual(['code', 'name', 'track'])
    expect(chosen(body)).toHaveLength(12)
    expect(chosen((await get('columns=cost,name&columns=usage')).body)).toEqual(['cost', 'name', 'usage'])
    expect(columnsOf(body).map(({ key }) => key)).toHaveLength(39)
    expect(body).toContain('formaction="/assets.xlsx"')
    expect(links(body, '/assets?')).toContain('/assets?q=%E5%B0%8F%E5%AD%A6')
  })

  it.each([
    ['earlier=name', ['name', 'cost', 'usage']],
    ['later=cost', ['name', 'cost', 'usage']],
    ['earlier=cost', ['cost', 'name', 'usage']],
    ['later=usage', ['cost', 'name', 'usage']],
    ['later=remark', ['cost', 'name', 'usage']],
    ['earlier=usage', ['cost', 'usage', 'name']],
  ])('moves a column: %s', async (move, order) => {
    const { body } = await get(`columns=cost&columns=name&columns=usage&${move}`)
    expect(chosen(body)).toEqual(order)
  })

  it('tells of columns there are not and keeps the others', async () => {
    const { statusCode, body } = await get('columns=name,plate')
    expect([statusCode, chosen(body)]).toEqual([422, ['name']])
    expect(body).toContain('“车牌号”不是每类资产都有的栏目')
  })
})
