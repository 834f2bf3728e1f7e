import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { resolvedState } from '../../imports/resolved.ts'
import type { Batch, KeptRow, Stretch, UndoCounts, UndoVerbs } from '../../imports/target.ts'
import type { Watch } from '../../imports/watch.ts'
import { RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { disablePerson, editPerson, revokeRole } from './people-endings.ts'

type Change = { old: string | null; new: string | null }
type Entry = {
  rowId: string
  row: number
  status: 'new' | 'changed'
  changes: Record<string, Change> | null
  personId: string
  account: string
  name: string
  phone: string | null
  version: number
  disabled: boolean
  /** Whether the person has set a password, and whether they have signed in since the list was committed. */
  opened: boolean
  used: boolean
  /** The post that the row gave, where it is still held. */
  membershipId: string | null
}

/**
 * Takes an import of people back by the verbs of the forms: accounts that it made and nobody has opened are disabled,
 * posts that nobody has used end, names and phones are again what they were. All else is kept.
 */
export function undoOfPeople(acting: Acting): UndoVerbs<Tx> {
  return {
    survey: async (tx, batch, { skip, most }) => {
      const entries = await entriesOf(tx, batch, acting.clock.today())
      const kept = entries.flatMap((entry) => keptRow(entry) ?? [])
      return { counts: countsOf(entries), kept: kept.slice(skip, skip + most) }
    },
    revert: (tx, batch, reason, watch) => revert(tx, acting, batch, reason, watch),
    kept: (tx, batch, stretch) => keptRows(tx, batch, stretch),
  }
}

async function entriesOf(tx: Tx, batch: Batch, today: string): Promise<Entry[]> {
  return tx.execute<Entry>(sql`
    select r.id::text as "rowId", r.row, r.status, r.changes, p.id::text as "personId", p.account, p.name, p.phone, p.version,
      p.disabled_at is not null as disabled, p.password_hash is not null as opened,
      exists (select from events e where e.person_id = p.id and e.action = 'person.sign-in' and e.at >= b.committed_at) as used,
      (select m.id::text from memberships m
        where m.person_id = p.id and m.unit_id::text = ${resolvedState} ->> 'unitId' and m.role = ${resolvedState} ->> 'role'
          and m.granted_by is not distinct from b.uploaded_by and m.created_at between b.created_at and b.committed_at
          and (m.valid_to is null or m.valid_to >= ${today})
        order by m.id desc limit 1) as "membershipId"
    from import_rows r join import_batches b on b.id = r.batch_id join people p on p.id = r.entry_id
    where r.batch_id = ${batch.id} and r.status in ('new', 'changed') order by r.block, r.row`)
}

/** Why a row's person is left as they are; null where what the row did can be taken back. */
function reasonOf(entry: Entry): string | null {
  const { status, changes, disabled, opened, used, membershipId } = entry
  if (disabled) return '账号后来已经停用'
  if (status === 'new') return opened ? '本人已用开通码设好密码' : null
  if (changes?.role) {
    if (used) return '本人在导入后登录过'
    if (membershipId === null) return '岗位后来已经收回或结束'
  }
  const moved = (['name', 'phone'] as const).some((key) => changes?.[key] && changes[key].new !== entry[key])
  return moved ? '姓名或电话后来又改过' : null
}

function countsOf(entries: readonly Entry[]): UndoCounts {
  const free = entries.filter((entry) => reasonOf(entry) === null)
  const voided = free.filter(({ status }) => status === 'new').length
  return { voided, restored: free.length - voided, kept: entries.length - free.length }
}

function keptRow(entry: Entry): KeptRow | null {
  const reason = reasonOf(entry)
  const { row, account, name } = entry
  return reason === null
    ? null
    : { row, name: `${account} ${name}`, href: `/people/${account}`, reason, reasonHref: null }
}

async function keptRows(tx: Tx, batch: Batch, { skip, most }: Stretch): Promise<KeptRow[]> {
  return tx.execute<KeptRow>(sql`
    select r.row, p.account || ' ' || p.name as name, '/people/' || p.account as href, r.kept as reason, null as "reasonHref"
    from import_rows r join people p on p.id = r.entry_id
    where r.batch_id = ${batch.id} and r.kept is not null
    order by r.block, r.row offset ${skip}::int limit ${most}::int`)
}

async function revert(tx: Tx, acting: Acting, batch: Batch, reason: string, watch: Watch): Promise<UndoCounts> {
  // Nobody opens or changes these accounts from here on.
  await tx.execute(sql`
    select count(*) from (
      select from people where id in (select entry_id from import_rows where batch_id = ${batch.id} and status in ('new', 'changed'))
      order by id for update) l`)
  const entries = await entriesOf(tx, batch, acting.clock.today())
  const counts = countsOf(entries)
  if (counts.voided + counts.restored === 0) {
    throw new RuleBroken('这份名单里的人都已使用账号或后来有变动，不能撤销，请在人员页面逐人办理。')
  }
  const gone = new Set<string>()
  for (const [at, entry] of entries.entries()) {
    watch.signal.throwIfAborted()
    const why = reasonOf(entry)
    if (why === null) await takeBack(tx, acting, batch, entry, reason, gone)
    else await tx.execute(sql`update import_rows set kept = ${why} where id = ${entry.rowId}`)
    watch.progress({ phase: '正在撤销', rows: at + 1, of: entries.length })
  }
  return counts
}

/** One person of several rows is disabled once. */
async function takeBack(
  tx: Tx,
  acting: Acting,
  batch: Batch,
  { row, status, changes, personId, name, phone, version, membershipId }: Entry,
  reason: string,
  gone: Set<string>,
): Promise<void> {
  const source = { document: { kind: 'import', no: batch.no, path: `/imports/${batch.no}` }, row, reason }
  if (membershipId !== null) await revokeRole(tx, acting, personId, membershipId, null, source)
  if (status === 'new') {
    if (!gone.has(personId)) await disablePerson(tx, acting, personId, source)
    gone.add(personId)
    return
  }
  const before = { name: changes?.name?.old ?? name, phone: changes?.phone ? changes.phone.old : phone }
  if (before.name !== name || before.phone !== phone) await editPerson(tx, acting, personId, before, version, source)
}
