import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { cloneDatabase, databaseUrl, dropDatabase, type TestServer } from './test-server.ts'

export { testSchema } from './test-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer
  }
}

/** A migrated, otherwise empty database of one's own; take one per test file, or per test that commits. */
export async function freshDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const { url, prefix, template } = inject('testServer')
  const name = `${prefix}${randomBytes(6).toString('hex')}`
  await cloneDatabase(url, template, name)
  return { url: databaseUrl(url, name), drop: () => dropDatabase(url, name) }
}
