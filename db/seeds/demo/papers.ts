import { Readable } from 'node:stream'
import { sql } from 'drizzle-orm'
import sharp from 'sharp'
import { allKeys } from '../../../server/access/actor-for.ts'
import { asSystem } from '../../../server/access/system.ts'
import type { Acting } from '../../../server/kernel/events.ts'
import { lookAt } from '../../../server/records/content.ts'
import type { FileStore } from '../../../server/records/files.ts'
import { addPaper, type PaperFile, type PaperValues } from '../../../server/records/paper-actions.ts'
import { findPaperSubject, type PaperSubjectKind } from '../../../server/records/paper-subjects.ts'
import type { Tx } from '../../client.ts'
import type { SteppedClock } from './stage.ts'
import { fullTown } from './units.ts'

/** What a demonstration's determination rests on; nobody has scanned it yet. */
export async function seedBasis(tx: Tx, acting: Acting, determinationId: string, issuedOn: string): Promise<void> {
  await hang(tx, acting, 'determination', determinationId, {
    kind: 'minutes',
    title: '村民代表会议记录',
    no: null,
    issuer: '村民委员会',
    issuedOn,
  })
  await hang(tx, acting, 'determination', determinationId, {
    kind: 'voucher',
    title: '拨款凭证',
    no: '1998-记-37',
    issuer: '蓬莱镇财政办',
    issuedOn: '1998',
  })
}

/** A drawn picture and a reply for each of a few idle houses. */
export async function seedPapers(tx: Tx, clock: SteppedClock, store: FileStore, today: string): Promise<void> {
  clock.set(today > '2026-05-20' ? '2026-05-20T03:00:00Z' : `${today}T00:30:00Z`)
  const acting = asSystem(clock, await allKeys(tx))
  const shown = await tx.execute<{ id: string; name: string }>(sql`
    select id, name from cards
    where card_type = 'house' and usage = 'idle' and left(division_code, 9) = ${fullTown.slice(0, 9)}
    order by code limit 4`)
  for (const [index, { id, name }] of shown.entries()) {
    const views = [`${name}正面`, `${name}院内`]
    for (const [turn, title] of views.entries()) {
      const file = await received(store, await drawing(index * 2 + turn), 'photo.jpg')
      const said = { kind: 'photo', title, no: null, issuer: null, issuedOn: '2026-05' }
      await hang(tx, acting, 'card', id, said, file)
    }
    const no = `演示府函〔2020〕${index + 11} 号`
    const file = await received(store, reply(no), '批复.pdf')
    const said = { kind: 'reply', title: '资产划转批复', no, issuer: '大英县人民政府（演示）', issuedOn: '2020-08-19' }
    await hang(tx, acting, 'card', id, said, file)
  }
  const recorded = await tx.execute<{ id: string; no: string; body: string; day: string }>(sql`
    select id, document_no as no, body, decided_on::text as day from decisions order by id limit 1`)
  for (const { id, no, body, day } of recorded) {
    const file = await received(store, reply(no), '批复.pdf')
    await hang(
      tx,
      acting,
      'decision',
      id,
      { kind: 'reply', title: '权属界定批复', no, issuer: body, issuedOn: day },
      file,
    )
  }
}

async function hang(
  tx: Tx,
  acting: Acting,
  kind: PaperSubjectKind,
  id: string,
  values: PaperValues,
  file: PaperFile | null = null,
): Promise<void> {
  const subject = await findPaperSubject(tx, acting.actor, kind, { id })
  if (!subject) throw new Error(`nothing to hang a paper on: ${kind} ${id}`)
  await addPaper(tx, acting, subject, values, file)
}

async function received(store: FileStore, bytes: Buffer, name: string): Promise<PaperFile> {
  const waiting = await store.receive(Readable.from([bytes]))
  return { store, received: waiting, looked: await lookAt(waiting, name) }
}

/** A house under a sky, each in other colours. */
function drawing(index: number): Promise<Buffer> {
  const hue = (index * 47) % 360
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="720">
    <rect width="960" height="720" fill="hsl(205 55% 82%)"/>
    <rect y="500" width="960" height="220" fill="hsl(95 28% 55%)"/>
    <rect x="220" y="280" width="520" height="290" fill="hsl(${hue} 32% 78%)"/>
    <path d="M180 290 L480 ${130 + (index % 3) * 30} L780 290 Z" fill="hsl(${(hue + 20) % 360} 40% 42%)"/>
    <rect x="440" y="420" width="90" height="150" fill="hsl(25 35% 35%)"/>
    <g fill="hsl(205 40% 60%)"><rect x="270" y="350" width="90" height="80"/><rect x="610" y="350" width="90" height="80"/></g>
  </svg>`
  return sharp(Buffer.from(picture)).jpeg({ quality: 80 }).toBuffer()
}

/** One page with the number on it. */
function reply(no: string): Buffer {
  const number = no.match(/\d+/g)?.join('-') ?? ''
  const content = `BT /F1 18 Tf 72 760 Td (Demo reply ${number}) Tj ET`
  return Buffer.from(
    `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length ${content.length}>>stream
${content}
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
`,
  )
}
