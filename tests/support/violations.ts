import { claimViolations } from './claim-violations.ts'
import { historyViolations } from './history-violations.ts'
import { identityViolations } from './identity-violations.ts'
import { inventoryViolations } from './inventory-violations.ts'
import { jobViolations } from './job-violations.ts'
import { noticeViolations } from './notice-violations.ts'
import { undoViolations } from './undo-violations.ts'
import { viewViolations } from './view-violations.ts'

/** The database itself refuses most of what is planted: references and append-only triggers go first. */
export const unguarded = `do $$
declare found record;
begin
  for found in select conrelid::regclass as place, conname from pg_constraint
    where contype = 'f' and connamespace = current_schema()::regnamespace
  loop execute format('alter table %s drop constraint %I', found.place, found.conname); end loop;
  alter table events disable trigger user;
  alter table card_versions disable trigger user;
  alter table decisions disable trigger user;
end $$`

const school = `(select id from cards where name = '原古井小学')`
const shop = `(select id from cards where name = '20%_临街商铺')`
const committee = `(select unit_id from unit_periods where name = '古井村村民委员会')`
const collective = `(select unit_id from unit_periods where name = '古井村股份经济合作联合社')`
const town = `(select unit_id from unit_periods where name = '蓬莱镇人民政府')`

/** Invariant, what is shown of the row that breaks it, and the statements that break it behind the application's back. */
export const violations: readonly (readonly [name: string, shown: string, ...statements: string[]])[] = [
  ...historyViolations,
  ...identityViolations,
  ...undoViolations,
  ...jobViolations,
  ...viewViolations,
  ...noticeViolations,
  ...inventoryViolations,
  ...claimViolations,
  ...[
    `update card_sums set cost = cost + 0.01 where cost > 0`,
    `update card_sums set land_area_known = land_area_known - 1`,
    `update card_sums set usage = 'repaired'`,
    `delete from card_sums`,
    `alter table cards disable trigger user; update cards set idle_area = 1 where id = ${school}`,
  ].map((statement) => ['随时更新的合计与卡片相符', '510923', statement] as const),
  ...[
    `update owner_sums set cost = cost + 0.01 where cost > 0`,
    `update owner_sums set floor_area_known = floor_area_known + 1`,
    `delete from owner_sums where track = 'collective'`,
    `alter table cards disable trigger user; update cards set land_area = land_area + 1 where id = ${school}`,
  ].map((statement) => ['各单位随时更新的总计与卡片相符', '510923', statement] as const),
  ...['card_sums', 'owner_sums'].map(
    (table) => ['合计所记的最晚录入时间不早于卡片', '510923', `update ${table} set newest = '2020-01-01'`] as const,
  ),
  [
    '资产编号不重复',
    '51092300000001 有 2 张卡片',
    'drop index cards_code',
    `update cards set code = '51092300000001' where code = '51092300000002'`,
  ],
  ['资产编号为县代码加 8 位流水号', '51099900000002', `update cards set code = '51099900000002' where code like '%02'`],
  ['每张卡片有一个现存的权属单位', '今天有 0 条记录', `update cards set owner_unit_id = 999999 where id = ${school}`],
  [
    '每张卡片有一个现存的权属单位',
    '今天有 0 条记录',
    `update unit_periods set valid_to = '2026-03-10' where unit_id = ${town}`,
  ],
  [
    '每张卡片的所在地是已知的区划',
    '999999999999',
    `update cards set division_code = '999999999999' where id = ${school}`,
  ],
  [
    '卡片历次版本首尾相接',
    '第 3 版',
    `update card_versions set valid_to = '2026-02-02' where version = 2 and card_id = ${school}`,
  ],
  ['卡片历次版本首尾相接', '第 4 版', `delete from card_versions where version = 3`],
  ['卡片历次版本首尾相接', '第 7 版', `update cards set version = 7 where id = ${school}`],
  [
    '每次卡片变动都有事件',
    '4 版，3 件',
    `delete from events where card_id = ${school} and effective_on = '2026-03-01'`,
  ],
  ['旧版本由本卡片的事件取代', '第 1 版', `update card_versions set event_id = 1 where version = 1`],
  [
    '净值等于原值减累计折旧',
    '0.09 ≠ 0.10 - 0.03',
    'alter table cards drop constraint cards_net_value',
    `update cards set net_value = 0.09 where cost = 0.10`,
  ],
  [
    '累计折旧不超过原值',
    '0.11 > 0.10',
    'alter table cards drop constraint cards_depreciation',
    `update cards set depreciation = 0.11, net_value = -0.01 where cost = 0.10`,
  ],
  [
    '名义金额的原值为 1 元且不提折旧',
    '：2.00',
    'alter table cards drop constraint cards_nominal',
    `update cards set cost = 2, depreciation = null, net_value = 2, value_kind = 'nominal' where id = ${school}`,
  ],
  [
    '金额、面积和数量不为负',
    '510923',
    'alter table cards drop constraint cards_amounts',
    `update cards set idle_area = -1 where id = ${school}`,
  ],
  ['卡片的生效日期不晚于今天', '2026-03-11', `update cards set valid_from = '2026-03-11' where id = ${school}`],
  ['卡片各版本的记入时间先后有序', '第 3 版', `update card_versions set recorded_at = '2030-01-01' where version = 2`],
  [
    '旧版本在下一版本记入时被取代',
    '第 1 版',
    `update card_versions set superseded_at = '2030-01-01' where version = 1`,
  ],
  [
    '今天时点的台账就是现在的台账',
    '今天有 2 个状态',
    `update card_versions set valid_to = '2030-01-01' where version = 3`,
  ],
  [
    '今天时点的台账就是现在的台账',
    '今天有 0 个状态',
    `update cards set valid_from = '2026-03-11' where id = ${school}`,
  ],
  [
    '任意两个月末之间，期初加增减等于期末',
    '2026-01-31 至 2026-02-28：张数 9 ≠ 8',
    `update card_versions set valid_from = '2026-01-15', valid_to = '2026-02-15' where version = 2`,
  ],
  ['各单位各类别之和等于全部卡片之和', '宗数：', `update cards set valid_from = '2026-03-11' where id = ${school}`],
  ['部位面积合计不大于资产面积', '46.00 > 45.99', `update cards set floor_area = 45.99 where id = ${shop}`],
  ['部位面积合计不大于资产面积', '> 未知', `update cards set floor_area = null where id = ${shop}`],
  [
    '部位的号码和名称在一张卡片上不重复，也不超过已用的号码',
    '1 底楼、2 二楼',
    `update cards set last_part = 1 where id = ${shop}`,
  ],
  [
    '部位的号码和名称在一张卡片上不重复，也不超过已用的号码',
    '1 底楼、2 底楼',
    `update cards set parts = replace(parts::text, '二楼', '底楼')::jsonb where id = ${shop}`,
  ],
  ['使用状况和闲置面积与部位一致', 'in_use 16.00 ≠ leased', `update cards set usage = 'in_use' where id = ${shop}`],
  ['使用状况和闲置面积与部位一致', '15.00 ≠ leased 16.00', `update cards set idle_area = 15 where id = ${shop}`],
  ['被占用的部位都在卡片上', '部位 2（XZ2026-0001）', `update cards set parts = parts - 1 where id = ${shop}`],
  [
    '生效中的限制登记占用其资产或部位',
    'XZ2026-0001 没有占用',
    `update holds set parts = '[1,2)' where document_no = 'XZ2026-0001'`,
  ],
  [
    '生效中的限制登记占用其资产或部位',
    'XZ2026-0001 没有占用',
    `update restrictions set part_nos = '{}' where no = 'XZ2026-0001'`,
  ],
  [
    '已解除的限制登记不再占用资产',
    'XZ2026-0002 仍占用',
    `update holds set released_at = null where document_no = 'XZ2026-0002'`,
  ],
  [
    '限制登记的状态与最后一步一致',
    'XZ2026-0002：in_force ≠ lifted',
    `update restrictions set state = 'in_force', lifted_on = null where no = 'XZ2026-0002'`,
  ],
  ['流水号不落后于已用的号码', 'XZ2026：已用到 2，计数为 0', `delete from counters where name = 'XZ2026'`],
  ['已办结或退回的单据不再占用资产', 'QD2026-0002 仍占用', `update holds set released_at = null`],
  [
    '已办结或退回的单据不再占用资产',
    'QD2026-0001 仍占用',
    `update determinations set state = 'withdrawn' where no = 'QD2026-0001'`,
  ],
  ['办理中的权属界定占用其全部资产', 'QD2026-0001 没有占用', `update holds set released_at = now()`],
  [
    '同一资产不被同类占用两次',
    'QD2026-0001、另一份',
    'alter table holds drop constraint holds_no_overlap',
    `insert into holds (card_id, kind, document_kind, document_id, document_no, document_path, since)
       select card_id, kind, 'transfer', 1, '另一份', '/transfers/1', now() from holds where released_at is null`,
  ],
  [
    '已作出的权属界定落实到卡片',
    'QD2026-0002',
    `update determinations set decided_owner_id = ${committee} where no = 'QD2026-0002'`,
  ],
  [
    '单据状态与最后一步一致',
    'QD2026-0001：reviewed ≠ submitted',
    `update determinations set state = 'reviewed' where no = 'QD2026-0001'`,
  ],
  [
    '导入批次的行数与卡片事件数一致',
    'DR2026-0001：3 行，0 件',
    `update import_batches set counts = '{"new": 2, "changed": 1}'`,
  ],
  [
    '未导入的批次没有改动卡片',
    'DR2026-0001：checked',
    `update import_batches set state = 'checked'`,
    `update events set action = 'card.import', detail = '{"document": {"no": "DR2026-0001"}}' where card_id = ${school}`,
  ],
  [
    '待确认批次的行数与各行一致',
    'DR2026-0001：new 1 ≠ 0',
    `update import_batches set state = 'checked', counts = '{"new": 1}'`,
  ],
  ['导入中跳过的行由人决定', 'DR2026-0001 第 4 行', `update import_rows set status = 'skipped'`],
  ['导入中跳过的行由人决定', 'DR2026-0001 第 4 行', `update import_rows set handling = 'skip'`],
  ['导入的行指向存在的卡片', 'DR2026-0001 第 4 行', `update import_rows set entry_id = 999999, entry_version = 1`],
  ['导入的行指向存在的卡片', 'DR2026-0001 第 4 行', `update import_rows set status = 'new', entry_id = 999999`],
  ['每份材料挂在资产或单据上', '建设批复', `delete from paper_links where id = (select min(id) from paper_links)`],
  ['每份材料挂在资产或单据上', '建设批复', `update paper_links set determination_id = 999999`],
  ['材料的文件都有登记', '建设批复', `update papers set sha256 = repeat('e', 64), file_name = 'a.pdf'`],
  [
    '单据作为依据的材料没有撤下',
    'QD2026-0002：建设批复',
    `update papers set withdrawn_at = now() + interval '1 year', withdrawn_reason = '传错'`,
  ],
  ['流水号不落后于已用的号码', 'card：已用到', `update counters set value = 7 where name = 'card'`],
  ['流水号不落后于已用的号码', 'QD2026：已用到 3，计数为 0', `delete from counters where name = 'QD2026'`],
  ['流水号不落后于已用的号码', 'unit 510923100210C', `update counters set value = 0 where name = 'unit 510923100210C'`],
  ['每个单位有名称和所在地的记录', '510923100210C01', `delete from unit_periods where unit_id = ${committee}`],
  [
    '单位各时期不重叠',
    '510923100210C01：2019-12-31、2026-01-01',
    'alter table unit_periods drop constraint unit_periods_no_overlap',
    `insert into unit_periods (unit_id, valid_from, name, division_code)
       select unit_id, '2026-01-01', name, division_code from unit_periods where unit_id = ${committee}`,
  ],
  [
    '未撤销的单位自设立起每天都有记录',
    '510923100000Z01：2026-03-10 起',
    `update unit_periods set valid_to = '2026-03-10' where unit_id = ${town}`,
  ],
  [
    '单位隶属任何一天都不成环',
    '510923100000Z01：2019-12-31',
    `update unit_periods set parent_id = ${committee} where unit_id = ${town}`,
  ],
  [
    '单位隶属任何一天都不成环',
    '510923100000Z01：2027-01-01',
    `update unit_periods set valid_to = '2027-01-01' where unit_id = ${town}`,
    `insert into unit_periods (unit_id, valid_from, name, division_code, parent_id)
       select unit_id, '2027-01-01', name, division_code, ${committee} from unit_periods where unit_id = ${town}`,
  ],
  [
    '隶属单位和核算单位同期存在',
    '510923100210C01：2019-12-31 起的隶属单位 510923100000Z01',
    `update unit_periods set valid_from = '2020-01-01' where unit_id = ${town}`,
  ],
  [
    '隶属单位和核算单位同期存在',
    '510923100210C01：2019-12-31 起的隶属单位 510923100000Z01',
    `update units set state = 'closed', dissolved_on = '2026-01-01', closed_on = '2026-02-01' where id = ${town}`,
  ],
  [
    '单位状态与撤销、办结日期一致',
    '510923100210C01：winding_up',
    `update units set state = 'winding_up' where id = ${committee}`,
  ],
  [
    '单位状态与撤销、办结日期一致',
    '510923100210C01：closed',
    `update units set state = 'closed', dissolved_on = '2026-02-01', closed_on = '2026-01-01' where id = ${committee}`,
  ],
  [
    '已撤销的单位名下没有资产',
    '510923100210J01：5109230000000',
    `update units set state = 'closed', dissolved_on = '2026-03-01', closed_on = '2026-03-09' where id = ${collective}`,
  ],
  [
    '已撤销的单位没有在任的岗位',
    '510923100210J01：zhang keeper',
    `update units set state = 'closed', dissolved_on = '2026-03-01', closed_on = '2026-03-09' where id = ${collective}`,
  ],
  [
    '承继关系两端都在且不成环',
    '510923100210C01 → 无',
    `update units set state = 'winding_up', dissolved_on = '2026-03-01' where id = ${committee}`,
    `insert into unit_successions (predecessor_id, successor_id, since) values (${committee}, 999999, '2026-03-01')`,
  ],
  [
    '承继关系两端都在且不成环',
    '510923100210C01 → 510923100210C01',
    `insert into unit_successions (predecessor_id, successor_id, since)
       values (${committee}, ${town}, '2026-03-01'), (${town}, ${committee}, '2026-03-01')`,
  ],
  ['岗位的人员和单位都存在', 'keeper', `update memberships set person_id = 999999 where role = 'keeper'`],
  [
    '三员互不兼任，也不兼业务岗位',
    'xi：audit_administrator、system_administrator',
    `insert into memberships (person_id, unit_id, role, valid_from, created_at)
       select person_id, unit_id, 'audit_administrator', '2026-01-01', now() from memberships where role = 'system_administrator'`,
  ],
  [
    '三员互不兼任，也不兼业务岗位',
    'shen：audit_administrator、keeper',
    `insert into memberships (person_id, unit_id, role, valid_from, created_at)
       select person_id, unit_id, 'keeper', '2026-01-01', now() from memberships where role = 'audit_administrator'`,
  ],
  [
    '每个登录属于一个现有账号',
    '登录于',
    `insert into sessions (id_hash, person_id, created_at, last_seen_at, expires_at) values ('x', 999999, now(), now(), now())`,
  ],
  [
    '已停用的账号没有登录',
    'zhang',
    `insert into sessions (id_hash, person_id, created_at, last_seen_at, expires_at)
       select 'x', id, now(), now(), now() from people where account = 'zhang'`,
    `update people set disabled_at = '2020-01-01' where account = 'zhang'`,
  ],
  [
    '每件事件有一个存在的对象',
    'card.edit',
    `update events set card_id = 999999 where card_id = ${school} and action = 'card.edit'`,
  ],
  [
    '待审核、待界定的权属界定各有一个时限在走',
    'QD2026-0001：0 个',
    `update deadlines set cancelled_on = '2026-03-10' where met_on is null`,
  ],
  [
    '待审核、待界定的权属界定各有一个时限在走',
    'QD2026-0001：2 个',
    'drop index deadlines_determination_open',
    `insert into deadlines (determination_id, key, label, due_on, role, party_keys, created_at)
       select determination_id, key, label, due_on, role, party_keys, created_at from deadlines where met_on is null`,
  ],
  [
    '不在等待的步骤没有时限在走',
    'QD2026-0002：县级界定时限',
    `update deadlines set met_on = null where key = 'decision'`,
  ],
  [
    '不在等待的步骤没有时限在走',
    '没有单据：牵头审核时限',
    `update deadlines set determination_id = 999999 where met_on is null`,
  ],
  [
    '时限与按现行放假安排推算的相同',
    '2026-03-24 ≠ 2026-03-25',
    `insert into calendar_days values ('2026-03-12', 'holiday', '植树节')`,
  ],
  [
    '代录人不是提交人',
    'DL2026-0001：QD2026-0003',
    `update decisions set recorded_by = (select id from people where account = 'zhang')`,
  ],
  ['代录办结的权属界定与代录的决定一致', 'QD2026-0003：没有代录', 'delete from decisions'],
  ['代录办结的权属界定与代录的决定一致', 'QD2026-0003：DL2026-0001', `update decisions set document_no = '另一个文号'`],
  [
    '代录办结的权属界定与代录的决定一致',
    '没有单据：DL2026-0001',
    `update decisions set determination_id = (select id from determinations where no = 'QD2026-0001')`,
  ],
  [
    '三员各有长期任职的人',
    '没有在任的 audit_administrator',
    `update memberships set valid_to = '2026-12-31' where role = 'audit_administrator'`,
  ],
  [
    '岗位不由本人或建立账号的人授予',
    'hong：keeper，授予人 hong',
    `update memberships set granted_by = person_id where person_id = (select id from people where account = 'hong')`,
  ],
  [
    '岗位不由本人或建立账号的人授予',
    'hong：keeper，授予人 an',
    `update memberships set granted_by = (select id from people where account = 'an')
       where person_id = (select id from people where account = 'hong')`,
    `update events set actor_id = (select id from people where account = 'an')
       where action = 'person.add' and person_id = (select id from people where account = 'hong')`,
  ],
  ['每个账号至多一个开通码有效，停用的没有', 'hong：2026-03-10', code('2026-03-10'), code('2026-03-11')],
  [
    '每个账号至多一个开通码有效，停用的没有',
    'hong：2026-03-10',
    code('2026-03-10'),
    `update people set disabled_at = '2026-03-10', password_hash = null where account = 'hong'`,
  ],
  ['等待开通的账号没有密码', 'hong', code('2026-03-10')],
  [
    '开通码在有效期内用，且属于一个现有账号',
    'hong：2026-03-10',
    code('2026-03-10'),
    `update account_tokens set used_at = '2026-04-01'`,
  ],
  [
    '安全、审计管理员的开通码只由运维人员生成',
    'shen：',
    `insert into account_tokens (token_hash, person_id, created_by, created_at, expires_at)
       select 'x', m.person_id, x.id, m.created_at, m.created_at + interval '1 day'
       from memberships m join people p on p.id = m.person_id join people x on x.account = 'xi'
       where p.account = 'shen'`,
  ],
  ['策略和参数在规定的范围内', 'lockFailures：1000', setting('lockFailures', 'both', '1000')],
  ['策略和参数在规定的范围内', 'passwordProfile：none', setting('passwordProfile', 'both', 'none')],
  ['策略和参数在规定的范围内', 'lockFailures：5', setting('lockFailures', 'state', '5')],
  ['策略和参数在规定的范围内', 'lockSeconds：5', setting('lockSeconds', 'both', '5')],
]

function code(day: string): string {
  return `insert into account_tokens (token_hash, person_id, created_at, expires_at)
    select '${day}', id, '${day}', '${day}'::date + 5 from people where account = 'hong'`
}

function setting(key: string, track: string, value: string): string {
  return `insert into settings (key, track, valid_from, value, reason, set_at)
    values ('${key}', '${track}', '2026-01-01', '${value}', 'x', now())`
}
