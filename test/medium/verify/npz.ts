import { writeFileSync } from 'node:fs'
import { zipSync } from 'fflate'

/** Writes an .npz of .npy files. */
export const writeNpz = (path: string, arrays: Readonly<Record<string, Uint8Array>>): void =>
  writeFileSync(path, zipSync(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]))))
