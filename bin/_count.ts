import { readFileSync } from 'node:fs'

// Reads what vitest's json reporter wrote and prints the counts as one plain line; exits 1 when no test ran.

type Outcome = {
  numPassedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

const nothing: Outcome = { numPassedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }
const text = readFileSync(process.argv[2] ?? '', 'utf8')
const outcome: Outcome = text === '' ? nothing : JSON.parse(text)

// A file that does not even load has no failed test in it, yet it failed.
const failed = outcome.testResults.reduce((sum, file) => {
  const tests = file.assertionResults.filter((test) => test.status === 'failed').length
  return sum + (tests === 0 && file.status === 'failed' ? 1 : tests)
}, 0)
const skipped = outcome.numPendingTests + outcome.numTodoTests

process.stdout.write(`${outcome.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
if (outcome.numPassedTests + failed === 0) process.exitCode = 1
