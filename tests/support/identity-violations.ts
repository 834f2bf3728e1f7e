const named = (name: string) => `(select id from cards where name = '${name}' order by id limit 1)`

/** Over the cards of `splitAndMerge`. */
export const identityViolations: readonly (readonly [name: string, shown: string, ...statements: string[]])[] = [
  ['并入的编号通向一张在册的卡片', '510923', `update cards set voided = true where id = ${named('水井')}`],
  [
    '并入的编号通向一张在册的卡片',
    '510923',
    `update cards set merged_into_id = (select max(id) from cards where name = '水井') where id = ${named('水井')}`,
  ],
  ['作废的卡片都有去处，有去处的都已作废', '作废，无事件', `update cards set voided = true where name = '堰塘'`],
  [
    '作废的卡片都有去处，有去处的都已作废',
    '在册，card.split-back',
    `update cards set voided = false where name = '长凳'`,
  ],
  ['作废的卡片都有去处，有去处的都已作废', '作废，card.merged-away', `update cards set merged_into_id = null`],
  ['每张卡片由一件事件建立', '：0 件', `delete from events where card_id = ${named('堰塘')}`],
  ['每张卡片由一件事件建立', '：1 件', `update cards set split_from_id = null`],
  [
    '拆出的加留下的等于拆分前的',
    '拆分于第 1 版',
    `update cards set cost = cost + 0.01 where name = '课桌' and split_from_id is not null`,
  ],
  [
    '拆出的加留下的等于拆分前的',
    '拆分于第 1 版',
    `update cards set quantity = quantity - 0.001 where id = ${named('课桌')}`,
  ],
  [
    '合并后的加移出的等于合并前的',
    '并入 510923',
    `update events set detail = jsonb_set(detail, '{removed,cost}', '"499.99"') where action = 'card.merge'`,
  ],
  ['撤销拆分、撤销合并后恢复原来的数', 'card.unsplit', `update cards set cost = 41.01 where id = ${named('长凳')}`],
  ['撤销拆分、撤销合并后恢复原来的数', 'card.unmerge', `update cards set cost = 900.01 where id = ${named('水塔')}`],
]
