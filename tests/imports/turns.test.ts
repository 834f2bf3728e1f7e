import { expect, test } from 'vitest'
import { openTurns } from '../../imports/reading/turns.ts'

/** Work that ends when it is told to. */
function held(log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const work = () => {
    log.push(name)
    return promise
  }
  return { work, end: () => resolve(name), fail: () => reject(new Error(name)) }
}

const settled = () => new Promise((done) => setImmediate(done))

test('two at a time, the others in the order they came', async () => {
  const turns = openTurns(2)
  const log: string[] = []
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => held(log, name))
  const taken = [a, b, c, d].map((one) => turns.take(one?.work ?? fail))
  await settled()
  expect(log).toEqual(['a', 'b'])
  expect(turns.waiting).toBe(2)
  b?.end()
  await settled()
  expect(log).toEqual(['a', 'b', 'c'])
  a?.end()
  c?.end()
  d?.end()
  expect(await Promise.all(taken)).toEqual(['a', 'b', 'c', 'd'])
  expect(turns.waiting).toBe(0)
})

test('what fails gives its place on', async () => {
  const turns = openTurns(1)
  const log: string[] = []
  const first = held(log, 'first')
  const failing = turns.take(first.work)
  const second = turns.take(async () => 'second')
  first.fail()
  await expect(failing).rejects.toThrow('first')
  expect(await second).toBe('second')
})

test('who goes away while waiting leaves the queue, and takes no place', async () => {
  const turns = openTurns(1)
  const log: string[] = []
  const first = held(log, 'first')
  const running = turns.take(first.work)
  const going = new AbortController()
  const gone = turns.take(held(log, 'gone').work, going.signal)
  const last = turns.take(async () => 'last')
  going.abort(new Error('hung up'))
  await expect(gone).rejects.toThrow('hung up')
  expect(turns.waiting).toBe(1)
  first.end()
  await running
  expect(await last).toBe('last')
  expect(log).toEqual(['first'])
  await expect(turns.take(async () => 'late', going.signal)).rejects.toThrow('hung up')
  expect(await turns.take(async () => 'free')).toBe('free')
})

test('going away after one’s turn has come changes nothing for the next', async () => {
  const turns = openTurns(1)
  const log: string[] = []
  const [a, b] = [held(log, 'a'), held(log, 'b')]
  const running = turns.take(a.work)
  const going = new AbortController()
  const second = turns.take(b.work, going.signal)
  a.end()
  await running
  await settled()
  going.abort()
  const third = turns.take(async () => 'third')
  expect(turns.waiting).toBe(1)
  b.end()
  expect([await second, await third]).toEqual(['b', 'third'])
})

test('a queue that is too long is not joined', async () => {
  const turns = openTurns(1, 1)
  const first = held([], 'first')
  const both = [turns.take(first.work), turns.take(async () => 'second')]
  await expect(turns.take(async () => 'third')).rejects.toThrow('请过一两分钟再上传')
  first.end()
  expect(await Promise.all(both)).toEqual(['first', 'second'])
})

test('a queue that closes sends away who waits and who comes, and lets the work in hand end', async () => {
  const turns = openTurns(1)
  const first = held([], 'first')
  const running = turns.take(first.work)
  const going = new AbortController()
  const second = turns.take(async () => 'second', going.signal)
  turns.close()
  await expect(second).rejects.toThrow('系统正在重新启动，文件没有读取。请过一两分钟再上传。')
  going.abort()
  await expect(turns.take(async () => 'third')).rejects.toThrow('请过一两分钟再上传')
  first.end()
  expect(await running).toBe('first')
  await expect(turns.take(async () => 'fourth')).rejects.toThrow('请过一两分钟再上传')
})

function fail(): never {
  throw new Error('there is no such work')
}
