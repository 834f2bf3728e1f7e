import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sources, viewsDir } from './render.ts'

const templates = sources('.njk')
const styles = sources('.css')

describe('templates', () => {
  test('are all looked at', () => {
    expect(templates.length).toBeGreaterThan(60)
  })

  test.each(templates)('$file trusts nothing and keeps behaviour out of the markup', ({ source }) => {
    expect(source).not.toMatch(/\|\s*safe\b/)
    expect(source).not.toMatch(/autoescape\s+false/)
    expect(source).not.toMatch(/<style|\sstyle\s*=/i)
    expect(source).not.toMatch(/<script(?![^>]*\ssrc="\/static\/)[^>]*>/i)
    expect(source).not.toMatch(/\son[a-z]+\s*=/i)
    expect(source).not.toMatch(/hx-on|["']js:|javascript:/i)
    expect(source).not.toMatch(/hx-trigger="[^"]*\[/)
  })

  test.each(templates)('$file sends every printed address through safeUrl', ({ source }) => {
    const printed = [...source.matchAll(/\s(?:href|action|formaction|hx-get|hx-post)="\{\{([^}]*)\}\}/g)]
    for (const [, expression = ''] of printed) expect(expression).toContain('| safeUrl')
  })
})

test.each(styles)('$file uses only colours that an older Chromium knows', ({ source }) => {
  expect(source.replace(/\/\*.*?\*\//gs, '')).not.toMatch(
    /oklch\(|color-mix\(|light-dark\(|:has\(|@layer|@import|url\(/,
  )
})

test('every icon that a template or the navigation names is in the sprite', () => {
  const sprite = sources('icons.svg')[0]?.source ?? ''
  const named = templates.flatMap(({ source }) => [
    ...[...source.matchAll(/appIcon\(\{ name: '([\w-]+)'/g)].map(([, name]) => name),
    ...[...source.matchAll(/\bicon: '([\w-]+)'/g)].map(([, name]) => name),
    ...[...source.matchAll(/set icon = '([\w-]+)'/g)].map(([, name]) => name),
  ])
  const navigation = readFileSync(join(viewsDir, '../server/navigation.ts'), 'utf8')
  named.push(...[...navigation.matchAll(/icon: '([\w-]+)'/g)].map(([, name]) => name))
  expect(named.length).toBeGreaterThan(10)
  for (const name of named) expect(sprite).toContain(`id="${name}"`)
})
