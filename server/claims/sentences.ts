/** The lines that events of claims and debts make in a timeline. */
export const claimSentences: Record<string, string> = {
  'claim.enter': '登记了债权债务',
  'claim.edit': '修改了债权债务',
  'claim.end': '登记了结',
  'claim.reopen': '恢复为未了结',
  'claim.count': '按清查核实的数更正',
  'claim.found': '清查发现，补登入账',
  'claim.void': '撤销导入，作废',
}
