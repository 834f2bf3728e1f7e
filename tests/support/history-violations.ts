const gone = 999999

/** What history names without a foreign key. */
export const historyViolations: readonly (readonly [name: string, shown: string, ...statements: string[]])[] = [
  ...['card_id', 'determination_id', 'unit_id', 'person_id', 'batch_id', 'restriction_id', 'decision_id'].map(
    (column) =>
      [
        '变动记录所写的对象和人员都在',
        `条：${column}`,
        `update events set ${column} = ${gone} where id = (select min(id) from events where ${column} is not null)`,
      ] as const,
  ),
  ...['actor_id', 'actor_unit_id'].map(
    (column) =>
      [
        '变动记录所写的对象和人员都在',
        `条：${column}`,
        `update events set ${column} = ${gone} where id = (select min(id) from events)`,
      ] as const,
  ),
  ...['card_id', 'owner_unit_id', 'user_unit_id', 'division_code', 'event_id'].map(
    (column) =>
      [
        '历史版本所写的卡片、单位、区划和事件都在',
        '版',
        `update card_versions set ${column} = ${gone} where id = (select min(id) from card_versions)`,
      ] as const,
  ),
  [
    '导入的行都属于已有的批次',
    '行',
    `update import_rows set batch_id = ${gone} where id = (select min(id) from import_rows)`,
  ],
]
