/** Over the cards of `undoneImport`. */
export const undoViolations: readonly (readonly [name: string, shown: string, ...statements: string[]])[] = [
  ['批量修改都写明原因，不新增卡片', ' 没有原因', `update import_batches set origin = 'edit'`],
  ['批量修改都写明原因，不新增卡片', ' 不是批量修改', `update import_batches set reason = '清查'`],
  ['批量修改都写明原因，不新增卡片', ' 有新增', `update import_batches set origin = 'edit', reason = '清查'`],
  [
    '撤销的批次新增的卡片都已作废，注明保留的除外',
    '第 3 行：510923',
    `update cards set voided = false where name = '新磨'`,
  ],
  [
    '撤销的批次新增的卡片都已作废，注明保留的除外',
    '第 3 行：510923',
    `update import_rows set kept = '导入后修改过' where "values" ->> 'name' = '新磨'`,
  ],
  ['撤销的批次新增的卡片都已作废，注明保留的除外', ' 在册', `update import_rows set kept = null`],
  ['撤销导入后恢复导入前的内容', '恢复到第 1 版', `update cards set cost = 80.01 where name = '石磨'`],
  ['撤销导入后恢复导入前的内容', '恢复到第 1 版', `update cards set written = '{"cost": "80元"}' where name = '石磨'`],
  ['撤销导入后恢复导入前的内容', '恢复到第 9 版', restores(9)],
  [
    '撤销导入的件数与卡片事件和保留的行一致',
    '作废 0，恢复 1，保留 1',
    `delete from events where action = 'card.import-undone'`,
  ],
  ['撤销导入的件数与卡片事件和保留的行一致', '保留 0', `update import_rows set kept = null`],
  [
    '撤销导入的件数与卡片事件和保留的行一致',
    '作废 1，恢复 1，保留 1',
    `update events set detail = '{"counts": {"voided": 2, "restored": 1, "kept": 1}}' where action = 'import.undo'`,
  ],
  ['撤销的批次与撤销的记录一致', 'undone，0 件', `delete from events where action = 'import.undo'`],
  [
    '撤销的批次与撤销的记录一致',
    'committed，1 件',
    `update import_batches set state = 'committed' where state = 'undone'`,
  ],
  ['撤销的批次与撤销的记录一致', 'undone，1 件', `update import_batches set undone_at = null`],
]

function restores(version: number): string {
  return `update events set detail = jsonb_set(detail, '{restores}', '${version}') where action = 'card.import-reverted'`
}
