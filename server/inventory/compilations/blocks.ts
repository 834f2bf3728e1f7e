import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { blocking, type CardVerb, type Hold, holdSentence } from '../../assets/holds.ts'
import type { Reason } from '../../kernel/errors.ts'

/** Named beside the button; the rest is told by number. */
const mostNamed = 20

type Row = {
  countNo: string
  no: number
  code: string
  name: string
  version: number
  cardVersion: number
  quantity: string | null
  bookQuantity: string
  partial: boolean
  undetermined: boolean
  differs: boolean
  voided: boolean
  hold: {
    kind: string
    documentKind: string
    documentId: string
    documentNo: string
    documentPath: string
    parts: string
  } | null
}

/** Why a compilation cannot be filed as things stand: each line with what is in its way and where to put it right. */
export async function blocksOf(tx: Tx, compilationId: string): Promise<Reason[]> {
  const rows = await tx.execute<Row>(sql`
    select t.no as "countNo", l.no, c.code, c.name, c.version, l.card_version as "cardVersion", c.quantity::text as quantity,
      l.book_quantity::text as "bookQuantity", c.voided,
      l.missing_quantity + l.scrap_quantity + l.undetermined_quantity not in (0, l.book_quantity)
        or (l.missing_quantity > 0)::int + (l.scrap_quantity > 0)::int + (l.undetermined_quantity > 0)::int > 1 as partial,
      l.undetermined_quantity > 0 as undetermined,
      l.missing_quantity + l.scrap_quantity + l.undetermined_quantity > 0 or l.changes <> '{}' as differs,
      case when h.id is not null then jsonb_build_object('kind', h.kind, 'documentKind', h.document_kind,
        'documentId', h.document_id::text, 'documentNo', h.document_no, 'documentPath', h.document_path, 'parts', h.parts::text) end as hold
    from counts t
    join count_lines l on l.count_id = t.id and l.origin = 'booked'
    join cards c on c.id = l.card_id
    left join holds h on h.card_id = c.id and h.released_at is null
    where t.compilation_id = ${compilationId} and (l.card_version <> c.version or (h.id is not null or c.quantity is distinct from l.book_quantity)
      and (l.missing_quantity + l.scrap_quantity + l.undetermined_quantity > 0 or l.changes <> '{}'))
    order by t.unit_code, l.no`)
  // A register that was imported again meanwhile has a reason for every line.
  const unique = [...Map.groupBy(rows.flatMap(reasonsOf), ({ text }) => text).values()].flatMap(
    ([first]) => first ?? [],
  )
  const more = unique.length - mostNamed
  return more > 0 ? [...unique.slice(0, mostNamed), `还有 ${more} 项，办完以上各项后再看。`] : unique
}

function reasonsOf(row: Row): { text: string; href: string }[] {
  const line = `/inventory/counts/${row.countNo}/lines/${row.no}`
  if (row.version !== row.cardVersion) {
    return [{ text: `${row.code} ${row.name} 提交后又有变动，请退回该单位复核。`, href: line }]
  }
  if (!row.differs || row.voided) return []
  if (row.partial && row.quantity !== null && Number(row.quantity) !== Number(row.bookQuantity)) {
    const text = `${row.code} ${row.name} 的数量已不是账面的 ${Number(row.bookQuantity)}，请退回该单位重新盘点。`
    return [{ text, href: line }]
  }
  if (row.hold === null) return []
  const verb: CardVerb = row.partial ? 'split' : row.undetermined ? 'determine' : 'edit'
  const hold = row.hold as unknown as Hold
  return blocking(verb, [hold]).map((block) => ({
    text: `${row.code} ${row.name}：${holdSentence(verb, block)}`,
    href: block.documentPath,
  }))
}
