import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { compilations } from '../../../db/schema/compilations.ts'
import { counts } from '../../../db/schema/inventory.ts'
import { act, type Machine } from '../../kernel/act.ts'
import { type Actor, holds, scopeKey, type Track } from '../../kernel/actor.ts'
import { shanghaiDay } from '../../kernel/clock.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../../kernel/errors.ts'
import { type Acting, eventsOf, onBehalfOf, record } from '../../kernel/events.ts'
import { documentNumber } from '../../kernel/numbers.ts'
import { cancelDeadline, meetDeadline, setDeadline } from '../../records/deadlines.ts'
import { recordDecision } from '../../records/decision-actions.ts'
import type { BodyKind } from '../../records/decision-form.ts'
import { numberOn } from '../../settings/settings.ts'
import { applyClaims } from '../claims/filing.ts'
import { countMachine } from '../counts/actions.ts'
import { applyFindings } from './filing.ts'
import { countsToCompile, figuresOf, isReady, loadCompilation } from './queries.ts'
import { type Compilation, compilationWorkflow } from './workflow.ts'

/** Units on whose behalf this person may compile a call of the track: the office, department or bureau it works for. */
export function compilersOf(actor: Actor, track: Track): { unitId: string; unitName: string }[] {
  const wanted = ['lead', 'keeper', 'approver']
  return actor.grants
    .filter(({ role, keys, unitId }) => wanted.includes(role) && keys.has(scopeKey(unitId, track)))
    .map(({ unitId, unitName }) => ({ unitId, unitName }))
    .filter(({ unitId }, at, all) => all.findIndex((other) => other.unitId === unitId) === at)
}

/** Begins a compilation with counts that stand ready. */
export async function draftCompilation(
  tx: Tx,
  acting: Acting,
  draft: { callId: string; unitId: string; track: Track; countIds: readonly string[] },
): Promise<{ id: string; no: string }> {
  const { clock, actor } = acting
  if (!compilersOf(actor, draft.track).some(({ unitId }) => unitId === draft.unitId)) throw new Forbidden()
  const no = await documentNumber(tx, 'HZ', clock.today())
  const [row] = await tx
    .insert(compilations)
    .values({
      no,
      callId: draft.callId,
      unitId: draft.unitId,
      track: draft.track,
      partyKeys: [scopeKey(draft.unitId, draft.track)],
      createdAt: clock.now(),
      updatedAt: clock.now(),
    })
    .returning({ id: compilations.id })
  if (!row) throw new Error('the compilation was not written')
  await record(tx, acting, { kind: 'compilation', id: row.id }, { action: 'compilation.draft', toState: 'draft' })
  await take(tx, acting, { id: row.id, no, callId: draft.callId, track: draft.track }, draft.countIds)
  return { id: row.id, no }
}

/** Puts exactly these counts in: what is missing among them leaves, what is new comes in. */
export async function chooseCounts(
  tx: Tx,
  acting: Acting,
  id: string,
  version: number,
  countIds: readonly string[],
): Promise<void> {
  await tx.select({ id: compilations.id }).from(compilations).where(eq(compilations.id, id)).for('no key update')
  const document = await loadCompilation(tx, acting, id)
  if (!document) throw new NotFound()
  if (!holds(acting.actor, ['lead', 'keeper', 'approver'], scopeKey(document.unitId, document.track)))
    throw new Forbidden()
  if (document.version !== version) throw new Stale()
  if (document.state !== 'draft') throw new RuleBroken('汇总已经上报，不能再调整；请先由县里退回。')
  const gone = document.counts.filter((count) => !countIds.includes(count.id))
  await letGo(tx, acting, document, gone)
  const fresh = countIds.filter((countId) => !document.counts.some((count) => count.id === countId))
  await take(tx, acting, document, fresh)
  await tx
    .update(compilations)
    .set({ version: sql`${compilations.version} + 1`, updatedAt: acting.clock.now() })
    .where(eq(compilations.id, id))
  await record(tx, acting, { kind: 'compilation', id }, { action: 'compilation.choose' })
}

