import { once } from 'node:events'
import { readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { paperInvariants } from '../../server/verify/papers.ts'
import { draftDetermination, enterCard, recordDecision, recordRestriction } from '../guards/every-route.ts'
import { openTestApp, type Reply, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { addBasis, pdf, picture } from '../support/papers.ts'

let test: TestApp
const people = {} as Record<Account, Visitor>
beforeAll(async () => {
  test = await openTestApp()
  for (const account of ['zhang', 'hong', 'nong', 'tian', 'cai', 'ji', 'zhen', 'zhen-ling', 'xi'] as const) {
    people[account] = await test.as(account)
  }
})
afterAll(() => test.close())

let card: string
beforeEach(async () => {
  card = (await enterCards(test, [{ name: '原古井小学', cardType: 'house', cost: '300000.00' }]))[0] ?? ''
})

type File = { name: string; bytes: Uint8Array } | null

async function add(fields: Record<string, string>, file: File = null, by: Account = 'zhang'): Promise<Reply> {
  return people[by].upload('/papers', { card, kind: 'reply', token: crypto.randomUUID(), ...fields }, file)
}

async function added(fields: Record<string, string> = {}, file: File = null): Promise<string> {
  const reply = await add({ title: '建设批复', ...fields }, file)
  expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
  const [row] = await test.db((tx) => tx.execute<{ id: string }>(sql`select max(id)::text as id from papers`))
  return row?.id ?? ''
}

async function rows(query: ReturnType<typeof sql>): Promise<Record<string, unknown>[]> {
  return [...(await test.db((tx) => tx.execute(query)))]
}

const papersOfCard = () =>
  rows(sql`select p.* from papers p join paper_links l on l.paper_id = p.id join cards c on c.id = l.card_id
    where c.code = ${card} order by p.id`)
const eventsOfCard = async () =>
  (
    await rows(
      sql`select e.action, e.comment from events e join cards c on c.id = e.card_id where c.code = ${card} order by e.id`,
    )
  )
    .filter(({ action }) => String(action).includes('paper'))
    .map(({ action, comment }) => `${action} ${comment}`)

/** Everything that lies in the store, temporary files included. */
async function stored(): Promise<string[]> {
  const found = await readdir(join(test.data, 'files'), { recursive: true, withFileTypes: true }).catch(() => [])
  return found.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

async function draft(by: Account = 'zhang', claimant = '古井村股份经济合作联合社'): Promise<string> {
  const reply = await people[by].post('/determinations', {
    cards: card,
    reason: '归属说法不一',
    proposedOwner: '蓬莱镇人民政府',
    proposedTrack: 'state',
    claimant1: claimant,
    claim1: '出资',
  })
  expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
  return String(reply.headers.location).split('/')[2] ?? ''
}

describe('a paper on a card', () => {
  it('is kept with its file, shown on the card and told in its history', async () => {
    const said = { title: '建设批复', no: '蓬府〔2004〕7 号', issuer: '蓬莱镇人民政府', issuedOn: '2004年3月' }
    const id = await added(said, { name: '批复.pdf', bytes: pdf() })
    const page = await people.zhang.get(`/assets/${card}`)
    for (const text of ['建设批复', '蓬府〔2004〕7 号 · 蓬莱镇人民政府 · 2004-03', `/papers/${id}/file`]) {
      expect(page.body, text).toContain(text)
    }
    expect(await eventsOfCard()).toEqual(['card.paper-add 建设批复（蓬府〔2004〕7 号）'])
    const own = await people.zhang.get(`/papers/${id}`)
    expect(own.statusCode).toBe(200)
    for (const text of ['批复.pdf', '2004年3月', '张会计', '添加材料', '原古井小学'])
      expect(own.body, text).toContain(text)
  })

  it('may come before its scan, and gets it later', async () => {
    const id = await added({ no: '大府函〔2020〕3 号' })
    expect((await people.zhang.get(`/papers/${id}/file`)).statusCode).toBe(404)
    const file = { name: '批复', bytes: pdf('later') }
    const form = { kind: 'reply', title: '建设批复', no: '大府函〔2020〕3 号', issuer: '', issuedOn: '', version: '1' }
    const reply = await people.zhang.upload(`/papers/${id}`, { ...form, token: crypto.randomUUID() }, file)
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    expect(await papersOfCard()).toMatchObject([{ file_name: '批复.pdf', version: 2 }])
    const again = await people.zhang.upload(`/papers/${id}`, { ...form, version: '2' }, { ...file, bytes: pdf('x') })
    expect(again.statusCode).toBe(422)
    expect(again.body).toContain('已有文件的材料不能换文件')
    expect((await people.zhang.upload(`/papers/${id}`, form, null)).statusCode).toBe(409)
  })

  it('is corrected with old and new told on its page', async () => {
    const id = await added({ no: '蓬府〔2004〕7 号' })
    const fields = { kind: 'reply', title: '立项批复', no: '蓬府〔2004〕8 号', version: '1' }
    expect((await people.zhang.upload(`/papers/${id}`, fields, null)).statusCode).toBe(303)
    const page = await people.zhang.get(`/papers/${id}`)
    for (const text of ['立项批复', '蓬府〔2004〕7 号', '修改材料说明']) expect(page.body, text).toContain(text)
    expect(await eventsOfCard()).toHaveLength(2)
  })

  it('a photo is shown small, in the grid', async () => {
    const bytes = await picture({ width: 1200, height: 900 })
    const id = await added({ kind: 'photo', title: '' }, { name: 'IMG_0001.jpg', bytes })
    const page = await people.zhang.get(`/assets/${card}`)
    expect(page.body).toContain(`src="/papers/${id}/thumbnail"`)
    const small = await people.zhang.get(`/papers/${id}/thumbnail`)
    expect([small.statusCode, small.headers['content-type'], small.headers['x-content-type-options']]).toEqual([
      200,
      'image/webp',
      'nosniff',
    ])
    expect(await sharp(small.rawPayload).metadata()).toMatchObject({ format: 'webp', width: 320, height: 240 })
    expect(await papersOfCard()).toMatchObject([{ title: '照片' }])
  })

  it('“and another” leads to the next form', async () => {
    const reply = await add({ title: '批复', action: 'next' })
    expect(reply.headers.location).toBe(`/papers/new?card=${card}&kind=reply`)
  })
})

describe('the form', () => {
  it('keeps every answer beside its problems', async () => {
    const file = { name: '产权证.pdf', bytes: await picture() }
    const reply = await add({ kind: '', title: '证', issuedOn: '去年', issuer: '国土局' }, file)
    expect(reply.statusCode).toBe(422)
    for (const text of [
      '请选择种类。',
      '出具日期写不成日期',
      '文件“产权证.pdf”其实是图片，请改名为 .jpg',
      'value="国土局"',
      'value="去年"',
    ]) {
      expect(reply.body, text).toContain(text)
    }
    expect(await papersOfCard()).toEqual([])
  })

  it.each([
    [{ title: '' }, null, '请选择文件；暂时没有扫描件的，至少写明名称或文号。'],
    [{ kind: 'photo', title: '门头' }, null, '请拍照或选择照片。'],
    [{ kind: 'photo', title: '' }, { name: 'a.pdf', bytes: pdf() }, '照片要用 .jpg、.png 或 .webp 图片'],
    [{ title: '' }, { name: 'a.pdf', bytes: new Uint8Array() }, '文件“a.pdf”是空的'],
    [{ title: '' }, { name: '大.pdf', bytes: Buffer.alloc(31 * 1024 * 1024, 1) }, '文件“大.pdf”超过 30 MB，请压缩'],
    [{ kind: 'photo' }, { name: '大.jpg', bytes: Buffer.alloc(16 * 1024 * 1024, 1) }, '照片“大.jpg”超过 15 MB'],
  ] as const)('%o is refused', async (fields, file, sentence) => {
    const before = await stored()
    const reply = await add(fields, file)
    expect(reply.statusCode, reply.body.slice(0, 500)).toBe(422)
    expect(reply.body).toContain(sentence)
    await expect.poll(stored).toEqual(before)
    expect(await papersOfCard()).toEqual([])
  })

  it('sent twice does its work once', async () => {
    const fields = { title: '一次', token: crypto.randomUUID() }
    const file = { name: 'a.pdf', bytes: pdf('once') }
    const [first, second] = [await add(fields, file), await add(fields, file)]
    expect([first.statusCode, second.statusCode]).toEqual([303, 303])
    expect(await papersOfCard()).toHaveLength(1)
  })

  it('leaves nothing behind when the sender hangs up', async () => {
    const before = await stored()
    const address = new URL(await test.listen())
    const socket = connect(Number(address.port), address.hostname)
    await once(socket, 'connect')
    const part = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\ncontent-type: application/pdf\r\n\r\n`
    socket.write(
      `POST /papers HTTP/1.1\r\nhost: ${address.host}\r\ncookie: ${await test.sessionOf('zhang')}\r\norigin: ${address.origin}\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 900000\r\n\r\n${part}${'%PDF-'.padEnd(200_000, '.')}`,
    )
    await expect.poll(async () => (await stored()).length).toBe(before.length + 1)
    socket.destroy()
    await expect.poll(stored).toEqual(before)
  })
})

describe('the same bytes', () => {
  const file = () => ({ name: '批复.pdf', bytes: pdf('the same') })

  it('are stored once, and hung on the same card once', async () => {
    await added({}, file())
    const again = await add({ title: '又一份' }, { ...file(), name: '改了名.pdf' })
    expect(again.statusCode).toBe(422)
    expect(again.body).toContain('这个文件已经传过（材料“建设批复”），不用再传')
    const [other = ''] = await enterCards(test, [{ name: '办公楼' }])
    expect((await add({ title: '别处', card: other }, file())).statusCode).toBe(303)
    const shas = await rows(
      sql`select distinct sha256 from papers where file_name = '批复.pdf' and title in ('建设批复', '别处')`,
    )
    expect((await stored()).filter((name) => shas.some(({ sha256 }) => sha256 === name))).toHaveLength(shas.length)
  })

  it('sent at the same moment are hung once', async () => {
    const replies = await Promise.all([1, 2, 3].map((turn) => add({ title: `第${turn}次` }, file())))
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([303, 422, 422])
    expect(await papersOfCard()).toHaveLength(1)
  })
})

describe('a download', () => {
  it.each([
    ['产权证.pdf', "filename*=UTF-8''%E4%BA%A7%E6%9D%83%E8%AF%81.pdf"],
    ["a'b;c.pdf", "filename*=UTF-8''a%27b%3Bc.pdf"],
    ['../../etc/批复.pdf', "filename*=UTF-8''%E6%89%B9%E5%A4%8D.pdf"],
  ])('of %j is saved and never shown', async (name, disposition) => {
    const bytes = pdf(name)
    const id = await added({}, { name, bytes })
    const reply = await people.zhang.get(`/papers/${id}/file`)
    expect(reply.rawPayload.equals(bytes)).toBe(true)
    expect(reply.headers).toMatchObject({
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'content-type': 'application/pdf',
    })
    expect(reply.headers['content-disposition']).toMatch(/^attachment; filename="/)
    expect(reply.headers['content-disposition']).toContain(disposition)
  })

  it.each([
    ['zhang', 200],
    ['nong', 200],
    ['tian', 200],
    ['ji', 200],
    ['zhen-ling', 200],
    ['hong', 404],
    ['cai', 404],
    ['xi', 403],
  ] as const)('%s gets %i', async (account, status) => {
    const id = await added({ kind: 'photo' }, { name: 'a.jpg', bytes: await picture() })
    for (const path of ['', '/file', '/thumbnail']) {
      expect((await people[account].get(`/papers/${id}${path}`)).statusCode, path).toBe(status)
    }
    expect((await people[account].get('/papers/999999999')).statusCode).toBe(status === 403 ? 403 : 404)
  })
})

describe('writing', () => {
  it.each([
    ['hong', 404],
    ['cai', 404],
    ['tian', 403],
    ['ji', 403],
    ['zhen-ling', 403],
  ] as const)('%s may not add: %i', async (account, status) => {
    expect((await add({ title: '别人的' }, null, account)).statusCode).toBe(status)
    expect(await papersOfCard()).toEqual([])
  })

  it('the lead may', async () => {
    expect((await add({ title: '牵头加的' }, null, 'nong')).statusCode).toBe(303)
  })

  it('whoever reads only does not correct or withdraw', async () => {
    const id = await added()
    const page = await people.tian.get(`/papers/${id}`)
    expect(page.body).not.toContain('撤下材料')
    expect((await people.tian.get(`/papers/${id}/edit`)).statusCode).toBe(404)
    expect((await people.tian.post(`/papers/${id}/withdraw`, { version: '1', reason: '不要' })).statusCode).toBe(403)
    expect(
      (await people.tian.upload(`/papers/${id}`, { kind: 'reply', title: 'x', version: '1' }, null)).statusCode,
    ).toBe(403)
  })
})

describe('withdrawing', () => {
  it('asks for a reason, keeps everything and shows it to those who audit', async () => {
    const id = await added({}, { name: 'a.pdf', bytes: pdf('gone') })
    const bare = await people.zhang.post(`/papers/${id}/withdraw`, { version: '1' })
    expect([bare.statusCode, bare.body.includes('请写明为什么撤下。')]).toEqual([422, true])
    expect((await people.zhang.post(`/papers/${id}/withdraw`, { version: '1', reason: '传错了' })).statusCode).toBe(303)
    expect((await people.zhang.get(`/papers/${id}/file`)).statusCode).toBe(404)
    expect((await people.zhang.get(`/assets/${card}`)).body).not.toContain('已撤下的材料')
    expect((await people.zhang.get(`/papers/${id}`)).body).not.toContain(`/papers/${id}/file`)
    expect((await people.ji.get(`/papers/${id}/file`)).statusCode).toBe(200)
    const page = await people.ji.get(`/papers/${id}`)
    expect(page.body).toContain('撤下：传错了。目前须一直保存。')
    expect((await people.ji.get(`/assets/${card}`)).body).toContain('已撤下的材料（1）')
    expect(await eventsOfCard()).toContain('card.paper-withdraw 建设批复：传错了')
    expect((await people.nong.post(`/papers/${id}/withdraw`, { version: '2', reason: '再撤' })).statusCode).toBe(422)
  })

  it('hides the file from who audits elsewhere only', async () => {
    const id = await added({}, { name: 'a.pdf', bytes: pdf('elsewhere') })
    await people.zhang.post(`/papers/${id}/withdraw`, { version: '1', reason: '传错了' })
    const { people: ids, units } = test.fixture
    const also = (person: string, role: 'lead' | 'inspector', track: 'state' | 'collective') =>
      test.db((tx) =>
        tx.execute(sql`insert into memberships (person_id, unit_id, role, track, valid_from)
          values (${ids[person]}, ${units.隆盛镇财政办}, ${role}, ${track}, '2026-01-01')`),
      )
    await also('zhang', 'lead', 'state')
    expect((await people.zhang.get(`/papers/${id}/file`)).statusCode).toBe(404)
    await test.db((tx) => tx.execute(sql`delete from memberships where person_id = ${ids.zhang} and role = 'lead'`))
  })

  it('shows a small picture again after it was lost', async () => {
    const id = await added({ kind: 'photo' }, { name: 'a.jpg', bytes: await picture({ colour: '#123456' }) })
    await rm(join(test.data, 'files', 'derived'), { recursive: true })
    const small = await people.zhang.get(`/papers/${id}/thumbnail`)
    expect([small.statusCode, small.headers['content-type']]).toEqual([200, 'image/webp'])
    const [{ sha256 } = {}] = await rows(sql`select sha256 from papers where id = ${id}`)
    expect(await stored()).toContain(`${sha256}.thumbnail`)
  })

  it('of a stale page changes nothing', async () => {
    const id = await added()
    expect((await people.zhang.post(`/papers/${id}/withdraw`, { version: '7', reason: '传错' })).statusCode).toBe(409)
  })
})

describe('a document’s papers', () => {
  it('hang on the draft, may go while it is one, and stay once it rests on them', async () => {
    const no = await draft()
    await addBasis(people.zhang, no)
    const [{ id } = { id: '' }] = await rows(sql`select max(id)::text as id from papers`)
    const page = await people.zhang.get(`/determinations/${no}`)
    expect(page.body).toContain('蓬府〔2004〕7 号')
    await people.zhang.post(`/determinations/${no}/steps`, { action: 'submit', version: '1' })
    const refused = await people.zhang.post(`/papers/${id}/withdraw`, { version: '1', reason: '传错' })
    expect([refused.statusCode, refused.body.includes(`材料是权属界定 ${no}的依据，不能撤下。`)]).toEqual([422, true])
    const amended = await people.zhang.upload(`/papers/${id}`, { kind: 'reply', title: '换个说法', version: '1' }, null)
    expect([amended.statusCode, amended.body.includes('只能补扫描件')]).toEqual([422, true])
    const said = { kind: 'reply', title: '建设批复', no: '蓬府〔2004〕7 号', version: '1' }
    const scan = await people.zhang.upload(`/papers/${id}`, said, { name: 'a.pdf', bytes: pdf(no) })
    expect(scan.statusCode, scan.body.slice(0, 1500)).toBe(303)
    await people.nong.post(`/determinations/${no}/steps`, { action: 'return', version: '2', comment: '换一份' })
    expect((await people.zhang.post(`/papers/${id}/withdraw`, { version: '2', reason: '传错' })).statusCode).toBe(303)
    const bare = await people.zhang.post(`/determinations/${no}/steps`, { action: 'submit', version: '3' })
    expect([bare.statusCode, bare.body.includes('请至少添加一份权属依据')]).toEqual([422, true])
  })

  it('are added by whoever acts on it in its state', async () => {
    const no = await draft()
    await addBasis(people.zhang, no)
    const say = { card: '', determination: no, title: '补充' }
    expect((await add(say, null, 'tian')).statusCode).toBe(403)
    expect((await add(say, null, 'hong')).statusCode).toBe(404)
    await people.zhang.post(`/determinations/${no}/steps`, { action: 'submit', version: '1' })
    expect((await add(say, null, 'nong')).statusCode).toBe(303)
    await people.nong.post(`/determinations/${no}/steps`, { action: 'review', version: '2' })
    expect((await add(say, null, 'zhang')).statusCode).toBe(403)
    expect((await add(say, null, 'tian')).statusCode).toBe(303)
  })

  it('may be the card’s own: cited, and let go again', async () => {
    const id = await added({ title: '捐赠协议', kind: 'agreement' }, { name: 'a.pdf', bytes: pdf('cited') })
    const no = await draft()
    expect((await people.zhang.get(`/determinations/${no}`)).body).toContain('引用资产卡片上的材料（1）')
    const link = () => people.zhang.post(`/papers/${id}/links`, { determination: no })
    expect((await link()).statusCode).toBe(303)
    const twice = await link()
    expect([twice.statusCode, twice.body.includes('已经列有这份材料')]).toEqual([422, true])
    expect((await people.zhang.get(`/papers/${id}`)).body).toContain('不再引用')
    const unlink = () => people.zhang.post(`/papers/${id}/links`, { determination: no, action: 'unlink' })
    expect((await unlink()).statusCode).toBe(303)
    expect((await unlink()).statusCode).toBe(422)
    await link()
    await people.zhang.post(`/determinations/${no}/steps`, { action: 'submit', version: '1' })
    expect((await unlink()).statusCode).toBe(422)
    const refused = await people.zhang.post(`/papers/${id}/withdraw`, { version: '1', reason: '传错' })
    expect(refused.statusCode).toBe(422)
  })

  it('are read by every party, though the card is not theirs', async () => {
    const id = await added({ title: '捐赠协议' }, { name: 'a.pdf', bytes: pdf('parties') })
    const no = await draft('zhang', '红林村股份经济合作联合社')
    expect((await people.hong.get(`/papers/${id}/file`)).statusCode).toBe(404)
    await people.zhang.post(`/papers/${id}/links`, { determination: no })
    expect((await people.hong.get(`/papers/${id}/file`)).statusCode).toBe(200)
    expect((await people.hong.get(`/papers/${id}`)).body).not.toContain(`/assets/${card}`)
  })

  it('are not a claimant’s to add or to take away', async () => {
    const no = await draft('zhang', '红林村股份经济合作联合社')
    await addBasis(people.zhang, no)
    const [{ id } = { id: '' }] = await rows(sql`select max(id)::text as id from papers`)
    expect((await people.hong.get(`/papers/${id}`)).statusCode).toBe(200)
    expect((await people.hong.post(`/papers/${id}/withdraw`, { version: '1', reason: '不认' })).statusCode).toBe(403)
    const said = { card: '', determination: no, title: '我方的' }
    expect((await add(said, null, 'hong')).statusCode).toBe(403)
  })

  it('are not led away into a document about other assets', async () => {
    const id = await added({ title: '捐赠协议' })
    await people.zhang.post(`/papers/${id}/links`, {
      determination: await draft('zhang', '红林村股份经济合作联合社'),
    })
    const village = '红林村股份经济合作联合社'
    const own = await enterCard(people.hong, { name: '晒坝', track: 'collective', ownerUnit: village })
    const theirs = await draftDetermination(people.hong, own, village)
    for (const place of [{ determination: theirs }, { card: own }]) {
      const link = await people.hong.post(`/papers/${id}/links`, place)
      expect([link.statusCode, link.body.includes('只能引用本单据所列资产的材料')]).toEqual([422, true])
    }
    expect((await people.hong.post(`/papers/${id}/withdraw`, { version: '1', reason: '不认' })).statusCode).toBe(403)
  })

  it('stay with whoever keeps the asset now, whatever old drafts cite them', async () => {
    const id = await added({ title: '捐赠协议' })
    const no = await draft()
    await people.zhang.post(`/papers/${id}/links`, { determination: no })
    const town = test.fixture.units.红林村股份经济合作联合社
    await test.db((tx) => tx.execute(sql`update cards set owner_unit_id = ${town} where code = ${card}`))
    const said = { kind: 'reply', title: '改了', version: '1' }
    expect((await people.zhang.upload(`/papers/${id}`, said, null)).statusCode).toBe(403)
    expect((await people.zhang.post(`/papers/${id}/withdraw`, { version: '1', reason: '不要' })).statusCode).toBe(403)
    expect((await people.hong.post(`/papers/${id}/withdraw`, { version: '1', reason: '传错' })).statusCode).toBe(303)
  })

  it('hang on a recorded decision, and stay there', async () => {
    const no = await recordDecision(test, people.zhang, card, '古井村股份经济合作联合社')
    const say = { card: '', decision: no, title: '批复原件' }
    const file = { name: '批复.pdf', bytes: pdf(no) }
    expect((await add(say, file, 'zhang')).statusCode).toBe(403)
    const reply = await add(say, file, 'nong')
    expect(reply.headers.location).toBe(`/decisions/${no}`)
    const page = await people.nong.get(`/decisions/${no}`)
    for (const text of ['批复原件', '添加材料']) expect(page.body, text).toContain(text)
    const [{ id } = { id: '' }] = await rows(sql`select max(id)::text as id from papers`)
    const refused = await people.nong.post(`/papers/${id}/withdraw`, { version: '1', reason: '传错' })
    const sentence = `材料是代录决定 ${no}的依据，不能撤下。传错的，请先在那里添加正确的扫描件。`
    expect([refused.statusCode, refused.body.includes(sentence)]).toEqual([422, true])
    expect((await people.nong.get(`/papers/${id}`)).body).toContain(sentence)
    await add({ ...say, title: '没有扫描件' }, null, 'nong')
    expect((await people.nong.post(`/papers/${id}/withdraw`, { version: '1', reason: '传错' })).statusCode).toBe(422)
    await add({ ...say, title: '正确的一份' }, { ...file, bytes: pdf('right') }, 'nong')
    const [{ other } = { other: '' }] = await rows(sql`select max(id)::text as other from papers`)
    const both = await Promise.all(
      [id, other].map((paper) => people.nong.post(`/papers/${paper}/withdraw`, { version: '1', reason: '传错' })),
    )
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([303, 422])
    const { broken } = paperInvariants[2] ?? {}
    expect(await test.db(async (tx) => [...(await tx.execute(broken?.({ today: '', county: '' }) ?? sql``))])).toEqual(
      [],
    )
  })

  it('hang on a restriction and are shown there', async () => {
    const no = await recordRestriction(people.zhang, card)
    const reply = await add({ card: '', restriction: no, title: '抵押合同', kind: 'contract' })
    expect(reply.headers.location).toBe(`/restrictions/${no}`)
    expect((await people.zhang.get(`/restrictions/${no}`)).body).toContain('抵押合同')
    expect((await add({ card: '', restriction: no, title: '别人的' }, null, 'hong')).statusCode).toBe(404)
  })
})
