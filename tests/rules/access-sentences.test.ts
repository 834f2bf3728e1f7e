import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { accessFields, accessSentences } from '../../server/access/sentences.ts'

const folder = new URL('../../server/access/', import.meta.url)
const source = readdirSync(folder)
  .filter((file) => file !== 'sentences.ts')
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))
  .join('\n')

it('has a sentence for every action that units and people write, and for no other', () => {
  const written = [...source.matchAll(/'((?:unit|person)\.[a-z-]+)'/g)].map(([, action]) => action)
  expect([...new Set(written)].sort()).toEqual(Object.keys(accessSentences).sort())
})

it('has a label for every field they tell', () => {
  for (const field of ['name', 'parent', 'division', 'entity', 'membership', 'until']) {
    expect(accessFields[field]).toMatch(/\p{Script=Han}/u)
  }
})
