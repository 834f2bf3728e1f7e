import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Acting } from '../kernel/events.ts'

/** The operator 系统: the command line, seeds and jobs. It reads the keys it is given and holds no role. */
export function systemActor(keys: readonly string[] = []): Actor {
  return { personId: null, name: '系统', unitId: null, unitName: '', grants: [], keys, mustChangePassword: false }
}

export function asSystem(clock: Clock, keys: readonly string[] = []): Acting {
  return { actor: systemActor(keys), clock, requestId: null }
}
