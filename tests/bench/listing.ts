import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import { openSession } from '../../server/access/sessions.ts'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { frozenClock } from '../../server/kernel/clock.ts'
import { against, type Figure, median, told } from './figure.ts'
import type { LargeRegister } from './large-register.ts'
import { stubbed } from './stubbed.ts'

const script = fileURLToPath(new URL('visits.ts', import.meta.url))
const path = '/assets'

/** Requests a second of the register's page, against the same page while the database is not asked. */
export async function listing(
  { county, entry }: LargeRegister,
  name: string,
  scratch: string,
  quick: boolean,
): Promise<Figure[]> {
  const clock = frozenClock('2026-03-01T02:00:00Z')
  const limits = { idleMinutes: 30, hours: 12 }
  const session = await county.transaction({}, async (tx) => {
    const [person] = await tx.execute<{ id: string }>(sql`
      insert into people (account, name, must_change_password, password_changed_at)
      values ('county', '县局', false, ${'2026-03-01'}) returning id::text as id`)
    await tx.execute(sql`
      insert into memberships (person_id, unit_id, role, track, valid_from)
      select ${person?.id}, min(id), 'approver', 'both', '2026-01-01' from units`)
    return openSession(tx, person?.id ?? '', clock.now(), limits, { address: 'bench', browser: 'bench' })
  })
  const config = readConfig({ PANHUO_DATA: join(scratch, 'listing') })
  const app = await buildApp({ config, counties: [entry], clock, jobs: 'none' })
  const [served] = app.counties
  if (!served) throw new Error('no county is served')
  try {
    const origin = await app.listen({ host: '127.0.0.1', port: 0 })
    const perSecond = async () => {
      const milliseconds = quick ? 200 : 3000
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...['--no-warnings', script, origin + path, `panhuo=${session}`, '8', String(milliseconds)],
      ])
      return (Number(stdout) * 1000) / milliseconds
    }
    const real = served.transaction
    const stub = stubbed(served)
    await perSecond()
    const asked: number[] = []
    const answered: number[] = []
    for (let turn = 0; turn < (quick ? 1 : 3); turn++) {
      served.transaction = real
      asked.push(await perSecond())
      stub.note()
      await fetch(origin + path, { headers: { cookie: `panhuo=${session}` } })
      stub.replay()
      answered.push(await perSecond())
    }
    const alone = told('register', `${name}, the page with the database stubbed out`, median(answered), 'requests/s')
    const whole = told('register', `${name}, the page`, median(asked), 'requests/s')
    return [alone, against(whole, alone, { least: 0.33 })]
  } finally {
    await app.close()
  }
}
