import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { FileMissing, type FileStore } from '../records/files.ts'
import type { Invariant } from './invariant.ts'

export const paperInvariants: readonly Invariant[] = [
  {
    name: '每份材料挂在资产或单据上',
    broken: () => sql`
      select '材料 ' || p.id || '：' || p.title as what from papers p
      where not exists (
        select from paper_links l left join cards c on c.id = l.card_id left join determinations d on d.id = l.determination_id
        left join restrictions r on r.id = l.restriction_id left join decisions o on o.id = l.decision_id
        where l.paper_id = p.id and num_nonnulls(c.id, d.id, r.id, o.id) = 1)`,
  },
  {
    name: '材料的文件都有登记',
    broken: () => sql`
      select '材料 ' || p.id || '：' || p.title as what
      from papers p left join files f on f.sha256 = p.sha256
      where p.sha256 is not null and (f.sha256 is null or f.content_type is null)`,
  },
  {
    // Taken out of a draft it may be; what was submitted rests on it. Of a restriction or a record a wrong scan gives way.
    name: '单据作为依据的材料没有撤下',
    broken: () => sql`
      select d.no || '：' || p.title as what
      from papers p join paper_links l on l.paper_id = p.id join determinations d on d.id = l.determination_id
      where d.state not in ('draft', 'withdrawn') and p.withdrawn_at >= (
        select max(e.at) from events e where e.determination_id = d.id and e.action = 'determination.submit')
      union all
      select coalesce(r.no, o.no) || '：' || p.title
      from papers p join paper_links l on l.paper_id = p.id
      left join restrictions r on r.id = l.restriction_id left join decisions o on o.id = l.decision_id
      where p.withdrawn_at is not null and coalesce(r.no, o.no) is not null and not exists (
        select from paper_links m join papers q on q.id = m.paper_id
        where (m.restriction_id = r.id or m.decision_id = o.id) and q.sha256 is not null and q.withdrawn_at is null)`,
  },
]

export const filesName = '登记的文件都在，大小一致'

/** How many files are looked at when not all are asked for; another few each day. */
const sample = 500

/** Files whose bytes are missing or have another size; each is read to the end when all are asked for. */
export async function filesBroken(tx: Tx, store: FileStore, today: string, all: boolean): Promise<string[]> {
  const rows = await tx.execute<{ sha256: string; size: number }>(sql`
    select f.sha256, f.size from files f order by md5(f.sha256 || ${today}) ${all ? sql`` : sql`limit ${sample}`}`)
  const broken: string[] = []
  for (const { sha256, size } of rows) {
    const found = await store.stat(sha256)
    if (!found) broken.push(`${sha256}：没有文件`)
    else if (found.size !== size) broken.push(`${sha256}：${found.size} 字节，应为 ${size} 字节`)
    else if (all && !(await reads(store, sha256))) broken.push(`${sha256}：内容已变`)
  }
  return broken
}

async function reads(store: FileStore, sha256: string): Promise<boolean> {
  const copy = await store
    .read(sha256)
    .then((bytes) => store.receive(bytes))
    .catch(unlessMissing)
  await copy?.drop()
  return copy?.sha256 === sha256
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof FileMissing)) throw error
}
