import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importBatches, importRows } from '../../db/schema/imports.ts'
import { submissions } from '../../db/schema/kernel.ts'
import { type StagedRow, stagedRows } from '../../imports/staging.ts'
import { rows as sheetOf } from '../imports/workbooks.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { openFakeS3 } from '../support/fake-s3.ts'
import { confirmMapping } from '../support/mapping.ts'

// Files that say little to a person and much to the database.

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const collective = () => test.fixture.codes.古井村股份经济合作联合社 ?? ''

async function upload(lines: readonly string[]) {
  const fields = { unit: collective(), track: 'collective', effectiveOn: '2026-03-01', token: crypto.randomUUID() }
  const reply = await zhang.upload('/imports', fields, { name: '表.csv', bytes: Buffer.from(lines.join('\n')) })
  expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
  const no = String(reply.headers.location).split('/')[2] ?? ''
  const [batch] = await test.db((tx) => tx.select().from(importBatches).where(eq(importBatches.no, no)))
  if (!batch) throw new Error(`no batch ${no}`)
  return { no, batch }
}

const many = <T>(length: number, make: (at: number) => T): T[] => Array.from({ length }, (_, at) => make(at))

it.each([
  ['twice', [1, 2, 2], '第 2 行排在第 2 行后面'],
  ['out of their order', [1, 3, 2], '第 2 行排在第 3 行后面'],
])('rows that come %s are refused with their numbers', async (_how, numbers, sentence) => {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
  const rows = numbers.map(
    (row) => `<row r="${row}">${(row === 1 ? ['资产名称', '账面原值'] : ['水泵', '1']).map(cell).join('')}</row>`,
  )
  const path = await sheetOf(rows.join(''))
  const fields = { unit: collective(), track: 'collective', effectiveOn: '2026-03-01', token: crypto.randomUUID() }
  const reply = await zhang.upload('/imports', fields, { name: '表.xlsx', bytes: await readFile(path) })
  expect(reply.statusCode).toBe(422)
  expect(reply.body).toContain(`文件里的行号乱了：${sentence}。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。`)
})

it('rows of much text go through the database a few at a time, none lost', async () => {
  const columns = many(20, (at) => `栏${at}`)
  const long = many(20, () => 'x'.repeat(30_000)).join(',')
  const { no, batch } = await upload([`资产名称,${columns.join(',')}`, ...many(40, (at) => `泵${at},${long}`), '末泵'])
  const chunks: StagedRow[][] = []
  await test.db(async (tx) => {
    for await (const rows of stagedRows(tx, batch.id)) chunks.push(rows)
  })
  expect(chunks.flat().map(({ row }) => row)).toEqual(many(41, (at) => at + 2))
  expect(chunks.length).toBeGreaterThan(1)
  const lengths = chunks.map((rows) => JSON.stringify(rows.map(({ extra }) => extra)).length)
  expect(Math.max(...lengths)).toBeLessThan(14 * 2 ** 20)
  expect((await confirmMapping(test, zhang, no))?.statusCode).toBe(303)
  const reply = await zhang.post(`/imports/${no}/commit`, { action: 'all', version: String(batch.version + 1) })
  expect(reply.statusCode).toBe(303)
  const [row] = await test.db((tx) => tx.select().from(importRows).where(eq(importRows.batchId, batch.id)).limit(1))
  expect(row?.entryId).not.toBeNull()
})

it('a column of names that are no units asks a hundred times, not once for every row', async () => {
  const { no, batch } = await upload(['资产名称,权属单位', ...many(300, (at) => `泵${at},张三${at}`)])
  const { questions } = batch.reading as { questions: { about: string }[] }
  expect(questions.filter(({ about }) => about.startsWith('权属单位「'))).toHaveLength(100)
  expect(questions.at(-1)?.about).toBe('还有 200 行的权属单位也没有认出，这一列写的是单位名称吗？')
  expect((await zhang.get(`/imports/${no}/mapping`)).body).toContain('还有 200 行的权属单位')
})

