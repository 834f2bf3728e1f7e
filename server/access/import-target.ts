import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { withEdits } from '../../imports/edits.ts'
import { ImportRefused } from '../../imports/refused.ts'
import { otherwise } from '../../imports/resolved.ts'
import { type StagedRow, stagedFinding, type Verdict } from '../../imports/staging.ts'
import type {
  Batch,
  FieldProblem,
  ImportTarget,
  Question,
  Resolved,
  Resolver,
  RowToResolve,
} from '../../imports/target.ts'
import { administratorRoles, type Role, roles } from '../kernel/actor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { applyPeople } from './import-apply.ts'
import { personFields, personIdentities } from './import-fields.ts'
import { type Judging, judgeKnown, judgeNewcomer } from './import-judge.ts'
import { type Duty, dutyOf, type KnownPerson, knownTo } from './import-known.ts'
import { type PersonRow, readRow, told, wrong } from './import-row.ts'
import { UnclearUnits } from './import-unclear.ts'
import { undoOfPeople } from './import-undo.ts'
import { accountOf } from './passwords.ts'
import { accountProblem, nameProblem, phoneProblem } from './people-rules.ts'

/**
 * A row of a list as a person in a post. Who makes accounts imports the list for the accounts, who grants roles imports
 * the same list for the posts; neither does the other's part.
 */
export function peopleTarget(acting: Acting): ImportTarget<Tx> {
  const target: ImportTarget<Tx> = {
    key: 'people',
    label: '人员名单',
    entry: '人员的同一岗位',
    fields: personFields,
    name: 'name',
    headers: ['姓名', '账号', '单位', '岗位'],
    shown: ['name', 'account', 'phone', 'unit', 'role', 'track'],
    required: ['name'],
    identities: personIdentities,
    check: ({ values }) => checkRow(values),
  }
  return {
    ...target,
    verbs: {
      open: (tx, batch) => PeopleRows.open(tx, acting, batch),
      reserve: sql`nextval(pg_get_serial_sequence('people', 'id'))`,
      candidates: (tx, batch) => enterCandidates(tx, batch, acting.clock.today()),
      judge: async (_tx, _batch, resolver, rows) => {
        if (!(resolver instanceof PeopleRows)) throw new Error('rows of another target')
        return rows.map((row) => resolver.judge(row, withEdits(row, target)))
      },
      apply: (tx, batch, watch) => applyPeople(tx, acting, batch, watch),
      undo: undoOfPeople(acting),
    },
  }
}

/** The rules that need only the row. */
function checkRow(values: Readonly<Record<string, string | null | undefined>>): FieldProblem[] {
  const { name, account, phone, role } = values
  const problems = [
    wrong('name', (name && nameProblem(name)) || ''),
    wrong('account', (account && accountProblem(accountOf(account))) || ''),
    wrong('phone', (phone && phoneProblem(phone.normalize('NFKC').trim())) || ''),
  ].filter(({ message }) => message !== '')
  if (role && administratorRoles.includes(role as Role)) {
    const text = `${roles[role as Role]}不能通过导入授予，请从名单中删去这一行，由安全管理员在人员页面逐人办理。`
    problems.push(wrong('role', text))
  }
  return problems
}

/** Stands between the parts of a key: no cell holds it. */
const gap = '\u001f'

/** Enters every person that a row may mean, once for each of their rows. */
async function enterCandidates(tx: Tx, { id }: Batch, today: string): Promise<void> {
  const add = sql`insert into match_candidates (rule, key, entry_id, version, nth, numbers, spent)`
  const rows = (rule: number) => sql`(
    select entry_id, block * 2000000::bigint + row as pos, k.key, split_part(k.key, ${gap}, 1) as first,
      split_part(k.key, ${gap}, 2) as second
    from import_rows cross join lateral (select keys[${rule}::int] as key) k
    where batch_id = ${id} and handling is null and k.key is not null) r`
  await tx.execute(sql`
    ${add} select 1, r.key, r.entry_id, p.version, r.pos, 0, false
    from ${rows(1)} join people p on p.account = r.first`)
  await tx.execute(sql`
    ${add} select 2, r.key, r.entry_id, min(p.version), r.pos, 0, false
    from ${rows(2)} join people p on p.name = r.first
    where exists (
      select from memberships m where m.person_id = p.id and m.unit_id = r.second::bigint
        and (m.valid_to is null or m.valid_to >= ${today}))
    group by r.key, r.entry_id, r.pos having count(*) = 1`)
}

