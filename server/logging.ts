import type { FastifyServerOptions } from 'fastify'

/** One JSON line per record; readable lines where a person watches. What signs somebody in is never written. */
export function loggerOptions(level: string, watched: boolean): FastifyServerOptions['logger'] {
  return {
    level,
    redact: {
      paths: [
        'req.headers.cookie',
        'req.headers.authorization',
        'res.headers["set-cookie"]',
        'headers.cookie',
        'headers.authorization',
        '*.password',
      ],
      censor: '***',
    },
    ...(watched
      ? { transport: { target: 'pino-pretty', options: { translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' } } }
      : {}),
  }
}
