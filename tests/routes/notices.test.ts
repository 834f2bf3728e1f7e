import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import { issueCall, linesOf, storedCount } from '../support/inventory.ts'
import { picture } from '../support/papers.ts'

let test: TestApp
let zhang: Visitor
let nong: Visitor
let anyone: Visitor
let place: string
let countId: string
let notice: string
beforeAll(async () => {
  test = await openTestApp()
  ;[zhang, nong, anyone] = [await test.as('zhang'), await test.as('nong'), test.visitor()]
  await enterCards(test, [
    { name: '村部 <b>楼</b>', cardType: 'house', cost: '310000.00', location: '2 社' },
    { name: '课桌', quantity: '40', cost: '8000.00' },
  ])
  const call = await issueCall(test)
  countId = call.counts[village]?.id ?? ''
  place = `/inventory/counts/${call.counts[village]?.no}`
  const [, desks] = await linesOf(test, countId)
  await zhang.post(`${place}/lines/${desks?.no}`, { version: '1', from: 'row', counted: '38', missingReason: '散架' })
  await zhang.post(`${place}/booked`, { lines: ['1', '2'] })
  await step(zhang, 'submit')
  await step(nong, 'check')
})
afterAll(() => test.close())

/** Another day, on which people sign in again. */
async function on(day: string): Promise<void> {
  test.clock.set(`${day}T02:00:00Z`)
  ;[zhang, nong] = [await test.as('zhang'), await test.as('nong')]
}

async function step(visitor: Visitor, action: string, fields: Record<string, string> = {}) {
  return visitor.post(`${place}/steps`, { action, version: await versionNow(), ...fields })
}

async function versionNow(): Promise<string> {
  return String((await storedCount(test, countId)).version)
}

const said = { place: '村务公开栏', contact: '张会计 13900000000', body: '现将清查结果公示。' }
const meeting = { bodyKind: 'representatives', heldOn: '2026-03-20', members: '30', present: '30', inFavour: '20' }

describe('a notice', () => {
  it('says what is missing before it is posted', async () => {
    const reply = await zhang.post(`${place}/post`, { ...said, place: '', version: await versionNow() })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('请填写张贴地点。')
    expect(reply.body).toContain('13900000000')
  })

  it('is posted for seven days, as things are now', async () => {
    const reply = await zhang.post(`${place}/post`, { ...said, version: await versionNow() })
    notice = String(reply.headers.location)
    expect(notice).toMatch(/^\/notices\/GS2026-\d{4}$/)
    const page = await zhang.get(notice)
    expect(page.body).toContain('2026-03-10 至 2026-03-17（7 天）')
    expect(page.body).toContain('村部 &lt;b&gt;楼&lt;/b&gt;')
    expect((await storedCount(test, countId)).state).toBe('noticed')
  })

  it('is read by everybody without signing in, and tells nothing else', async () => {
    const open = notice.replace('/notices/', '/notices/public/')
    const list = await anyone.get('/notices/public')
    expect(list.statusCode).toBe(200)
    expect(list.body).toContain(open)
    const page = await anyone.get(open)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('村部 &lt;b&gt;楼&lt;/b&gt;')
    expect(page.body).toContain('7600.00')
    expect(page.body).not.toContain('散架')
    expect((await anyone.get('/notices/public/GS2026-9999')).statusCode).toBe(404)
    expect((await anyone.get(notice)).statusCode).toBe(303)
  })

  it('is printed with room for the seal', async () => {
    const page = await zhang.get(`${notice}/print`)
    expect(page.body).toContain('（盖章）')
    expect(page.body).toContain('村务公开栏')
  })

  it('takes the photo of the posted sheet', async () => {
    const fields = { notice: notice.split('/').at(-1) ?? '', kind: 'photo', title: '张贴现场', token: 'posted' }
    const reply = await zhang.upload('/papers', fields, { name: '张贴.jpg', bytes: await picture() })
    expect(reply.headers.location).toBe(notice)
    expect((await zhang.get(notice)).body).toContain('张贴现场')
  })
})

