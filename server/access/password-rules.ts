export type PasswordPolicy = {
  minLength: number
  /** How many of upper case, lower case, digits and other signs; 1 asks for nothing. */
  kinds: number
  /** How many of the latest passwords, the present one among them, may not come again. */
  former: number
}

export const usualPasswords: PasswordPolicy = { minLength: 10, kinds: 3, former: 3 }

/**
 * What a new password lacks, as one sentence; null when it is good. `names` are words an attacker tries first: the
 * account, the person, the county.
 */
export function passwordProblem(
  password: string,
  account: string,
  policy: PasswordPolicy = usualPasswords,
  names: readonly string[] = [],
): string | null {
  const length = [...password].length
  if (length < policy.minLength) return `密码至少 ${policy.minLength} 位，请写长一些。`
  if (length > 128) return '密码最多 128 位，请写短一些。'
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length
  if (kinds < policy.kinds)
    return `密码要有大写字母、小写字母、数字、符号中的${numerals[policy.kinds] ?? policy.kinds}种。`
  if (account.length >= 3 && password.toLowerCase().includes(account.toLowerCase())) return '密码里不要包含账号。'
  if (isObvious(password, names)) return '这个密码太容易猜到，请不要只用常见的词、地名、姓名加数字。'
  return null
}

/** The rules in words, as the hint beside the field. */
export function passwordHint(policy: PasswordPolicy): string {
  const kinds =
    policy.kinds > 1 ? `要有大写字母、小写字母、数字、符号中的${numerals[policy.kinds] ?? policy.kinds}种，` : ''
  return `至少 ${policy.minLength} 位，${kinds}不要包含账号，不要用常见的词加数字，也不能与最近 ${policy.former} 次的相同。`
}

const numerals: Record<number, string> = { 2: '两', 3: '三', 4: '四' }

/** What is tried first everywhere, and here. */
const obvious = [
  'password',
  'passw0rd',
  'p@ssw0rd',
  'panhuo',
  'admin',
  'administrator',
  'root',
  'guest',
  'test',
  'user',
  'welcome',
  'letmein',
  'iloveyou',
  'qwertyuiop',
  'qwerty',
  'asdfghjkl',
  'asdfgh',
  'zxcvbnm',
  'zxcvbn',
  '1qaz2wsx',
  '1q2w3e4r',
  'abcdefgh',
  'abcd',
  'abc',
  'qaz',
  'wsx',
  'woaini',
  'zichan',
  'caizheng',
  'caiwu',
  'mima',
  '盘活',
  '密码',
  '资产',
  '财政',
  '管理员',
]
/** What a password must still hold when obvious words, digits and signs are taken out of it. */
const leftOver = 4

function isObvious(password: string, names: readonly string[]): boolean {
  const words = [...obvious, ...names.flatMap(wordsOf)].sort((left, right) => right.length - left.length)
  let rest = password.normalize('NFKC').toLowerCase()
  if (new Set(rest).size < leftOver || isRun(rest)) return true
  const whole = rest
  for (const word of words) rest = rest.replaceAll(word, ' ')
  if (rest === whole) return false
  return [...rest.replaceAll(/[\p{N}\p{P}\p{S}\s]/gu, '')].length < leftOver && digits(rest) <= 8
}

function digits(text: string): number {
  return text.replaceAll(/\D/g, '').length
}

/** 1234567890, 87654321, abcdefghij: each sign follows the one before. */
function isRun(text: string): boolean {
  const codes = [...text].map((sign) => sign.codePointAt(0) ?? 0)
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] ?? 0)))
  // 9 is followed by 0.
  steps.delete(-9)
  steps.delete(9)
  return steps.size <= 1 && [...steps].every((step) => Math.abs(step) <= 1)
}

/** 大英县 is tried as 大英, too. */
function wordsOf(name: string): string[] {
  const word = name.normalize('NFKC').toLowerCase().trim()
  const short = word.replace(/[省市县区]$/, '')
  return [word, short].filter((text) => [...text].length >= 2)
}
