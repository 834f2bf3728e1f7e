import { addPerson, grantRole } from '../../../server/access/people-actions.ts'
import type { Role, Track } from '../../../server/kernel/actor.ts'
import type { Acting } from '../../../server/kernel/events.ts'
import type { Tx } from '../../client.ts'
import { readablePassword } from './password.ts'
import { begin, type DemoUnits } from './units.ts'

export type DemoAccount = { account: string; name: string; duty: string; unit: string }

type Sketch = DemoAccount & { role: Role; track: Track | 'both'; also?: string }

const both = 'both'

/** One person per role, and two leads of the state track, because nobody decides what they submitted themselves. */
const sketches: readonly Sketch[] = [
  person('gujing', '张会计', '村经办人', '古井村股份经济合作联合社', 'keeper', both, '古井村村民委员会'),
  person('honglin', '洪会计', '村经办人', '红林村股份经济合作联合社', 'keeper', both, '红林村村民委员会'),
  person('huojing', '霍会计', '村经办人（台账待导入）', '火井村股份经济合作联合社', 'keeper', both, '火井村村民委员会'),
  person('penglai', '甄干事', '镇政府经办人', '蓬莱镇人民政府', 'keeper', both),
  person('xuexiao', '薛老师', '学校经办人', '蓬莱镇中心学校', 'keeper', 'state'),
  person('caizheng', '蔡主任', '国有资产牵头', '蓬莱镇财政办', 'lead', 'state'),
  person('caizheng2', '柴会计', '国有资产牵头（另一人）', '蓬莱镇财政办', 'lead', 'state'),
  person('nongye', '侬主任', '集体资产牵头', '蓬莱镇农业综合服务中心', 'lead', 'collective'),
  person('longsheng', '龙主任', '外镇国有资产牵头', '隆盛镇财政办', 'lead', 'state'),
  person('xiancaizheng', '居科长', '县级国有资产审批', '大英县财政局', 'approver', 'state'),
  person('xiannongye', '田科长', '县级集体资产备案', '大英县农业农村局', 'approver', 'collective'),
  person('ziran', '邓所长', '确权登记', '蓬莱镇自然资源和规划所', 'registrar', both),
  person('jiwei', '纪书记', '督导', '蓬莱镇纪委', 'inspector', both),
  person('zhenzhang', '凌镇长', '镇领导', '蓬莱镇人民政府', 'leader', both),
  person('xitong', '席工', '系统管理员', '大英县财政局', 'system_administrator', both),
  person('anquan', '安工', '安全管理员', '大英县财政局', 'security_administrator', both),
  person('shenji', '沈工', '审计管理员', '大英县财政局', 'audit_administrator', both),
]

/** Makes the demo accounts with one password for all of them, drawn anew for every county. */
export async function seedPeople(
  tx: Tx,
  acting: Acting,
  units: DemoUnits,
): Promise<{ ids: Map<string, string>; password: string }> {
  const password = readablePassword(sketches.map(({ account }) => account))
  const ids = new Map<string, string>()
  for (const { account, name, unit, also, role, track } of sketches) {
    const personId = await addPerson(tx, acting, { account, name, password, mustChange: false })
    for (const held of also === undefined ? [unit] : [unit, also]) {
      await grantRole(tx, acting, { personId, unitId: units.find(held).id, role, track, validFrom: begin })
    }
    ids.set(account, personId)
  }
  return { ids, password }
}

export const demoAccounts: readonly DemoAccount[] = sketches.map(({ account, name, duty, unit }) => ({
  account,
  name,
  duty,
  unit,
}))

function person(
  account: string,
  name: string,
  duty: string,
  unit: string,
  role: Role,
  track: Track | 'both',
  also?: string,
): Sketch {
  return { account, name, duty, unit, role, track, ...(also === undefined ? {} : { also }) }
}
