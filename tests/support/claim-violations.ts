const claim = (more: Record<string, string> = {}) => {
  const values: Record<string, string> = {
    ...{ no: `'ZQ2026-0900'`, kind: `'claim'`, category: `'receivable'`, counterparty: `'王某'`, amount: '100' },
    ...{ unit_id: `(select id from units where regime = 'collective' order by id limit 1)` },
    ...{ created_at: 'now()', updated_at: 'now()' },
    ...more,
  }
  return `insert into claims (${Object.keys(values).join(', ')}) values (${Object.values(values).join(', ')})`
}
const entered = `insert into events (at, actor_name, action, claim_id, detail)
  select now(), '系统', 'claim.enter', id, '{"changes": {"amount": {"old": null, "new": "100.00"}}}' from claims`
const call = `insert into calls (no, title, track, issuer_id, base_on, due_on, compile_on, party_keys, created_at, updated_at)
  select 'QC2026-0900', '清查', 'collective', id, '2026-01-01', '2026-01-02', '2026-01-03', '{1}', now(), now() from units limit 1`
const count = `insert into counts
  (no, state, call_id, unit_id, track, unit_code, unit_name, unit_kind, division_code, party_keys, created_at, updated_at)
  select 'PD2026-0900', 'submitted', c.id, c.issuer_id, 'collective', 'U', '村', 'village_collective', '510923100210', '{1}',
    now(), now() from calls c`
const compilation = `insert into compilations
  (no, state, call_id, unit_id, track, filed_on, frozen, party_keys, created_at, updated_at)
  select 'HZ2026-0900', 'filed', c.id, c.issuer_id, 'collective', '2026-01-05', '[]', '{1}', now(), now() from calls c`
const line = (counted: string) => `insert into claim_lines
  (count_id, no, claim_id, claim_version, kind, category, counterparty, book_amount, counted_amount, reason)
  select t.id, 1, k.id, 1, k.kind, k.category, k.counterparty, 100, ${counted}, '还了' from counts t cross join claims k`

/** What may not be found of claims and debts. */
export const claimViolations: readonly (readonly [name: string, shown: string, ...statements: string[]])[] = [
  ['债权债务的金额等于最后一次记录的金额', 'ZQ2026-0900：100.00 ≠ 无', claim()],
  [
    '债权债务的金额等于最后一次记录的金额',
    'ZQ2026-0900：90.00 ≠ 100.00',
    claim(),
    entered,
    `update claims set amount = 90`,
  ],
  ['已了结的债权债务有了结的记录', 'ZQ2026-0900', claim({ ended_on: `'2026-01-02'`, ended_reason: `'还了'` }), entered],
  [
    '债权债务只登记在集体经济组织名下',
    'ZQ2026-0900',
    claim({ unit_id: `(select id from units where regime <> 'collective' order by id limit 1)` }),
    entered,
  ],
  ['科目类别与债权、债务相符', 'ZQ2026-0900：payable', claim({ category: `'payable'` }), entered],
  ['已提交的清查没有漏核的债权债务', 'PD2026-0900 第 1 笔', claim(), entered, call, count, line('null')],
  [
    '已备案的债权债务差额都记入了台账',
    'PD2026-0900 第 1 笔',
    ...[claim(), entered, call, count, line('90'), compilation],
    `update counts set state = 'filed', compilation_id = (select id from compilations)`,
  ],
  ['流水号不落后于已用的号码', 'ZQ2026：已用到 900', claim(), entered],
]
