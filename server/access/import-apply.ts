import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type StagedRow, stagedRows } from '../../imports/staging.ts'
import type { Batch } from '../../imports/target.ts'
import type { Watch } from '../../imports/watch.ts'
import type { Role, Track } from '../kernel/actor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { type Duty, dutyOf } from './import-known.ts'
import { addPerson, grantRole, heldBy, type NewMembership } from './people-actions.ts'
import { editPerson } from './people-endings.ts'
import { personByAccount } from './people-queries.ts'
import { heldAlready } from './people-rules.ts'

/** What one account was found or made as, and the first row that told it. */
type Told = { id: string; row: number; name: string; phone: string | null }

/**
 * Makes the new and changed rows so, one after the other in the file's order, by the verbs of the forms: the same
 * checks, the same events. A row keeps the id of its person.
 */
export async function applyPeople(tx: Tx, acting: Acting, batch: Batch, watch: Watch): Promise<void> {
  const duty = dutyOf(acting.actor)
  const people = new Map<string, Told>()
  const entries: { row: string; person: string }[] = []
  for await (const rows of stagedRows(tx, batch.id, sql`status in ('new', 'changed')`)) {
    for (const row of rows) {
      watch.signal.throwIfAborted()
      const person = await applyRow(tx, acting, duty, batch, row, people).catch((error) => atRow(row.row, error))
      entries.push({ row: row.id, person })
    }
    watch.progress({ phase: '正在导入', rows: entries.length, of: null, share: 0.7 })
  }
  await tx.execute(sql`
    update import_rows r set entry_id = e.person
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e ("row" bigint, person bigint) where r.id = e.row`)
}

async function applyRow(
  tx: Tx,
  acting: Acting,
  duty: Duty,
  batch: Batch,
  { row, values: read, resolved, changes }: StagedRow,
  people: Map<string, Told>,
): Promise<string> {
  const source = { document: { kind: 'import', no: batch.no, path: `/imports/${batch.no}` }, row }
  const values: Readonly<Record<string, string | null | undefined>> = { ...read, ...resolved }
  const account = values.account ?? ''
  const name = values.name ?? ''
  const phone = values.phone ?? null
  const said = people.get(account)
  if (said) refuseOther(said, { name, phone })
  const found = await personByAccount(tx, account)
  if (!found && !duty.makes) throw new RuleBroken(`还没有账号 ${account}，请系统管理员先导入这份名单。`)
  if (found && changes === null && !said) throw new RuleBroken(`账号 ${account} 刚被别人建立，请再点一次导入。`)
  const id = found?.id ?? (await addPerson(tx, acting, { account, name, phone, password: null }, source))
  if (found && duty.makes && (found.name !== name || (phone !== null && found.phone !== phone))) {
    await editPerson(tx, acting, id, { name, phone: phone ?? found.phone }, found.version, source)
  }
  people.set(account, said ?? { id, row, name, phone })
  const post = postOf(values, id)
  if (duty.grants && post && !heldAlready(await heldBy(tx, id), { ...post, validTo: post.validTo ?? null })) {
    await grantRole(tx, acting, post, source)
  }
  return id
}

/** Only what was looked at as a post has the id of its unit. */
function postOf(values: Readonly<Record<string, string | null | undefined>>, personId: string): NewMembership | null {
  const { unitId, role, track, validFrom, validTo = null } = values
  if (!unitId || !role || !validFrom) return null
  return { personId, unitId, role: role as Role, track: track as Track | 'both', validFrom, validTo }
}

function refuseOther(said: Told, { name, phone }: Pick<Told, 'name' | 'phone'>): void {
  const same = said.name === name && (phone === null || said.phone === null || said.phone === phone)
  if (!same) throw new RuleBroken(`与第 ${said.row} 行是同一账号，姓名或联系电话却不同，请改成一样。`)
}

/** Which row of the list it was. */
function atRow(row: number, error: unknown): never {
  if (!(error instanceof RuleBroken)) throw error
  throw new RuleBroken(`第 ${row} 行：${error.problems.map(({ text }) => text).join('')}`)
}
