import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { asc, desc, eq, like } from 'drizzle-orm'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards, cardVersions } from '../../db/schema/assets.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { events } from '../../db/schema/kernel.ts'
import { unwatched } from '../../imports/watch.ts'
import { loadActor } from '../../server/access/actor.ts'
import { asSystem } from '../../server/access/system.ts'
import { placeHolds } from '../../server/assets/holds.ts'
import { cardTarget } from '../../server/assets/import-target.ts'
import { batchOf as batchOfRow, rematch } from '../../server/imports/actions.ts'
import { openTestApp, type Reply, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards } from '../support/cards.ts'
import { importing } from '../support/imports.ts'
import { type Cell, ledger, threeAssets } from '../support/workbook.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const collective = '古井村股份经济合作联合社'
const { batchOf, cardsOf, commit, fields, rowsOf, upload } = importing(
  () => test,
  () => zhang,
  collective,
)

describe('from upload to register', () => {
  it('reads the office’s own table, shows it, and commits it in one transaction with its events', async () => {
    const no = await upload(await ledger(threeAssets, [['合计', null, null, null, null, 62.5, 12.3, null]]))
    const page = await zhang.get(`/imports/${no}`)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('625,000.00')
    expect(page.body).toContain('全部导入（3 行）')
    expect(await cardsOf('GJ-001')).toEqual([])
    const committed = await commit(no)
    expect(committed.statusCode, committed.body.slice(0, 2000)).toBe(303)
    const [office] = await cardsOf('GJ-001')
    expect(office).toMatchObject({
      name: '村委会办公楼',
      cardType: 'house',
      cost: '600000.00',
      depreciation: '120000.00',
      netValue: '480000.00',
      acquiredOn: '2015-03-01',
      acquiredPrecision: 'month',
      track: 'collective',
      ownerUnitId: test.fixture.units[collective],
      validFrom: '2026-03-01',
      landArea: null,
    })
    expect(office?.written).toMatchObject({ cost: '60万元', acquiredOn: '2015年3月' })
    const told = await test.db((tx) =>
      tx
        .select()
        .from(events)
        .where(eq(events.cardId, office?.id ?? '')),
    )
    expect(told).toMatchObject([
      {
        action: 'card.import',
        actorName: '张会计',
        effectiveOn: '2026-03-01',
        detail: { document: { no, path: `/imports/${no}` } },
      },
    ])
    const batch = await batchOf(no)
    const steps = await test.db((tx) =>
      tx.select().from(events).where(eq(events.batchId, batch.id)).orderBy(asc(events.id)),
    )
    expect(steps.map(({ action }) => action)).toEqual(['import.upload', 'import.commit'])
  })

  it('changes only what differs when a corrected table comes, and nothing where cells are blank', async () => {
    const corrected: readonly Cell[][] = [
      [1, '村委会办公楼', 'GJ-001', '', '', 65, null, null],
      [2, '原古井小学', 'GJ-002', '古井村二组', '1998', 2, null, '闲置'],
    ]
    const no = await upload(await ledger(corrected), { effectiveOn: '2026-03-05' })
    expect(await statuses(no)).toEqual([
      [4, 'changed'],
      [5, 'unchanged'],
    ])
    expect((await commit(no)).statusCode).toBe(303)
    const [office] = await cardsOf('GJ-001')
    expect(office).toMatchObject({
      cost: '650000.00',
      depreciation: '120000.00',
      netValue: '530000.00',
      location: '古井村一组',
      version: 2,
    })
    const old = await test.db((tx) =>
      tx
        .select()
        .from(cardVersions)
        .where(eq(cardVersions.cardId, office?.id ?? '')),
    )
    expect(old).toMatchObject([{ cost: '600000.00', validFrom: '2026-03-01', validTo: '2026-03-05' }])
  })

  it('knows the same file again and does not enter it twice', async () => {
    const bytes = await ledger(threeAssets.map((row) => row.with(2, `TW-${row[0]}`)))
    const first = await upload(bytes)
    await commit(first)
    const second = await upload(bytes)
    const page = await zhang.get(`/imports/${second}`)
    expect(page.body).toContain('这份文件已经导入过')
    expect((await statuses(second)).map(([, status]) => status)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect((await commit(second)).statusCode).toBe(422)
  })

  it('leaves one effect when two people commit one batch at once', async () => {
    const no = await upload(await ledger([[1, '同时导入', 'CC-1', '一组', '2010', 3, null, null]]))
    const nong = await test.as('nong')
    const batch = await batchOf(no)
    const replies = await Promise.all(
      [zhang, nong, zhang, nong].map((visitor) =>
        visitor.post(`/imports/${no}/commit`, { action: 'all', version: String(batch.version) }),
      ),
    )
    expect(replies.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1)
    expect(await cardsOf('CC-1')).toHaveLength(1)
  })

  it('enters a file once when two people bring it at the same moment', async () => {
    const bytes = await ledger(
      Array.from({ length: 40 }, (_, index): Cell[] => [index, '同一份', null, `${index}号`, '2010', 3, null, null]),
    )
    const numbers = [await upload(bytes), await upload(bytes)]
    const replies = await Promise.all(numbers.map((no) => commit(no)))
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([303, 422])
    expect(await test.db((tx) => tx.select().from(cards).where(eq(cards.name, '同一份')))).toHaveLength(40)
  })
})

describe('rows', () => {
  it('are wrong with their place and cure, and keep the whole file out unless the good ones are asked for', async () => {
    const no = await upload(
      await ledger([
        [1, '好的一行', 'BD-1', '一组', '2010', 3, 1, null],
        [2, '', 'BD-2', '一组', '2010', 3, 1, null],
        [3, '原值不清', 'BD-3', '一组', '2010', '三十几万', 1, null],
        [4, '折旧太大', 'BD-4', '一组', '2010', 3, 5, null],
        [5, '年份不对', 'BD-5', '一组', '二〇一〇左右', 3, 1, null],
      ]),
    )
    expect(await statuses(no)).toEqual([
      [4, 'new'],
      [5, 'wrong'],
      [6, 'wrong'],
      [7, 'wrong'],
      [8, 'new'],
    ])
    const page = await zhang.get(`/imports/${no}?status=wrong`)
    expect(page.body).toContain('F6 ')
    expect(page.body).toContain('累计折旧 50000.00 大于账面原值 30000.00')
    const all = await commit(no)
    expect(all.statusCode).toBe(422)
    expect(all.body).toContain('还有 3 行有错')
    expect(await cardsOf('BD-1')).toEqual([])
    expect((await commit(no, 'good')).statusCode).toBe(303)
    expect(await cardsOf('BD-1')).toHaveLength(1)
    const [unread] = await cardsOf('BD-5')
    expect(unread).toMatchObject({ acquiredOn: null, acquiredPrecision: null })
    expect(Object.values(unread?.extra ?? {})).toContain('二〇一〇左右')
    expect(await cardsOf('BD-3')).toEqual([])
  })

  it('that repeat an identity are duplicates, ten alike without one are ten cards', async () => {
    const desk: readonly Cell[] = [1, '办公桌', null, '村委会', '2012', 0.05, null, null]
    const no = await upload(
      await ledger([
        [1, '水泵', 'DP-1', '二组', '2012', 1, null, null],
        [2, '水泵', 'DP-1', '二组', '2012', 1, null, null],
        desk,
        desk,
        desk,
      ]),
    )
    expect((await statuses(no)).map(([, status]) => status)).toEqual(['new', 'duplicate', 'new', 'new', 'new'])
    expect((await commit(no)).statusCode).toBe(303)
    const again = await upload(await ledger([desk, desk, desk, desk]))
    expect((await statuses(again)).map(([, status]) => status)).toEqual(['unchanged', 'unchanged', 'unchanged', 'new'])
  })

  it('never mean one card twice: what only looks alike is another card, what names it again is a duplicate', async () => {
    const looks = (code: string | null): readonly Cell[] => [1, '抽水机', code, '三组', '2011', 2, null, null]
    await commit(await upload(await ledger([looks('PU-1')])))
    const no = await upload(
      await ledger([looks(null), looks('PU-1'), looks(null)], [['合计', null, null, null, null, 6, null, null]]),
    )
    expect((await statuses(no)).map(([, status]) => status)).toEqual(['new', 'unchanged', 'new'])
    expect((await commit(no)).statusCode).toBe(303)
    const both = await upload(
      await ledger([
        [1, '抽水机', 'PU-1', '三组', '2011', 3, null, null],
        [2, '抽水机', null, '三组', '2011', 2, null, null],
      ]),
    )
    expect((await commit(both)).statusCode).toBe(303)
  })

  it('are not written over what someone saved after they were matched', async () => {
    await commit(await upload(await ledger([[1, '先后', 'LU-1', '三组', '2011', 2, null, null]])))
    const [card] = await cardsOf('LU-1')
    const again = await upload(await ledger([[1, '先后', 'LU-1', '三组', '2011', 5, null, null]]))
    const row = await batchOf(again)
    const visitor = await test.as('nong')
    const apply = test.county.transaction({}, async (tx) => {
      const actor = await loadActor(tx, test.fixture.people.zhang ?? '', test.clock.today())
      if (!actor) throw new Error('no such person')
      const target = cardTarget('510923', { actor, clock: test.clock, requestId: null })
      await rematch(tx, batchOfRow(row), target)
      const edit = {
        name: '先后',
        track: 'collective',
        cardType: 'other',
        ownerUnit: collective,
        keeper: '刚改',
        effectiveOn: '2026-03-02',
      }
      expect((await visitor.post(`/assets/${card?.code}`, { ...edit, version: '1' })).statusCode).toBe(303)
      await target.verbs?.apply(tx, { ...batchOfRow(row), effectiveOn: '2026-03-05' }, unwatched)
    })
    await expect(apply).rejects.toThrow('刚被别人改过')
    expect((await cardsOf('LU-1'))[0]).toMatchObject({ keeper: '刚改', version: 2 })
  })

  it('are not applied to a card that was held after the match', async () => {
    const [first] = await cardsOf('LU-1')
    await upload(await ledger([[1, '先后', 'LU-1', '一组', '2010', 8, null, null]]), { effectiveOn: '2026-03-06' })
    const [row] = await test.db((tx) => tx.select().from(importBatches).orderBy(desc(importBatches.id)).limit(1))
    if (!row) throw new Error('no batch')
    const actor = await test.db((tx) => loadActor(tx, test.fixture.people.zhang ?? '', '2026-03-10'))
    const document = { kind: 'transfer', id: '9', no: 'YJ2026-0009', path: '/transfers/YJ2026-0009' }
    const apply = test.db(async (tx) => {
      if (!actor) throw new Error('no actor')
      const target = cardTarget('510923', { actor, clock: test.clock, requestId: null })
      await rematch(tx, batchOfRow(row), target)
      await placeHolds(tx, asSystem(test.clock), [{ cardId: first?.id ?? '' }], 'transferring', document)
      await target.verbs?.apply(tx, batchOfRow(row), unwatched)
    })
    await expect(apply).rejects.toThrow('YJ2026-0009')
  })

  it('let go of how a figure was written once it is another, and keep it where it is the same', async () => {
    await commit(await upload(await ledger([[1, '写法', 'WR-1', '一组', '2010', 3, 1, null]])))
    const [card] = await cardsOf('WR-1')
    expect(card?.written).toMatchObject({ cost: '3万元', depreciation: '1万元' })
    const table = '原资产编号,资产名称,账面原值（元）\nWR-1,写法,40000\n'
    const bytes = new TextEncoder().encode(table)
    const reply = await zhang.upload('/imports', fields({ effectiveOn: '2026-03-05' }), { name: 'a.csv', bytes })
    await commit(String(reply.headers.location).split('/')[2] ?? '')
    const [next] = await cardsOf('WR-1')
    expect(next).toMatchObject({ cost: '40000.00', version: 2 })
    expect(next?.written.cost).toBeUndefined()
    expect(next?.written.depreciation).toBe('1万元')
    const edit = { name: '写法', track: 'collective', cardType: 'other', ownerUnit: collective }
    const sent = { ...edit, depreciation: '12000', netValue: '', version: '2', effectiveOn: '2026-03-06' }
    expect((await zhang.post(`/assets/${next?.code}`, sent)).statusCode).toBe(303)
    expect((await cardsOf('WR-1'))[0]?.written.depreciation).toBeUndefined()
  })

  it('find cards of one certificate by their codes', async () => {
    const certificate = '川（2020）大英县不动产权第0000099号'
    const codes = await enterCards(test, [
      { name: '甲栋', certificate },
      { name: '乙栋', certificate },
    ])
    const lines = codes.map((code, index) => `${code},${'甲乙'[index]}栋,${certificate},改 ${index}`)
    const bytes = new TextEncoder().encode(`资产编号,资产名称,权证编号,备注\n${lines.join('\n')}\n`)
    const reply = await zhang.upload('/imports', fields({ effectiveOn: '2026-03-05' }), { name: 'b.csv', bytes })
    const no = String(reply.headers.location).split('/')[2] ?? ''
    expect((await statuses(no)).map(([, status]) => status)).toEqual(['changed', 'changed'])
  })

  it('of a held card are wrong and name the document', async () => {
    const no = await upload(await ledger([[1, '被占用', 'HD-1', '一组', '2010', 3, null, null]]))
    await commit(no)
    const [card] = await cardsOf('HD-1')
    await test.db((tx) =>
      tx.execute(
        `insert into holds (card_id, kind, document_kind, document_id, document_no, document_path, since) values (${card?.id}, 'transferring', 'transfer', 1, 'YJ2026-0001', '/transfers/YJ2026-0001', now())` as never,
      ),
    )
    const again = await upload(await ledger([[1, '被占用', 'HD-1', '一组', '2010', 9, null, null]]))
    expect(await statuses(again)).toEqual([[4, 'wrong']])
    expect((await zhang.get(`/imports/${again}`)).body).toContain('YJ2026-0001')
  })
})

describe('what the file leaves open', () => {
  it('can be mapped by hand and read again', async () => {
    const no = await upload(await ledger([[1, '看备注', 'MP-1', '一组', '2010', 3, null, '王会计']]))
    const batch = await batchOf(no)
    const reply = await zhang.post(`/imports/${no}/mapping`, { version: String(batch.version), 'column-H': 'keeper' })
    expect(reply.statusCode, reply.body.slice(0, 1500)).toBe(303)
    await commit(no)
    const [card] = await cardsOf('MP-1')
    expect(card).toMatchObject({ keeper: '王会计', remark: null })
  })

  it('is told when the total does not agree', async () => {
    const no = await upload(
      await ledger(
        [[1, '合计不符', 'TT-1', '一组', '2010', 3, null, null]],
        [['合计', null, null, null, null, 4, null, null]],
      ),
    )
    const page = await zhang.get(`/imports/${no}`)
    expect(totalsOf(page)).toEqual([['5', '账面原值(万元)', '4', '3', '+1', '不符']])
  })
})

describe('the upload form', () => {
  it('with a lock file is told by the name that only the upload has', async () => {
    const bytes = new TextEncoder().encode('资产名称,账面原值\n村部,1\n')
    const reply = await zhang.upload('/imports', fields(), { name: '~$古井村台账.xlsx', bytes })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('请上传名称前没有 ~$ 的文件')
  })

  it('keeps the answers and says what is missing', async () => {
    const reply = await zhang.upload('/imports', { unit: '', track: 'collective', effectiveOn: '2026-04-01' }, null)
    expect(reply.statusCode).toBe(422)
    for (const text of ['请填写单位。', '请选择要导入的表格文件。']) expect(reply.body).toContain(text)
    expect(reply.body).toMatch(/value="collective"[^>]*checked/)
  })

  it.each([
    ['说明.docx', new TextEncoder().encode('PK\u0003\u0004 not really'), '损坏'],
    ['空.csv', new Uint8Array(), '空'],
    ['笔记.txt', new TextEncoder().encode('今天开会讨论了办公楼的事情'), '不是表格文件'],
  ])('refuses %s in one sentence beside the field', async (name, bytes, word) => {
    const reply = await zhang.upload('/imports', fields(), { name, bytes })
    expect(reply.statusCode).toBe(422)
    const sentence = /id="error-file">([^<]*)</.exec(reply.body)?.[1] ?? ''
    expect(sentence).toContain(word)
    expect(sentence).not.toMatch(/at |Error|\/tmp/)
  })

  it('refuses a unit or track that someone else keeps, and a day after today', async () => {
    const bytes = await ledger(threeAssets)
    const foreign = await zhang.upload(
      '/imports',
      fields({ unit: test.fixture.codes.红林村股份经济合作联合社 ?? '' }),
      { name: 'a.xlsx', bytes },
    )
    expect(foreign.body).toContain('您不经办红林村股份经济合作联合社的集体资产')
    const nong = await test.as('nong')
    const track = await nong.upload('/imports', fields({ track: 'state' }), { name: 'a.xlsx', bytes })
    expect(track.body).toContain('您不经办')
    const late = await zhang.upload('/imports', fields({ effectiveOn: '2026-03-11' }), { name: 'a.xlsx', bytes })
    expect(late.body).toContain('数据日期不能晚于今天')
    expect([foreign, track, late].map(({ statusCode }) => statusCode)).toEqual([422, 422, 422])
  })

  it('leaves no temporary file', async () => {
    expect(await readdir(join(test.data, 'files', 'tmp'))).toEqual([])
  })

  it('answers a double click with one batch', async () => {
    const bytes = await ledger([[1, '双击上传', 'DC-1', '一组', '2010', 3, null, null]])
    const same = fields({ token: crypto.randomUUID() })
    const replies = await Promise.all([1, 2].map(() => zhang.upload('/imports', same, { name: '双击.xlsx', bytes })))
    expect(new Set(replies.map(({ headers }) => headers.location)).size).toBe(1)
  })
})

describe('a file with more to tell than its rows', () => {
  it('takes tables side by side, rows with the same number told apart, and says what a person should know', async () => {
    const half = ['序号', '资产名称', '账面原值', '使用状况', '承租人']
    const no = await upload(
      await workbook([
        [...half, ...half],
        [1, '并排一', 5, '在用', null, 3, '并排三', 7, '闲置', '张三'],
        [2, '并排二', 6, '在用', null, 4, '并排四', '七', '在用', null],
      ]),
    )
    expect(await statuses(no)).toEqual([
      [2, 'new'],
      [2, 'new'],
      [3, 'new'],
      [3, 'wrong'],
    ])
    const { body } = await zhang.get(`/imports/${no}`)
    expect(body).toContain('表格左右并排了 2 段（从 A、F 列起），已从左到右逐段读入。')
    expect(body).toContain('H3 账面原值：「七」不是数字')
    expect(body).toContain('I2 使用状况是闲置，却写了承租人或年租金')
    const names = [...body.matchAll(/并排[一二三四]/g)].map(([name]) => name)
    expect([...new Set(names)]).toEqual(['并排一', '并排二', '并排三', '并排四'])
    expect((await commit(no, 'good')).statusCode).toBe(303)
    const made = await test.db((tx) => tx.select().from(cards).where(like(cards.name, '并排%')))
    expect(made.map(({ name, cost }) => [name, cost]).sort()).toEqual([
      ['并排一', '5.00'],
      ['并排三', '7.00'],
      ['并排二', '6.00'],
    ])
  })

  it('compares every figure of a total row with the rows', async () => {
    const no = await upload(
      await workbook([
        ['资产名称', '账面原值', '累计折旧'],
        ['合计不符甲', 5, 1],
        ['合计不符乙', 6, 1],
        ['合计', 12, 3],
      ]),
    )
    expect(totalsOf(await zhang.get(`/imports/${no}`))).toEqual([
      ['4', '账面原值(元)', '12', '11', '+1', '不符'],
      ['4', '累计折旧(元)', '3', '2', '+1', '不符'],
    ])
  })
})

describe('who sees a batch', () => {
  it.each([
    ['nong', 200],
    ['tian', 200],
    ['hong', 404],
    ['cai', 404],
    ['xi', 404],
  ] as const)('%s gets %i', async (account, status) => {
    const no = await upload(await ledger(threeAssets))
    expect((await (await test.as(account)).get(`/imports/${no}`)).statusCode).toBe(status)
    if (status !== 200)
      expect((await (await test.as(account)).post(`/imports/${no}/commit`, { version: '2' })).statusCode).toBe(status)
  })
})

describe('a file that is too large', () => {
  it('is refused by the form, and nothing of it stays', async () => {
    const bytes = Buffer.alloc(100 * 1024 * 1024 + 1, 'a')
    const reply = await zhang.upload('/imports', fields(), { name: '大.csv', bytes })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('文件超过 100 MB，请删去图片或分成几个文件再上传。')
    expect(await readdir(join(test.data, 'files', 'tmp'))).toEqual([])
  })
})

async function workbook(rows: readonly (readonly Cell[])[]): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook()
  book.addWorksheet('台账').addRows(rows.map((row) => [...row]))
  return new Uint8Array(await book.xlsx.writeBuffer())
}

/** The cells of the table that compares totals. */
function totalsOf({ body }: Reply): string[][] {
  const table = /aria-label="合计核对">([\s\S]*?)<\/table>/.exec(body)?.[1] ?? ''
  return [...table.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)]
    .slice(1)
    .map(([, row]) =>
      [...(row ?? '').matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/g)].map(([, cell]) =>
        (cell ?? '').replaceAll(/<[^>]*>/g, '').trim(),
      ),
    )
}

async function statuses(no: string): Promise<[number, string][]> {
  return (await rowsOf(no)).map(({ row, status }) => [row, status])
}
