import { expect, it } from 'vitest'
import { passwordProblem } from '../../server/access/password-rules.ts'

const guessed = '这个密码太容易猜到，请不要只用常见的词、地名、姓名加数字。'

it.each([
  ['Chunyu-2026', null],
  ['chunyu2026!', null],
  ['Panhuo-2026', guessed],
  ['Admin@123456', guessed],
  ['Caizheng-2026', guessed],
  ['Qwerty@12345', guessed],
  ['Xuehua-test-9', null],
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

const asvs = { minLength: 12, kinds: 1, former: 3 }

it.each([
  ['correct horse battery', null],
  ['全县资产一张网不漏一间房', null],
  ['123456789012', guessed],
  ['987654321098', guessed],
  ['abcdefghijkl', guessed],
  ['aaaaaaaaaaaa', guessed],
  ['888888888888', guessed],
  ['password1234', guessed],
  ['大英县20262026', '密码至少 12 位，请写长一些。'],
  ['大英县-2026-2026', guessed],
  ['大英财政-2026-26', guessed],
  ['short', '密码至少 12 位，请写长一些。'],
])('without kinds, the password %s of zhang in 大英县: %s', (password, problem) => {
  expect(passwordProblem(password, 'zhang', asvs, ['zhang', '张会计', '大英县'])).toBe(problem)
})
