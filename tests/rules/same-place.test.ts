import { expect, it } from 'vitest'
import { samePlace } from '../../server/access/same-place.ts'

it.each(['/', '/assets', '/assets?unit=510923100210J01&q=%E5%8A%9E', '/units/510923100000Z01'])('keeps %s', (place) => {
  expect(samePlace(place)).toBe(place)
})

it.each([
  undefined,
  '',
  'assets',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  '/.//evil.example',
  '/./\\evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  '/\u0000/evil.example',
  'https://evil.example',
  'http:evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '/assets\r\nset-cookie: a=b',
  '@evil.example',
  '/sign-in?next=/',
  '/sign-out',
])('leads from %j to the workbench', (place) => {
  expect(samePlace(place)).toBe('/')
})

it.each(['/%2f%2fevil.example', '/@evil.example', '/:80/x'])('keeps %s a path of ours', (place) => {
  const base = 'http://panhuo.example'
  expect(new URL(samePlace(place), base).origin).toBe(base)
})
