import { type Choice, type Field, words } from '../../imports/sheets/fields.ts'
import type { Identity } from '../../imports/target.ts'
import { type Role, roles, trackLabels } from '../kernel/actor.ts'

/** Other words for a role that mean it wherever they stand; any other word is asked about. */
const roleWords: Partial<Record<Role, string>> = {
  keeper: '经办 经办员 经办岗 资产经办人 资产经办员 具体经办人',
  lead: '牵头人 牵头经办 牵头岗',
  approver: '县级审批 县级审核 县级岗',
  registrar: '登记员 登记人 登记岗',
  inspector: '督导员 督导岗',
  leader: '分管领导 主管领导 领导岗',
  system_administrator: '系统管理岗 系统管理',
  security_administrator: '安全管理岗 安全保密管理员 安全管理',
  audit_administrator: '审计管理岗 安全审计员 审计员',
}

const roleChoices: readonly Choice[] = (Object.keys(roles) as Role[]).map((role) => ({
  value: role,
  label: roles[role],
  synonyms: words(roleWords[role] ?? ''),
}))

const trackChoices: readonly Choice[] = [
  {
    value: 'both',
    label: '国有和集体',
    synonyms: words('全部 不限 两者 都管 国有、集体 国有集体 国有及集体 集体和国有'),
  },
  { value: 'state', label: trackLabels.state, synonyms: words('国有资产 国资') },
  { value: 'collective', label: trackLabels.collective, synonyms: words('集体资产 农村集体 农村集体资产') },
]

/** What a list of people tells: who somebody is, and which post they have where. */
export const personFields: readonly Field[] = [
  {
    ...{ key: 'name', label: '姓名', kind: 'text', max: 40 },
    synonyms: words('人员姓名 经办人 经办人姓名 经办人员 干部姓名 职工姓名 用户姓名 真实姓名 工作人员 人员'),
    maybe: words('名称 名字 联系人 责任人 负责人'),
  },
  {
    ...{ key: 'account', label: '账号', kind: 'text', max: 60 },
    synonyms: words('帐号 登录名 登录账号 登录帐号 登陆账号 登陆名 用户名 用户账号 系统账号 系统帐号 账户 登录账户'),
    maybe: words('用户 工号 人员编号'),
  },
  {
    ...{ key: 'phone', label: '联系电话', kind: 'text', max: 20 },
    synonyms: words('电话 电话号码 手机 手机号 手机号码 移动电话 联系方式 联系手机 办公电话 本人电话'),
  },
  {
    ...{ key: 'unit', label: '单位', kind: 'unit', max: 100 },
    synonyms: words(
      '所在单位 工作单位 单位名称 任职单位 所属单位 部门 所在部门 所属部门 部门名称 科室 所在科室 机构 所属机构',
    ),
  },
  {
    ...{ key: 'role', label: '岗位', kind: 'choice', choices: roleChoices },
    synonyms: words('岗位名称 角色 系统角色 用户角色 权限角色 职责 系统岗位'),
    maybe: words('职务 职位 权限'),
  },
  {
    ...{ key: 'track', label: '条线', kind: 'choice', choices: trackChoices },
    synonyms: words('业务条线 资产属性 属性 管理属性 资产条线 管理范围'),
  },
  {
    ...{ key: 'validFrom', label: '开始日期', kind: 'date' },
    synonyms: words('起始日期 开始时间 起始时间 任职日期 任职时间 启用日期 到岗日期 生效日期'),
  },
  {
    ...{ key: 'validTo', label: '最后一天', kind: 'date' },
    synonyms: words('截止日期 结束日期 终止日期 到期日期 截止时间 结束时间 离任日期 离岗日期 有效期至'),
  },
]

/**
 * A row is one person in one post; of several posts of a person each has its row. ① by the account, ② where none is
 * written, by the name among those who hold a post in the unit.
 */
export const personIdentities: readonly Identity[] = [
  { key: 'account', label: '账号、单位和岗位', fields: ['account', 'unit', 'role', 'track'], unique: true },
  { key: 'name', label: '姓名、单位和岗位', fields: ['name', 'unit', 'role', 'track'], unique: true },
]
