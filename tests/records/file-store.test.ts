import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFileStore } from '../../server/records/file-store.ts'
import { FileMissing, type FileStore, TooLarge } from '../../server/records/files.ts'
import { type FakeS3, openFakeS3 } from '../support/fake-s3.ts'

const paper = Buffer.from('关于同意移交的批复')
const sha256 = createHash('sha256').update(paper).digest('hex')

describe.each(['disk', 's3'] as const)('files on %s', (where) => {
  let folder: string
  let s3: FakeS3 | undefined
  let store: FileStore
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'panhuo-store-'))
    s3 = where === 's3' ? await openFakeS3() : undefined
    store = openFileStore(folder, s3?.place)
  })
  afterEach(async () => {
    await store.close()
    await s3?.close()
    await rm(folder, { recursive: true, force: true })
  })
  const temporaries = () => readdir(join(folder, 'tmp')).catch(() => [])

  it('are kept under what they hold, and read again', async () => {
    expect(await store.keep(Readable.from([paper.subarray(0, 5), paper.subarray(5)]))).toEqual({
      sha256,
      size: paper.length,
    })
    expect(await store.has(sha256)).toBe(true)
    expect((await store.stat(sha256))?.size).toBe(paper.length)
    expect(await buffer(await store.read(sha256))).toEqual(paper)
    expect(await temporaries()).toEqual([])
    const name = `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
    if (s3) expect([...s3.objects.keys()]).toEqual([`510923/${name}`])
    else expect(await readFile(join(folder, name))).toEqual(paper)
  })

  it('are there once, however often they come', async () => {
    await store.keep(Readable.from([paper]))
    await store.keep(Readable.from([paper]))
    expect(await Array.fromAsync(store.all(), (file) => file.sha256)).toEqual([sha256])
  })

  it('wait until somebody has looked at them', async () => {
    const received = await store.receive(Readable.from([paper]))
    expect(await store.has(sha256)).toBe(false)
    expect(await readFile(received.path)).toEqual(paper)
    await received.drop()
    expect(await temporaries()).toEqual([])
    await expect(store.read(sha256)).rejects.toThrow(FileMissing)
  })

  it('are refused beyond the limit, and nothing stays', async () => {
    const source = Readable.from([paper, paper])
    await expect(store.receive(source, paper.length)).rejects.toThrow(TooLarge)
    expect(source.readableEnded).toBe(true)
    expect(await store.keep(Readable.from([paper]), paper.length)).toMatchObject({ sha256 })
    expect(await temporaries()).toEqual([])
  })

  it('leave nothing when the sender breaks off', async () => {
    const broken = Readable.from(
      (async function* () {
        yield paper
        throw new Error('gone')
      })(),
    )
    await expect(store.keep(broken)).rejects.toThrow('gone')
    expect(await temporaries()).toEqual([])
    expect(await Array.fromAsync(store.all())).toEqual([])
  })

  it('are lent as a local file, and the loan is over afterwards', async () => {
    await store.keep(Readable.from([paper]))
    expect(await store.withLocalFile(sha256, (path) => readFile(path))).toEqual(paper)
    await expect(
      store.withLocalFile(sha256, async () => {
        throw new Error('the reader fell over')
      }),
    ).rejects.toThrow('fell over')
    expect(await temporaries()).toEqual([])
    expect(await store.has(sha256)).toBe(true)
  })

  it('go together with what was made from them', async () => {
    await store.keep(Readable.from([paper]))
    expect(await store.readDerived(sha256, 'thumbnail')).toBeNull()
    await store.keepDerived(sha256, 'thumbnail', Buffer.from('small'))
    const small = await store.readDerived(sha256, 'thumbnail')
    expect(small && String(await buffer(small))).toBe('small')
    expect(await Array.fromAsync(store.all(), (file) => file.sha256)).toEqual([sha256])
    await store.remove(sha256)
    expect(await store.has(sha256)).toBe(false)
    expect(await store.readDerived(sha256, 'thumbnail')).toBeNull()
    await store.remove(sha256)
  })

  it('are listed, more than one page of them', async () => {
    const kept = []
    for (const text of ['一', '二', '三', '四', '五']) kept.push((await store.keep(Readable.from([text]))).sha256)
    const listed = await Array.fromAsync(store.all())
    expect(listed.map((file) => file.sha256).sort()).toEqual(kept.sort())
    expect(listed.every(({ at }) => Math.abs(at.getTime() - Date.now()) < 60_000)).toBe(true)
  })

  it('may be empty', async () => {
    const { sha256: none, size } = await store.keep(Readable.from([]))
    expect(size).toBe(0)
    expect(await buffer(await store.read(none))).toHaveLength(0)
  })

  it('tell which temporary ones are left over', async () => {
    const received = await store.receive(Readable.from([paper]))
    const hourAgo = new Date(Date.now() - 3_600_000)
    expect(await store.staleTemporaries(hourAgo)).toEqual([])
    await utimes(received.path, 0, 0)
    expect(await store.staleTemporaries(hourAgo)).toEqual([received.path])
  })

  it.runIf(where === 's3')('say so when the object store does not work', async () => {
    if (s3) s3.broken.status = 403
    await expect(store.keep(Readable.from([paper]))).rejects.toThrow()
    await expect(store.has(sha256)).rejects.toThrow()
    expect(await temporaries()).toEqual([])
  })

  it.runIf(where === 's3')('are not lent when they have changed', async () => {
    await store.keep(Readable.from([paper]))
    for (const object of s3?.objects.values() ?? []) object.bytes = Buffer.from('something else')
    await expect(store.withLocalFile(sha256, async () => 1)).rejects.toThrow('not what they were')
  })
})
