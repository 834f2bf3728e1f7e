import { ImportRefused } from '../../imports/refused.ts'
import { RuleBroken } from '../kernel/errors.ts'

/** What a command says when it ends badly: one sentence, and its exit code (1 nothing was done, 2 it was refused). */
export function explain(error: unknown): { text: string; exit: 1 | 2 } {
  const chain = causes(error)
  const refusal = chain.find((cause) => cause instanceof RuleBroken || cause instanceof ImportRefused)
  if (refusal) return { text: refusal.message, exit: 2 }
  for (const cause of chain) {
    const code = 'code' in cause ? String(cause.code) : ''
    const text = code === 'EADDRINUSE' || code === 'EACCES' ? portSentence(code, cause) : sentences[code]
    if (text) return { text, exit: 1 }
  }
  const told = chain.find(({ message }) => /\p{Script=Han}/u.test(message))
  if (told) return { text: firstLine(told.message), exit: 1 }
  const last = chain[chain.length - 1]
  return { text: `没有做成，程序内部出错（${firstLine(last?.message ?? '')}），请把这句话转给维护人员。`, exit: 1 }
}

const unreachable = '连不上数据库：请检查 DATABASE_URL 的地址和端口，并确认 PostgreSQL 已经启动。'
const refused = '数据库不接受这个用户名或密码：请检查 DATABASE_URL。'
const empty = '数据库里还没有建表：请先运行 bin/panhuo migrate。'

/** By system error and by SQLSTATE. */
const sentences: Record<string, string | undefined> = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  EHOSTUNREACH: unreachable,
  ETIMEDOUT: unreachable,
  CONNECT_TIMEOUT: unreachable,
  ERR_INVALID_URL: 'DATABASE_URL 读不懂：请写成 postgres://用户:密码@地址:端口/库名。',
  '28P01': refused,
  '28000': refused,
  '3D000': 'DATABASE_URL 里的数据库不存在：请先建好，或改正库名。',
  '3F000': empty,
  '42P01': empty,
  '42501': '数据库用户的权限不够：请让它成为该数据库的所有者。',
  '53300': '数据库的连接数已满：请稍后再试，或调大 max_connections。',
  '55P03': '数据正被别人使用：请稍后再试。',
  EADDRNOTAVAIL: 'HOST 不是本机的地址：请改为本机地址，或写 0.0.0.0 接受所有地址。',
  ENOSPC: '磁盘已满：请腾出空间后再试。',
}

function portSentence(code: string, error: Error): string | undefined {
  const port = 'port' in error ? error.port : undefined
  if (port === undefined) return undefined
  return code === 'EADDRINUSE'
    ? `端口 ${port} 已被占用：请先停掉占用它的程序，或换一个端口，例如 PORT=${Number(port) + 1}。`
    : `没有权限使用端口 ${port}：请换一个 1024 以上的端口，例如 PORT=3000。`
}

function causes(error: unknown): Error[] {
  const chain: Error[] = []
  for (let at = error; at instanceof Error; at = at.cause) chain.push(at)
  return chain
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? ''
}
