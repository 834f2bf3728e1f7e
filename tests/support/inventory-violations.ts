const call = `insert into calls (no, title, track, issuer_id, base_on, due_on, compile_on, party_keys, created_at, updated_at)
  select 'QC2026-0900', '清查', 'collective', id, '2026-01-01', '2026-01-02', '2026-01-03', '{1}', now(), now() from units limit 1`
const count = (state = 'counting') => `insert into counts
  (no, state, call_id, unit_id, track, unit_code, unit_name, unit_kind, division_code, party_keys, created_at, updated_at)
  select 'PD2026-0900', '${state}', c.id, c.issuer_id, 'collective', 'U', '村', 'village_collective', '510923100210', '{1}', now(), now()
  from calls c`
const compilation = (frozen: string) => `insert into compilations
  (no, state, call_id, unit_id, track, filed_on, frozen, party_keys, created_at, updated_at)
  select 'HZ2026-0900', 'filed', c.id, c.issuer_id, 'collective', '2026-01-05', '${frozen}', '{1}', now(), now() from calls c`
const filed = `update counts set state = 'filed', compilation_id = (select id from compilations)`
const line = (columns: string, values: string) => `insert into count_lines
  (count_id, no, origin, card_id, card_version, name, card_type, division_code, book_quantity, book_cost${columns})
  select t.id, 1, 'booked', c.id, c.version, c.name, c.card_type, c.division_code, 1, 100${values}
  from counts t cross join (select * from cards where not voided order by id limit 1) c`
const lost = line(', counted_quantity, missing_quantity, missing_reason, missing_cost', `, 0, 1, '丢失', 100`)

/** What may not be found of calls, counts and compilations. */
export const inventoryViolations: readonly (readonly [name: string, shown: string, ...statements: string[]])[] = [
  ['清查通知的状态与最后一步一致', 'QC2026-0900：draft ≠ 无', call],
  ['单位清查的状态与最后一步一致', 'PD2026-0900：counting ≠ 无', call, count()],
  ['清查汇总的状态与最后一步一致', 'HZ2026-0900：filed ≠ 无', call, compilation('[]')],
  ['盘点中的单位有提交时限在走', 'PD2026-0900', call, count()],
  [
    '盘点明细的价值等于各部分之和',
    'PD2026-0900 第 1 项',
    call,
    count(),
    line(', counted_quantity, missing_quantity, missing_reason, missing_cost', `, 0, 1, '丢失', 99.99`),
  ],
  ['已提交的清查没有漏盘的明细', 'PD2026-0900 第 1 项', call, count('submitted'), line('', '')],
  [
    '备案时的汇总数等于明细之和',
    'HZ2026-0900：U house',
    call,
    count(),
    lost,
    compilation('[{"unit": "U", "cardType": "house", "figures": {"lines": "1", "book_cost": "0"}}]'),
    filed,
  ],
  ['已备案的差异都记入了台账', 'PD2026-0900 第 1 项', call, count(), lost, compilation('[]'), filed],
]
