import { startEmbedded } from './embedded.ts'

export type Server = { url: string; stop: () => Promise<void> }

/** The PostgreSQL server named by the configuration, otherwise the private one below the data directory. */
export async function openServer(env: {
  databaseUrl?: string | undefined
  dataDir: string
  log?: (line: string) => void
}): Promise<Server> {
  if (env.databaseUrl) return { url: env.databaseUrl, stop: async () => undefined }
  const { url, stop } = await startEmbedded({ dataDir: env.dataDir, log: env.log ?? (() => undefined) })
  return { url, stop }
}
