import type { Readable } from 'node:stream'
import type { Stored } from './files.ts'

/** A place that keeps bytes under names: a folder, or a bucket of an object store. */
export type Shelf = {
  /** Puts a finished local file under the name; the local file may be gone afterwards. */
  put(name: string, path: string, size: number): Promise<void>
  putBytes(name: string, bytes: Uint8Array): Promise<void>
  /** Undefined when nothing has this name. */
  open(name: string): Promise<Readable | undefined>
  stat(name: string): Promise<Stored | null>
  delete(name: string): Promise<void>
  /** Everything whose name begins so. */
  list(prefix: string): AsyncIterable<{ name: string; at: Date }>
  /** Where the bytes lie on this machine, when they do. */
  localPath?(name: string): string
  close(): void
}
