import { expect, it } from 'vitest'
import { passwordProblem } from '../../server/access/passwords.ts'

it.each([
  ['Panhuo-2026', null],
  ['panhuo2026!', null],
  ['盘活Aa2026年度清查', null],
  ['Aa1!Aa1!A', '密码至少 10 位，请写长一些。'],
  [`Aa1${'x'.repeat(126)}`, '密码最多 128 位，请写短一些。'],
  ['panhuo202604', '密码要有大写字母、小写字母、数字、符号中的三种。'],
  ['PANHUOPANHUO', '密码要有大写字母、小写字母、数字、符号中的三种。'],
  ['Zhang-2026-x', '密码里不要包含账号。'],
  ['my-ZHANG-2026', '密码里不要包含账号。'],
])('the password %s of zhang: %s', (password, problem) => {
  expect(passwordProblem(password, 'zhang')).toBe(problem)
})
