import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { printedManual, printedPages, workflowPage } from '../../server/docs.ts'
import { defineWorkflow } from '../../server/kernel/workflow.ts'

const folder = new URL('../../docs/workflows/', import.meta.url)

describe('the printed workflows', () => {
  it('are those of the program', () => {
    const printed = printedPages()
    expect(readdirSync(folder).sort()).toEqual(Object.keys(printed).sort())
    for (const [name, text] of Object.entries(printed)) {
      expect(readFileSync(new URL(name, folder), 'utf8'), `run node server/docs.ts: ${name}`).toBe(text)
    }
  })

  it('and the fields among the pages of the manual', () => {
    const manual = new URL('../../docs/manual/', import.meta.url)
    for (const [name, text] of Object.entries(printedManual())) {
      expect(readFileSync(new URL(name, manual), 'utf8'), `run node server/docs.ts: ${name}`).toBe(text)
    }
  })

  it('show a state without further steps as an end, and a step from two states twice', () => {
    const lamp = defineWorkflow<never>()({
      kind: 'lamp',
      label: '路灯',
      states: {
        off: { label: '关', tone: 'neutral' },
        on: { label: '开', tone: 'info' },
        gone: { label: '拆除', tone: 'danger' },
      },
      path: ['off', 'on'],
      groups: { open: ['off', 'on'], done: [], dropped: ['gone'] },
      parties: { owner: '所有单位' },
      guards: {},
      steps: {
        light: {
          from: ['off'],
          to: 'on',
          by: [{ role: 'keeper', of: 'owner' }],
          label: '开灯',
          done: '',
          sentence: '',
        },
        remove: {
          from: ['off', 'on'],
          to: 'gone',
          by: [{ role: 'lead', of: 'owner' }],
          label: '拆灯',
          done: '',
          sentence: '',
        },
      },
    })
    const text = workflowPage(lamp)
    expect(text).toContain('| 关、开 | 拆灯 | 所有单位的牵头 | 拆除 | — | — |')
    expect(text).toContain('  off --> gone: 拆灯\n  on --> gone: 拆灯\n  gone --> [*]\n```')
    expect(text).toContain('没有这类限制。')
  })
})