it('a database that ends idle transactions waits for a file that is being read', async () => {
  const patient = await openTestApp()
  try {
    const [own] = await patient.db((tx) => tx.execute<{ name: string }>(sql`select current_database() as name`))
    await patient.db((tx) =>
      tx.execute(sql`alter database ${sql.identifier(own?.name ?? '')} set idle_in_transaction_session_timeout = 300`),
    )
    const unit = patient.fixture.codes.古井村股份经济合作联合社 ?? ''
    const fields = { unit, track: 'collective', effectiveOn: '2026-03-01', token: crypto.randomUUID() }
    const visitor = await patient.as('zhang')
    const reply = await visitor.upload('/imports', fields, {
      name: '表.csv',
      bytes: Buffer.from('资产名称,账面原值\n水泵,1'),
    })
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
  } finally {
    await patient.close()
  }
})

it('a table of as many columns as are read can be mapped', async () => {
  const headers = many(255, (at) => `栏${at}`)
  const { no, batch } = await upload([`资产名称,${headers.join(',')}`, `泵,${headers.join(',')}`])
  const { columns } = batch.reading as { columns: { column: string; field: string | null }[] }
  const answers = Object.fromEntries(columns.map(({ column, field }) => [`column-${column}`, field ?? '']))
  const reply = await zhang.post(`/imports/${no}/mapping`, { ...answers, version: String(batch.version), token: 't' })
  expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
})

it('the same form sent again while its file is still read is told so', { timeout: 60_000 }, async () => {
  const token = crypto.randomUUID()
  const unit = test.fixture.codes.古井村股份经济合作联合社 ?? ''
  const fields = { unit, track: 'collective', effectiveOn: '2026-03-01', token }
  const file = { name: '表.csv', bytes: Buffer.from('资产名称\n两次的泵') }
  const owner = `p${test.fixture.people.zhang}`
  const { promise: done, resolve: end } = Promise.withResolvers<void>()
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const body = { ...fields }
  const bytes = createHash('sha256').update(file.bytes).digest('hex')
  const hash = createHash('sha256')
    .update(`POST /imports\n${bytes} ${JSON.stringify(body)}`)
    .digest('hex')
  const first = test.db(async (tx) => {
    await tx.insert(submissions).values({ owner, token, hash, location: '', at: new Date() })
    begin()
    await done
  })
  await begun
  const reply = await zhang.upload('/imports', fields, file)
  end()
  await first
  expect(reply.statusCode).toBe(422)
  expect(reply.body).toContain('这张表单已经提交，正在办理，请不要重复提交')
})

it('an object store that fails is told as what it is, and leaves nothing', { timeout: 60_000 }, async () => {
  const bucket = await openFakeS3()
  const { endpoint, key, secret, region } = bucket.place
  const other = await openTestApp(undefined, {
    FILES_S3_ENDPOINT: endpoint,
    FILES_S3_BUCKET: bucket.place.bucket,
    FILES_S3_KEY: key,
    FILES_S3_SECRET: secret,
    FILES_S3_REGION: region,
  })
  try {
    bucket.broken.status = 400
    const unit = other.fixture.codes.古井村股份经济合作联合社 ?? ''
    const fields = { unit, track: 'collective', effectiveOn: '2026-03-01', token: crypto.randomUUID() }
    const visitor = await other.as('zhang')
    const reply = await visitor.upload('/imports', fields, {
      name: '表.csv',
      bytes: Buffer.from('资产名称,账面原值\n水泵,1'),
    })
    expect(reply.statusCode).toBe(502)
    expect(reply.body).toContain('文件存储暂时连不上，内容没有保存，请过一两分钟再试。')
    const found = await other.db((tx) => tx.select().from(importBatches))
    expect(found).toEqual([])
    expect(await readdir(join(other.data, 'files', 'tmp'))).toEqual([])
    bucket.broken.status = undefined
    expect(
      (await visitor.upload('/imports', fields, { name: '表.csv', bytes: Buffer.from('资产名称,账面原值\n水泵,1') }))
        .statusCode,
    ).toBe(303)
  } finally {
    await other.close()
    await bucket.close()
  }
})
