import { readFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import { expect, test } from 'vitest'
import { Environment, readConfig } from '../server/config.ts'

const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')

test('.env.example names the keys of the schema, with their descriptions', () => {
  const named = [...example.matchAll(/^#?([A-Z0-9_]+)=/gm)].map((match) => match[1])
  expect(named.toSorted()).toEqual(Object.keys(Environment.properties).toSorted())
  for (const schema of Object.values(Environment.properties)) {
    const { description }: TSchema & { description?: string } = schema
    expect(example).toContain(`# ${description}\n`)
  }
})

test('.env.example shows the defaults', () => {
  const defaults = readConfig({})
  for (const [key, value] of Object.entries(defaults)) expect(example).toContain(`#${key}=${value}\n`)
})

test('what is blank counts as not set, and numbers are read', () => {
  expect(readConfig({ PORT: '', HOST: '' })).toMatchObject({ PORT: 3000, HOST: '127.0.0.1' })
  expect(readConfig({ PORT: '8080', OTHER: 'x' })).toMatchObject({ PORT: 8080 })
})

test.each([
  ['PORT', 'abc'],
  ['PORT', '65537'],
  ['PANHUO_COUNTY', '5109'],
  ['LOG_LEVEL', 'loud'],
  ['SESSION_IDLE_MINUTES', '3'],
  ['PUBLIC_ORIGIN', 'panhuo.example.gov.cn'],
  ['PUBLIC_ORIGIN', 'https://panhuo.example.gov.cn/'],
])('a wrong %s is named, its value is not repeated', (key, value) => {
  const complaint = () => readConfig({ [key]: value })
  expect(complaint).toThrow(`环境变量 ${key} 的值不对`)
  expect(complaint).not.toThrow(value)
})

test('an object store is set as a whole or not at all', () => {
  const place = { FILES_S3_ENDPOINT: 'https://s3.example.gov.cn', FILES_S3_BUCKET: 'panhuo', FILES_S3_KEY: 'k' }
  expect(() => readConfig(place)).toThrow('设置了 FILES_S3_ENDPOINT，还缺 FILES_S3_SECRET')
  expect(() => readConfig({ FILES_S3_KEY: 'k' })).toThrow('设置了 FILES_S3_KEY，还缺 FILES_S3_ENDPOINT')
  expect(readConfig({ ...place, FILES_S3_SECRET: 's' }).FILES_S3_REGION).toBe('us-east-1')
})
