import { randomInt } from 'node:crypto'
import { passwordProblem } from '../../../server/access/password-rules.ts'

/** One password for all demo accounts, typed again and again and so easy to read: four syllables and four digits, `Muladoki-4827`. */
export function readablePassword(accounts: readonly string[]): string {
  for (;;) {
    const word = Array.from({ length: 4 }, syllable).join('')
    const password = `${word.charAt(0).toUpperCase()}${word.slice(1)}-${String(randomInt(10_000)).padStart(4, '0')}`
    if (accounts.every((account) => passwordProblem(password, account) === null)) return password
  }
}

function syllable(): string {
  return 'bdfghjklmnprstwz'.charAt(randomInt(16)) + 'aeiou'.charAt(randomInt(5))
}
