import { globSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Workflow } from '../../server/kernel/workflow.ts'
import { sentences } from '../../server/sentences.ts'
import { workflows } from '../../server/workflows.ts'
import { freshDatabase } from '../support/database.ts'
import { once, testSchema } from '../support/test-server.ts'

const root = new URL('../../', import.meta.url).pathname

let database: Awaited<ReturnType<typeof freshDatabase>>
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

describe.each(workflows.map((workflow) => [workflow.label, workflow] as const))('%s', (_label, workflow) => {
  const states = Object.keys(workflow.states)
  const steps = Object.entries(workflow.steps)

  it('has every state in exactly one group', () => {
    expect(Object.values(workflow.groups).flat().sort()).toEqual([...states].sort())
  })

  it('reaches every state from the first', () => {
    expect(states.filter((state) => !reached(workflow).has(state))).toEqual([])
  })

  it('has steps from every open state and from no other', () => {
    const left = new Set(steps.flatMap(([, step]) => step.from))
    expect([...left].sort()).toEqual([...workflow.groups.open].sort())
  })

  it('goes its straight way by steps, ending where it is done', () => {
    const pairs = workflow.path.slice(1).map((to, index) => [workflow.path[index] ?? '', to] as const)
    expect(pairs.filter(([from, to]) => !steps.some(([, step]) => step.to === to && step.from.includes(from)))).toEqual(
      [],
    )
    expect(workflow.groups.done).toContain(workflow.path.at(-1))
  })

  it('has words for every state and step, and someone who does it', () => {
    for (const { label } of Object.values(workflow.states)) expect(label).toMatch(/^\p{Script=Han}+$/u)
    for (const [key, step] of steps) {
      expect(step.label, key).toMatch(/^\p{Script=Han}+$/u)
      expect(step.done, key).toMatch(/^\p{Script=Han}.*。$/u)
      expect(step.sentence, key).toMatch(/\p{Script=Han}/u)
      expect(step.by.length, key).toBeGreaterThan(0)
    }
  })

  it('names only parties, guards and steps that it declares', () => {
    for (const [key, step] of steps) {
      for (const { of } of step.by) expect(Object.keys(workflow.parties), key).toContain(of)
      for (const guard of step.guards ?? []) expect(Object.keys(workflow.guards), key).toContain(guard)
      for (const other of step.notAfter ?? []) {
        expect([...Object.keys(workflow.steps), workflow.opening?.key], key).toContain(other)
      }
    }
  })

  it('asks for a reason when a document goes back or is given up', () => {
    const place = (state: string) => workflow.path.indexOf(state)
    const back = steps.filter(
      ([, step]) => workflow.groups.dropped.includes(step.to) || step.from.some((from) => place(step.to) < place(from)),
    )
    expect(back.filter(([, step]) => step.comment !== 'required').map(([key]) => key)).toEqual([])
  })

  it('has the states that the database allows', async () => {
    const [check] = await once(
      database.url,
      (sql) => sql<{ definition: string }[]>`
        select pg_get_constraintdef(oid) as definition from pg_constraint
        where conname = ${`${workflow.kind}s_state`} and connamespace = ${testSchema}::regnamespace`,
    )
    const listed = [...(check?.definition ?? '').matchAll(/'([a-z_]+)'/g)].map(([, state]) => state)
    expect(listed.sort()).toEqual([...states].sort())
  })
})

describe('events', () => {
  it('have a sentence for every action that is written', () => {
    const written = globSync('{server,db/seeds,imports}/**/*.ts', { cwd: root }).flatMap((file) =>
      [...readFileSync(`${root}${file}`, 'utf8').matchAll(/\baction: '([a-z-]+\.[a-z-]+)'/g)].map(
        ([, action = '']) => action,
      ),
    )
    const steps = workflows.flatMap(({ kind, steps }) => Object.keys(steps).map((step) => `${kind}.${step}`))
    const told = new Set(Object.keys(sentences))
    expect(written.length).toBeGreaterThan(5)
    expect([...new Set([...written, ...steps])].filter((action) => !told.has(action)).sort()).toEqual([])
  })
})

function reached(workflow: Workflow<never>): Set<string> {
  const found = new Set(workflow.path.slice(0, 1))
  for (let size = 0; size < found.size; ) {
    size = found.size
    for (const step of Object.values(workflow.steps)) {
      if (step.from.some((from) => found.has(from))) found.add(step.to)
    }
  }
  return found
}