describe('an objection', () => {
  const open = () => `${notice.replace('/notices/', '/notices/public/')}/objections`
  const objection = { name: '李大爷', phone: '13811112222', rowNo: '1', text: '村部地下室没有写。' }

  it('is taken from anybody, once', async () => {
    expect((await anyone.post(open(), objection)).headers.location).toContain('said=taken')
    expect((await anyone.post(open(), objection)).headers.location).toContain('said=same')
    const page = await zhang.get(notice)
    expect(page.body.match(/村部地下室没有写/g)).toHaveLength(1)
  })

  it('says what is missing and keeps what was written', async () => {
    const reply = await anyone.post(open(), { ...objection, name: '', rowNo: '99' })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('请填写姓名。')
    expect(reply.body).toContain('村部地下室没有写。')
    const beyond = await anyone.post(open(), { ...objection, rowNo: '99', text: '第 99 号不对。' })
    expect(beyond.body).toContain('公示里没有这个序号')
  })

  it('keeps a notice from ending, and is shown with its answer and without a phone', async () => {
    await on('2026-03-18')
    const early = await zhang.post(`${notice}/steps`, { action: 'end', version: '1' })
    expect(early.statusCode).toBe(422)
    expect(early.body).toContain('还有 1 条异议没有答复。')
    const confirm = await zhang.get(`${place}/confirm`)
    expect(confirm.body).toContain('还有 1 条异议没有答复。')
    const [, id] = /objections\/(\d+)/.exec((await zhang.get(notice)).body) ?? []
    const bare = await zhang.post(`${notice}/objections/${id}`, { version: '1', upheld: '', answer: '' })
    expect(bare.statusCode).toBe(422)
    await zhang.post(`${notice}/objections/${id}`, { version: '1', upheld: 'no', answer: '地下室已含在建筑面积内。' })
    const page = await anyone.get(notice.replace('/notices/', '/notices/public/'))
    expect(page.body).toContain('李某某')
    expect(page.body).toContain('地下室已含在建筑面积内。')
    expect(page.body).not.toContain('13811112222')
    expect(page.body).not.toContain('李大爷')
  })

  it('comes too late when the notice is over', async () => {
    const reply = await anyone.post(open(), { ...objection, text: '还有别的' })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('公示已经结束，不再收异议')
  })
})

describe('the members', () => {
  it('confirm after the notice is over', async () => {
    await on('2026-03-21')
    const reply = await zhang.post(`${place}/confirm`, {
      ...meeting,
      heldOn: '2026-03-17',
      version: await versionNow(),
    })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('公示到 2026-03-17 期满，成员确认要在此后开会。')
  })

  it('confirm by two thirds of all representatives, or it is written down as failed', async () => {
    const failed = await zhang.post(`${place}/confirm`, { ...meeting, inFavour: '19', version: await versionNow() })
    expect(failed.headers.location).toMatch(/^\/resolutions\/JY2026-0001$/)
    expect((await zhang.get('/resolutions/JY2026-0001')).body).toContain('至少 20 人')
    expect((await storedCount(test, countId)).state).toBe('noticed')
    const passed = await zhang.post(`${place}/confirm`, { ...meeting, version: await versionNow() })
    expect(passed.headers.location).toBe(place)
    expect((await storedCount(test, countId)).state).toBe('confirmed')
    expect((await zhang.get(notice)).body).toContain('已期满')
    expect((await zhang.get('/resolutions')).body).toContain('JY2026-0002')
  })

  it('cannot be more than there are', async () => {
    const reply = await zhang.post(`${place}/confirm`, { ...meeting, present: '31', version: await versionNow() })
    expect(reply.statusCode).toBe(422)
  })
})

describe('a count that is returned', () => {
  it('takes its notice down', async () => {
    await nong.post(`${place}/return`, { comment: '县里要求补照片', version: await versionNow() })
    expect((await storedCount(test, countId)).state).toBe('counting')
    expect((await anyone.get(notice.replace('/notices/', '/notices/public/'))).statusCode).toBe(404)
    expect((await zhang.get(notice)).body).toContain('已撤下')
  })
})
