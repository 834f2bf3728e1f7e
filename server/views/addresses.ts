import { RuleBroken } from '../kernel/errors.ts'
import type { ViewedList } from '../kernel/views.ts'

export function splitAddress(address: string): { path: string; query: string } {
  const [path = '', ...rest] = address.split('?')
  return { path, query: rest.join('?') }
}

export function addressOf({ list, query }: { list: string; query: string }): string {
  return query === '' ? list : `${list}?${query}`
}

/** The list that an address is of, and what it knows of the rest. */
export function readAddress(lists: readonly ViewedList[], address: string) {
  const { path, query } = splitAddress(address)
  const list = lists.find((one) => one.path === path)
  return list && { list, ...list.read(query) }
}

/** The same of an address that is to be kept: all of it has to be known. */
export function addressToKeep(lists: readonly ViewedList[], address: string) {
  const read = readAddress(lists, address)
  if (!read) throw new RuleBroken('请回到列表，从那里保存常用视图。')
  if (read.problems.length > 0) throw new RuleBroken(read.problems.map((text) => ({ field: null, text })))
  return { list: read.list.path, query: read.query }
}
