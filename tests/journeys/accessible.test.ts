import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { addPhoto, keepView, recordDecision } from '../guards/every-route.ts'
import { axe, desk, heading, phone, press, type Stage, sidewaysBy, withBrowser } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { addBasis } from '../support/papers.ts'
import { ledger, threeAssets } from '../support/workbook.ts'

withBrowser('every page', { javaScript: true }, (stage) => {
  it('can be used by everybody, and fits a phone', async () => {
    const { cards, batch, edited, draft, reviewed, decision, photo, view } = await givenABusyCounty(stage)
    const found: string[] = []
    const look = async (page: Page, name: string) => {
      for (const place of await axe(page)) found.push(`${name}: ${place}`)
      await page.setViewportSize(phone)
      const sideways = await sidewaysBy(page)
      if (sideways > 0) found.push(`${name}: ${sideways} px wider than a phone`)
      await page.setViewportSize(desk)
    }
    const walk = async (account: Account, paths: readonly string[]) => {
      const page = await stage.signedIn(account)
      for (const path of paths) {
        await page.goto(path)
        await look(page, `${account} ${path}`)
      }
      return page
    }

    const stranger = await stage.open()
    await stranger.goto('/sign-in')
    await look(stranger, 'sign-in')
    await press(stranger, '登录')
    await look(stranger, 'sign-in refused')

    const keeper = await walk('zhang', [
      ...['/', '/assets', '/assets?sort=-cost&usage=idle', '/assets?q=没有这样的', `/assets/${cards[0]}`],
      ...[`/assets/${cards[0]}/edit`, '/assets/new', '/imports', '/imports/new', `/imports/${batch}`],
      ...[`/imports/${batch}?status=wrong&q=GJ`, `/imports/${batch}/rows/7?back=status%3Dwrong`],
      ...[
        `/papers/new?card=${cards[0]}`,
        `/papers/new?card=${cards[0]}&kind=photo`,
        `/papers/${photo}`,
        `/papers/${photo}/edit`,
      ],
      ...[
        '/assets/columns?type=vehicle',
        '/assets/bulk',
        `/assets/bulk?ticked=1&code=${cards[0]}`,
        `/imports/${edited}`,
        '/assets?type=house&columns=name,usage,certificate,remark,landArea,cost,completedOn',
        '/assets?columns=name,nmae',
        ...['/views', '/views?from=/assets?type=house', `/views/${view}/edit?from=/assets`],
        '/assets/labels',
        `/assets/${cards[0]}/label?size=single`,
        '/assets/labels?q=没有这样的',
      ],
      ...['/assets?asOf=2026-02-28', '/assets/changes', `/assets/${cards[0]}?asOf=2026-03-05`],
      ...['/assets/duplicates', `/assets/duplicates/${cards[0]}/${cards[2]}`, `/assets/${cards[1]}/split`],
      ...['/determinations', '/determinations/new', `/determinations/${draft}`, `/determinations/${draft}/edit`],
      ...[
        '/units',
        `/units/${stage.test.fixture.codes.蓬莱镇人民政府}`,
        '/statistics',
        '/statistics/stock',
        '/calendar',
        '/decisions',
        `/decisions/${decision}`,
        '/password',
        '/nowhere',
        '/people',
      ],
    ])
    for (const [path, button] of [
      ['/assets/new', '建立卡片'],
      ['/imports/new', '上传并核对'],
      ['/assets/bulk', '下一步：核对'],
      ['/determinations/new', '保存草稿'],
      [`/papers/new?card=${cards[0]}`, '保存'],
      ['/password', '保存新密码'],
    ] as const) {
      await keeper.goto(path)
      await press(keeper, button)
      await keeper.locator('[aria-invalid=true]').first().waitFor()
      await look(keeper, `${path} refused`)
    }
    await look(await givenAStalePage(stage, cards[1] ?? ''), 'stale')
    await walk('nong', ['/', `/determinations/${reviewed}`, `/determinations/${reviewed}/recorded`])
    await walk('tian', ['/calendar', `/determinations/${reviewed}`, `/determinations/${reviewed}/decision`])
    await walk('tian', [`/determinations/${reviewed}/deadline`, `/decisions/${decision}/correct`])
    await walk('xi', ['/', '/people', '/people/new', '/people/zhang', '/units/new'])
    await walk('an', ['/people/zhang'])
    expect(found).toEqual([])
  }, 300_000)
})

async function givenABusyCounty(stage: Stage) {
  const { test } = stage
  const cards = await enterCards(test, [
    { name: '村委会办公楼', cardType: 'house', cost: '600000.00', floorArea: '400.00' },
    { name: '办公桌', cost: '800.00', quantity: '10.000' },
    { name: '原古井小学', cardType: 'house', usage: 'idle', idleSince: '2025-09' },
  ])
  const zhang = await test.as('zhang')
  const part = (location: unknown) => String(location).split('/')[2] ?? ''
  const mistaken = [4, '', 'GJ-004', '古井村三组', '2011', '三十几万', null, null]
  const upload = await zhang.upload(
    '/imports',
    {
      unit: test.fixture.codes.古井村股份经济合作联合社 ?? '',
      track: 'collective',
      effectiveOn: '2026-03-01',
      token: crypto.randomUUID(),
    },
    { name: 'gujingcun_jiti_zichan_taizhang_2026_zuizhongban.xlsx', bytes: await ledger([...threeAssets, mistaken]) },
  )
  const edit = { usage: 'idle', effectiveOn: '2026-03-05', reason: '三月清查', token: crypto.randomUUID() }
  const bulk = await zhang.post('/assets/bulk', edit)
  const state = async (card: string) => {
    const reply = await zhang.post('/determinations', {
      cards: card,
      reason: '校舍由镇投资、村出地',
      proposedOwner: '蓬莱镇人民政府',
      proposedTrack: 'state',
      claimant1: '蓬莱镇人民政府',
      claim1: '财政投资建设',
      token: crypto.randomUUID(),
    })
    const no = part(reply.headers.location)
    await addBasis(zhang, no)
    return no
  }
  const photo = await addPhoto(test, zhang, cards[0] ?? '')
  const [draft, reviewed] = [await state(cards[0] ?? ''), await state(cards[2] ?? '')]
  await zhang.post(`/determinations/${reviewed}/steps`, { action: 'submit', version: '1' })
  const nong = await test.as('nong')
  await nong.post(`/determinations/${reviewed}/steps`, { action: 'review', version: '2' })
  const decision = await recordDecision(test, zhang, cards[1] ?? '', '古井村股份经济合作联合社')
  return {
    cards,
    batch: part(upload.headers.location),
    edited: part(bulk.headers.location),
    draft,
    reviewed,
    decision,
    photo,
    view: await keepView(test, zhang),
  }
}

async function givenAStalePage(stage: Stage, code: string): Promise<Page> {
  const [first, second] = [await stage.signedIn('zhang'), await stage.signedIn('nong')]
  for (const page of [first, second]) await page.goto(`/assets/${code}/edit`)
  for (const [page, remark] of [
    [first, '一'],
    [second, '二'],
  ] as const) {
    await page.locator('[name=remark]').fill(remark)
    await press(page, '保存修改')
    await page.locator('#field-remark').waitFor({ state: 'detached' })
  }
  await heading(second, '这条记录刚被别人改过')
  return second
}
