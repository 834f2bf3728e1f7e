import type { Track } from '../kernel/actor.ts'
import { RuleBroken } from '../kernel/errors.ts'

/** `--track` as people write it; null where it was left out. */
export function readTrack(text: string): Track
export function readTrack(text: string | undefined): Track | null
export function readTrack(text: string | undefined): Track | null {
  if (text === undefined) return null
  const track = words[text]
  if (!track) throw new RuleBroken(`没有条线“${text}”，请写 state(国有)或 collective(集体)。`)
  return track
}

const words: Record<string, Track | undefined> = {
  state: 'state',
  国有: 'state',
  collective: 'collective',
  集体: 'collective',
}