/** A table of something else, such as assets with a column for who uses them, makes nobody an account. */
function refuseOther({ fields }: Batch, { makes, grants }: Duty): void {
  const tells = (...keys: string[]) => keys.some((key) => fields.includes(key))
  if ((makes && tells('account', 'phone')) || (grants && tells('role'))) return
  const missing = makes ? '「账号」或「联系电话」' : '「岗位」'
  throw new ImportRefused(
    `这张表里没有${missing}一栏，不是能导入的人员名单。请上传有「姓名」「账号」「单位」「岗位」的名单；导入资产请由经办人办理。`,
  )
}

const isWrong = ({ severity }: Pick<FieldProblem, 'severity'>) => severity === 'wrong'

/** Rows of one batch as people: the accounts and units around them, and what they leave open. */
class PeopleRows implements Resolver {
  readonly #judging: Judging
  readonly #answers: Batch['answers']
  readonly #unclear = new UnclearUnits()
  /** The first row that names an account: the others must name the same person. */
  readonly #first = new Map<string, { row: number; name: string; phone: string | null }>()

  private constructor(judging: Judging, answers: Batch['answers']) {
    this.#judging = judging
    this.#answers = answers
  }

  static async open(tx: Tx, { actor, clock }: Acting, batch: Batch): Promise<PeopleRows> {
    const duty = dutyOf(actor)
    if (!duty.makes && !duty.grants) {
      throw new RuleBroken('人员名单由系统管理员导入建立账号，由安全管理员导入授予岗位。')
    }
    refuseOther(batch, duty)
    const today = clock.today()
    return new PeopleRows({ known: await knownTo(tx, batch, today), duty, actor, today }, batch.answers)
  }

  resolve(row: RowToResolve): Resolved {
    const read = this.#read(row)
    if (read.unclear && this.#judging.duty.grants) this.#unclear.add(read.unclear, row.row)
    const { values, findings } = judgeNewcomer(read, this.#judging)
    findings.push(...this.#alongside(read, row.row))
    const status = [...row.problems, ...findings].some(isWrong) ? 'wrong' : 'new'
    return { status, differing: otherwise(row.values, values), unplaced: {}, findings, keys: this.#keys(read, row) }
  }

  judge(row: StagedRow, edited: RowToResolve): Verdict {
    const read = this.#read(edited)
    const person = this.#personOf(read)
    if (!person) throw new Error(`row ${row.row} has lost its person`)
    const { values, findings, changes } = judgeKnown(read, person, this.#judging)
    const broken = [...edited.problems, ...findings].some(isWrong)
    const status = broken ? 'wrong' : Object.keys(changes).length > 0 ? 'changed' : 'unchanged'
    return {
      ...{ id: row.id, status, resolved: values, unplaced: {}, findings: findings.map(stagedFinding) },
      ...{ changes: status === 'changed' ? changes : null, keys: this.#keys(read, edited) },
      ...{ entryId: row.entryId, entryVersion: row.entryVersion },
    }
  }

  questions(): Question[] {
    return this.#unclear.questions()
  }

  #read(row: RowToResolve): PersonRow {
    const read = readRow(row, { ...this.#judging, answers: this.#answers })
    const known = new Set(row.problems.map(({ message }) => message))
    read.findings.push(...checkRow(row.values).filter(({ message }) => !known.has(message)))
    return read
  }

  #personOf({ account, named, name, unit }: PersonRow): KnownPerson | undefined {
    const { people } = this.#judging.known
    const found = account === null ? undefined : people.byAccount(account)
    return found ?? (named || unit === null ? undefined : people.named(name, unit.id)[0])
  }

  #keys({ account, named, name, unit }: PersonRow, { values }: RowToResolve): (string | null)[] {
    const post = [values.role ?? '', values.track ?? 'both']
    const place = unit?.id ?? values.unit ?? ''
    return [
      account === null ? null : [account, place, ...post].join(gap),
      named || unit === null ? null : [name, unit.id, ...post].join(gap),
    ]
  }

  /** Several rows with one account are one person, so they say the same of them. */
  #alongside({ account, name, phone }: PersonRow, row: number): FieldProblem[] {
    if (account === null) return []
    const first = this.#first.get(account)
    if (!first || first.row >= row) {
      this.#first.set(account, { row, name, phone })
      return []
    }
    if (first.name !== name) {
      return [
        wrong('account', `第 ${first.row} 行把账号 ${account} 写给了${first.name}，一个账号只能是一个人，请改正。`),
      ]
    }
    if (first.phone !== null && phone !== null && first.phone !== phone) {
      return [wrong('phone', `第 ${first.row} 行写的联系电话是 ${first.phone}，请改成一样。`)]
    }
    return this.#judging.duty.makes ? [told(null, `与第 ${first.row} 行是同一人，只建一个账号。`)] : []
  }
}
