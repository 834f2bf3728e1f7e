import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Static, type TSchema, Type } from 'typebox'
import Value from 'typebox/value'

/** Every setting of the process; `.env.example` lists the same keys. */
export const Environment = Type.Object({
  DATABASE_URL: Type.Optional(
    Type.String({ description: 'PostgreSQL 17 or newer; without it a private server runs under PANHUO_DATA' }),
  ),
  PANHUO_DATA: Type.String({ default: '.data', description: 'Folder of the private database and of uploaded files' }),
  PANHUO_COUNTY: Type.String({
    default: '510923',
    pattern: '^[0-9]{6}$',
    description: 'Division code of the county; its schema is county_<code>',
  }),
  PANHUO_COUNTY_NAME: Type.String({ default: '大英县', description: 'Name shown in the page head' }),
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on' }),
  PORT: Type.Integer({
    default: 3000,
    minimum: 0,
    maximum: 65535,
    description: 'Port to listen on; 0 picks a free one',
  }),
  PUBLIC_ORIGIN: Type.Optional(
    Type.String({
      pattern: '^https?://[^/?#\\s]+$',
      description: 'Address people type and labels lead to, without a slash at the end; https makes cookies Secure',
    }),
  ),
  TRUST_PROXY: Type.Optional(
    Type.String({ description: 'Address of the reverse proxy whose forwarded headers count' }),
  ),
  LOG_LEVEL: Type.String({
    default: 'info',
    pattern: '^(fatal|error|warn|info|debug|trace|silent)$',
    description: 'pino level: fatal, error, warn, info, debug, trace, silent',
  }),
  SESSION_IDLE_MINUTES: Type.Integer({
    default: 30,
    minimum: 5,
    maximum: 1440,
    description: 'Minutes without a request until signing in again',
  }),
  SESSION_HOURS: Type.Integer({ default: 12, minimum: 1, maximum: 72, description: 'Longest session in hours' }),
  FILES_S3_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description: 'Object store for uploaded files, any that speaks S3; without it they lie under PANHUO_DATA',
    }),
  ),
  FILES_S3_BUCKET: Type.Optional(Type.String({ description: 'Its bucket; names in it begin with PANHUO_COUNTY' })),
  FILES_S3_REGION: Type.String({ default: 'us-east-1', description: 'Its region; most stores of one’s own take any' }),
  FILES_S3_KEY: Type.Optional(Type.String({ description: 'Its access key' })),
  FILES_S3_SECRET: Type.Optional(Type.String({ description: 'The secret that belongs to the key' })),
})

/** Without one of these the object store cannot be used, and files must not quietly go elsewhere. */
const together = ['FILES_S3_ENDPOINT', 'FILES_S3_BUCKET', 'FILES_S3_KEY', 'FILES_S3_SECRET'] as const

export type Config = Static<typeof Environment>

/** Reads the environment once; a wrong value names its key. Blank means not set. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.keys(Environment.properties)
      .map((key) => [key, env[key]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  )
  const config = Value.Convert(Environment, Value.Default(Environment, given))
  const [error] = Value.Errors(Environment, config)
  if (error) throw new Error(complaint(error.instancePath.slice(1)))
  const missing = together.find((key) => given[key] === undefined)
  const known = together.find((key) => given[key] !== undefined)
  if (missing && known) throw new Error(`设置了 ${known}，还缺 ${missing}，请补上，写法见 .env.example。`)
  return config as Config
}

/** The configuration of this process: its environment, then the project's own `.env`, then the defaults. */
export function readEnvironment(): Config {
  const root = new URL('../', import.meta.url)
  const file = fileURLToPath(new URL('.env', root))
  if (existsSync(file)) process.loadEnvFile(file)
  // The default folder lies in the project, wherever a command is called from.
  return readConfig({ ...process.env, PANHUO_DATA: process.env.PANHUO_DATA || fileURLToPath(new URL('.data', root)) })
}

/** The schema a county lives in. */
export function countySchema(config: Config): string {
  return `county_${config.PANHUO_COUNTY}`
}

/** Plain-http intranets keep working; behind https cookies are Secure and carry the __Host- prefix. */
export function isSecure(config: Config): boolean {
  return config.PUBLIC_ORIGIN?.startsWith('https:') ?? false
}

/** The value itself is not repeated: it may be a secret. */
function complaint(key: string): string {
  const schema: TSchema & { minimum?: number; maximum?: number } = Object(Environment.properties)[key] ?? {}
  const { minimum, maximum } = schema
  const wanted = minimum === undefined ? '' : `，应为 ${minimum} 到 ${maximum} 之间的整数`
  return `环境变量 ${key} 的值不对${wanted}，写法见 .env.example。`
}