/** The document with its table and what filing does to the register; new cards bear the county's number. */
export function compilationMachine(county: string): Machine<Compilation, typeof compilations> {
  const file = async (
    tx: Tx,
    acting: Acting,
    document: Compilation,
    on: { filedOn: string; documentNo: string | null },
  ) => {
    await applyFindings(tx, acting, county, document, on.filedOn)
    await applyClaims(tx, onBehalfOf(acting), document.id, on.filedOn)
    // Whoever files need not be whose step it is on each of the counts.
    for (const count of document.counts) {
      await act(tx, acting, countMachine, count.id, {
        action: 'file',
        version: count.version,
        comment: null,
        along: true,
      })
    }
    await meetDeadline(tx, acting, subjectOf(document), 'file')
    const frozen = await figuresOf(tx, sql`t.compilation_id = ${document.id}`)
    return { patch: { ...on, frozen: [...frozen] }, effectiveOn: on.filedOn }
  }
  return {
    workflow: compilationWorkflow,
    subject: 'compilation',
    table: compilations,
    load: loadCompilation,
    effects: {
      submit: async (tx, acting, document, _values, comment) => {
        const { silent } = document
        if (silent.length > 0 && !comment) {
          const named = silent.slice(0, 3).join('、') + (silent.length > 3 ? '等' : '')
          const cure = '请在意见里写明他们为什么没有列入，或先催办、延长时限、取消。'
          throw new RuleBroken([{ field: 'comment', text: `还有${named} ${silent.length} 个单位没有列入，${cure}` }])
        }
        const anchorOn = acting.clock.today()
        const amount = await numberOn(tx, 'countFileDays', anchorOn, document.track)
        await setDeadline(tx, acting, subjectOf(document), {
          ...{ key: 'file', label: '备案清查汇总', basis: '县里设定的时限', role: 'approver' as const },
          partyKeys: document.parties.compiler ?? [],
          ...{ anchorOn, amount, unit: 'working_day' },
        })
        // 不漏: who was left out, and why, stays beside what was handed in.
        return silent.length > 0 ? { detail: { silent: [...silent] } } : undefined
      },
      return: async (tx, acting, document) => {
        await cancelDeadline(tx, acting, subjectOf(document))
        return undefined
      },
      withdraw: async (tx, acting, document) => {
        await letGo(tx, acting, document, document.counts)
        return undefined
      },
      file: async (tx, acting, document, values) => {
        const filedOn = values.filedOn ?? acting.clock.today()
        const { day } = await handedIn(tx, acting, document)
        if (filedOn < day) {
          throw new RuleBroken([{ field: 'filedOn', text: `备案日期不能早于上报的 ${day}，请核对。` }])
        }
        return file(tx, acting, document, { filedOn, documentNo: values.documentNo ?? null })
      },
      record: async (tx, acting, document, values) => {
        const { bodyKind, body, documentNo, decidedOn, summary } = values
        if (!bodyKind || !body || !documentNo || !decidedOn || !summary) {
          throw new RuleBroken('请照文件写全：备案机关、文号、日期和内容。')
        }
        const effect = await file(tx, acting, document, { filedOn: decidedOn, documentNo })
        const { day, people } = await handedIn(tx, acting, document)
        const decision = await recordDecision(tx, acting, {
          ...{ bodyKind: bodyKind as BodyKind, body, documentNo, decidedOn, summary, outcome: 'noted' },
          document: { kind: 'compilation', id: document.id, no: document.no, path: pathOf(document), label: '本汇总' },
          submittedOn: day,
          submitters: people,
          partyKeys: document.parties.compiler ?? [],
        })
        return { ...effect, detail: { document: { kind: 'decision', ...decision } } }
      },
    },
  }
}

/** When it was last handed in, and by whom it ever was. */
async function handedIn(tx: Tx, { clock }: Acting, document: Compilation): Promise<{ day: string; people: string[] }> {
  const submitted = (await eventsOf(tx, subjectOf(document))).filter(({ action }) => action === 'compilation.submit')
  return {
    day: shanghaiDay(submitted.at(-1)?.at ?? clock.now()),
    people: submitted.flatMap(({ actorId }) => actorId ?? []),
  }
}

type Taking = Pick<Compilation, 'id' | 'no' | 'callId' | 'track'>

async function take(tx: Tx, acting: Acting, document: Taking, countIds: readonly string[]): Promise<void> {
  if (countIds.length === 0) return
  const own = await countsToCompile(tx, acting.actor, document.callId)
  const chosen = own.filter(({ id }) => countIds.includes(id))
  const unready = chosen.find((count) => !isReady(count, document.track))
  if (chosen.length < countIds.length || unready) {
    const name = unready ? `${unready.unitName}的清查结果` : '选定的单位'
    throw new RuleBroken([
      { field: 'counts', text: `${name}还不能汇总：国有的要已审核，集体的要成员已确认，且没有列入别的汇总。` },
    ])
  }
  const taken = await tx
    .update(counts)
    .set({ compilationId: document.id, version: sql`${counts.version} + 1`, updatedAt: acting.clock.now() })
    .where(and(inArray(counts.id, [...countIds]), isNull(counts.compilationId)))
    .returning({ id: counts.id })
  if (taken.length < countIds.length) throw new Stale()
  await tx
    .update(compilations)
    .set({ partyKeys: sql`array(select distinct k from unnest(party_keys || ${keysOf(chosen)}) k)` })
    .where(eq(compilations.id, document.id))
  for (const { id } of chosen) await tell(tx, acting, document, id, 'count.compile')
}

async function letGo(tx: Tx, acting: Acting, document: Taking, gone: readonly { id: string }[]): Promise<void> {
  for (const { id } of gone) {
    await tx
      .update(counts)
      .set({ compilationId: null, version: sql`${counts.version} + 1`, updatedAt: acting.clock.now() })
      .where(and(eq(counts.id, id), eq(counts.compilationId, document.id)))
    await tell(tx, acting, document, id, 'count.release')
  }
}

async function tell(tx: Tx, acting: Acting, document: Taking, id: string, action: string): Promise<void> {
  const detail = { document: { kind: 'compilation', no: document.no, path: pathOf(document) } }
  await record(tx, onBehalfOf(acting), { kind: 'count', id }, { action, detail })
}

function keysOf(chosen: readonly { scopeKey: string }[]) {
  return sql`${`{${chosen.map((count) => count.scopeKey).join(',')}}`}::bigint[]`
}

function subjectOf({ id }: Pick<Compilation, 'id'>) {
  return { kind: 'compilation', id } as const
}

function pathOf({ no }: Pick<Compilation, 'no'>): string {
  return `/inventory/compilations/${no}`
}
