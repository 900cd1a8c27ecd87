import { openSync } from 'node:fs'
import { devNull } from 'node:os'

type Hdf5 = typeof import('h5wasm/node')
let loaded: Promise<Hdf5> | null = null

/** HDF5 in WebAssembly, working on files in place. Synchronous: for threads and step processes, never for the engine's own loop. */
export async function loadHdf5(): Promise<Hdf5> {
  loaded ??= load()
  return await loaded
}

async function load(): Promise<Hdf5> {
  const hdf5 = await import('h5wasm/node')
  const { FS } = (await hdf5.ready) as unknown as { FS: { getStream(fd: number): { nfd: number } | null } }
  // The library prints a page about every damaged file to the error output; what people need to know is in our own errors.
  const errors = FS.getStream(2)
  if (errors) errors.nfd = openSync(devNull, 'w')
  return hdf5
}
