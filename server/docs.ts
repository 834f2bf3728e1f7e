import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cardVerbs, type HoldKind, holdKinds, holdMatrix } from './assets/holds.ts'
import { fieldsPage } from './fields-page.ts'
import { businessRoles, type Role, roles } from './kernel/actor.ts'
import type { Workflow } from './kernel/workflow.ts'
import { page, table } from './markdown.ts'
import { matters, quorumRules, shareText, votingBodies } from './records/quorum-rules.ts'
import { workflows } from './workflows.ts'

const folder = new URL('../docs/workflows/', import.meta.url)
const manual = new URL('../docs/manual/', import.meta.url)
const source = '流程表'
const groupLabels = { open: '办理中', done: '已办结', dropped: '已终止' } as const
const commentLabels = { none: '—', optional: '可写', required: '必写' } as const

type AnyWorkflow = Workflow<never>
type AnyStep = AnyWorkflow['steps'][string]

/** The pages that say, in the words of the interface, what the program enforces: file name → text. */
export function printedPages(): Record<string, string> {
  const documents = workflows.map((workflow) => [`${workflow.kind}s.md`, workflowPage(workflow)])
  return {
    ...Object.fromEntries(documents),
    'holds.md': holdsPage(),
    'quorums.md': quorumsPage(),
    'roles.md': rolesPage(),
  }
}

/** The same among the written pages of the manual. */
export function printedManual(): Record<string, string> {
  return { 'fields.md': fieldsPage() }
}

export function workflowPage(workflow: AnyWorkflow): string {
  const steps = Object.entries(workflow.steps)
  const state = (key: string) => workflow.states[key]?.label ?? key
  const groups = Object.entries(groupLabels).map(([group, label]) => {
    const states = workflow.groups[group as keyof typeof groupLabels]
    return [label, states.map(state).join('、') || '—']
  })
  return page(workflow.label, source, [
    '## 办理步骤',
    table(
      ['原状态', '操作', '谁', '新状态', '意见', '条件'],
      steps.map(([, step]) => [
        step.from.map(state).join('、'),
        step.along ? `${step.label}（随有关单据办理）` : step.label,
        step.by.map(({ role, of }) => `${workflow.parties[of] ?? of}的${roles[role]}`).join('、'),
        state(step.to),
        commentLabels[step.comment ?? 'none'],
        (step.guards ?? []).map((guard) => workflow.guards[guard]?.label ?? guard).join('；') || '—',
      ]),
    ),
    '## 不得由同一人办理',
    separation(workflow, steps),
    '## 状态分组',
    table(['分组', '状态'], groups),
    '## 流程图',
    diagram(workflow, steps),
  ])
}

function separation(workflow: AnyWorkflow, steps: readonly [string, AnyStep][]): string {
  const lines = steps
    .filter(([, step]) => step.notAfter !== undefined)
    .map(([, step]) => {
      const earlier = (step.notAfter ?? []).map((key) => `“${labelOf(workflow, key)}”`).join('或')
      return `- 办过${earlier}的人，不得办理“${step.label}”。`
    })
  return lines.join('\n') || '没有这类限制。'
}

function labelOf({ steps, opening }: AnyWorkflow, key: string): string {
  return steps[key]?.label ?? (opening?.key === key ? opening.label : key)
}

function diagram({ states, path }: AnyWorkflow, steps: readonly [string, AnyStep][]): string {
  const last = Object.keys(states).filter((state) => !steps.some(([, step]) => step.from.includes(state)))
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...Object.entries(states).map(([key, { label }]) => `  ${key}: ${label}`),
    `  [*] --> ${path[0]}`,
    ...steps.flatMap(([, step]) => step.from.map((from) => `  ${from} --> ${step.to}: ${step.label}`)),
    ...last.map((state) => `  ${state} --> [*]`),
    '```',
  ].join('\n')
}

/** Which hold keeps which verb from a card. */
function holdsPage(): string {
  const verbs = Object.entries(cardVerbs)
  const rows = (Object.keys(holdKinds) as HoldKind[]).map((kind) => [
    holdKinds[kind],
    ...verbs.map(([verb]) => ((holdMatrix[kind] as readonly string[]).includes(verb) ? '不能' : '可以')),
  ])
  return page('资产占用与可办事项', source, [
    '资产被一件事项占用期间，其他事项能不能办。占用它的事项本身不受限制。',
    table(['占用', ...verbs.map(([, label]) => label)], rows),
  ])
}

/** Which numbers a resolution needs, by body and day, and who may decide what. */
function quorumsPage(): string {
  return page('决议的人数要求', '人数规则表', [
    '决议按开会那天有效的法律认定是否通过；法律的规定不能放宽。当时还没有规定的，按到会人数过半数计，并写明。',
    table(
      ['会议', '自', '应到', '实到', '赞成', '提前通知', '依据'],
      quorumRules.map((rule) => [
        votingBodies[rule.body],
        rule.from,
        rule.members,
        shareText(rule.present),
        shareText(rule.inFavour),
        rule.notice === null ? '—' : `${rule.notice} 日`,
        rule.basis,
      ]),
    ),
    '## 可以决定的事项',
    table(
      ['事项', '会议', '依据'],
      Object.values(matters).map(({ label, bodies, basis }) => [
        label,
        bodies.map((body) => votingBodies[body]).join('、'),
        basis,
      ]),
    ),
  ])
}

/** The roles, and what each does in every document. */
function rolesPage(): string {
  const rows = (Object.keys(roles) as Role[]).map((role) => [
    roles[role],
    `\`${role}\``,
    businessRoles.includes(role) ? '是' : '否',
    ...workflows.map((workflow) => stepsOf(workflow, role)),
  ])
  return page('岗位', source, [
    '一个人可以有几个岗位；每个岗位对应一个单位、一个条线（国有、集体或两者）和起止日期。',
    table(['岗位', '标识', '看业务数据', ...workflows.map(({ label }) => label)], rows),
  ])
}

function stepsOf(workflow: AnyWorkflow, role: Role): string {
  const own = Object.values(workflow.steps).filter((step) => step.by.some((by) => by.role === role))
  return own.map(({ label }) => label).join('、') || '—'
}

if (import.meta.main) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(printedPages())) writeFileSync(new URL(name, folder), text)
  for (const [name, text] of Object.entries(printedManual())) writeFileSync(new URL(name, manual), text)
}
