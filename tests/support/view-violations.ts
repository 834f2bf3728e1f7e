const view = (name: string, list = '/assets', query = '') =>
  `insert into saved_views (person_id, list, name, query, created_at, updated_at)
     select id, '${list}', ${name}, '${query}', now(), now() from people where account = 'zhang'`

/** What may not be found of the views that people keep. */
export const viewViolations: readonly (readonly [name: string, shown: string, ...statements: string[]])[] = [
  [
    '每人每个列表的常用视图不超过 30 个',
    'zhang：/assets 有 31 个',
    `${view(`n::text`).replace(' where', ', generate_series(1, 31) n where')}`,
  ],
  ['常用视图都属于现有的人员，只存本系统的条件', '外面：//evil', view(`'外面'`, '//evil')],
  ['常用视图都属于现有的人员，只存本系统的条件', '第二页：/assets', view(`'第二页'`, '/assets', 'after=x')],
  [
    '常用视图都属于现有的人员，只存本系统的条件',
    '无主：/assets',
    view(`'无主'`),
    `update saved_views set person_id = 999999`,
  ],
]
