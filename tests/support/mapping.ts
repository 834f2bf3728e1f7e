import { eq } from 'drizzle-orm'
import { importBatches } from '../../db/schema/imports.ts'
import type { Reading } from '../../server/imports/actions.ts'
import { controlOf } from '../../server/imports/mapping-form.ts'
import type { Reply, TestApp, Visitor } from './app.ts'

/** Confirms how a batch was read, with the guesses unless told otherwise; does nothing where nothing is asked. */
export async function confirmMapping(
  test: Pick<TestApp, 'db'>,
  visitor: Visitor,
  no: string,
  answers: Record<string, string> = {},
): Promise<Reply | null> {
  const [batch] = await test.db((tx) => tx.select().from(importBatches).where(eq(importBatches.no, no)))
  if (batch?.state !== 'mapping') return null
  return visitor.post(`/imports/${no}/mapping`, { version: String(batch.version), ...answers })
}

/** Name of the control for a question, such as value:usage:空着. */
export async function controlFor(test: Pick<TestApp, 'db'>, no: string, key: string): Promise<string> {
  const [batch] = await test.db((tx) => tx.select().from(importBatches).where(eq(importBatches.no, no)))
  const { questions = [] } = (batch?.reading ?? {}) as Partial<Reading>
  const at = questions.findIndex((question) => question.key === key)
  const question = questions[at]
  if (!question) throw new Error(`${key} is not asked: ${questions.map((each) => each.key).join(', ')}`)
  return controlOf(question, at)
}
