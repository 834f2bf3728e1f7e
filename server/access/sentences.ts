/** What an event of units, people and sign-in says in a timeline. */
export const accessSentences = {
  'unit.open': '设立了单位',
  'unit.rename': '更改了单位名称',
  'unit.move': '变更了隶属、属地或核算单位',
  'unit.withdraw': '撤回了还未生效的变动',
  'unit.dissolve': '登记撤销，开始清算',
  'unit.close': '办结撤销',
  'unit.reopen': '撤回了撤销',
  'person.add': '建立了账号',
  'person.disable': '停用了账号',
  'person.enable': '恢复了账号',
  'person.issue-code': '生成了开通码',
  'person.reset-code': '生成了开通码，原密码停用',
  'person.activate': '用开通码设置了密码',
  'person.edit': '修改了姓名或联系电话',
  'person.password': '修改了密码',
  'person.grant': '授予了岗位',
  'person.revoke': '收回了岗位',
  'person.sign-in': '登录',
  'person.sign-out': '退出登录',
  'person.sign-in-failed': '登录失败：密码不对',
  'person.locked': '密码连续输错，暂停登录',
  'person.unlock': '解除了登录锁定',
} as const satisfies Record<string, string>

/** Names of the fields that the changes of these events tell. */
export const accessFields: Record<string, string> = {
  name: '名称',
  parent: '隶属',
  division: '属地',
  entity: '核算单位',
  successors: '承继单位',
  dissolvedOn: '撤销日期',
  membership: '岗位',
  until: '截止',
  phone: '联系电话',
  code: '开通码',
}
