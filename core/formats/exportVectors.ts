import type { Artefact } from '../recipes/artefact.ts'
import { vectorsSource } from '../recipes/kinds.ts'
import { VectorFile } from '../search/vectorFile.ts'
import type { ExportedResult } from './exportResult.ts'
import { writeIscDescriptors } from './isc.ts'
import { numberColumn } from './outTable.ts'
import { writeVectorsAs, type VectorFormat } from './writeVectors.ts'

type Names = (ids: Iterable<number>) => ReadonlyMap<number, string>

/** Vectors with the names of their images; where some describe parts of images, a column `part` says which. Throws what writeVectorsAs throws. */
export async function exportVectors(artefact: Artefact, format: VectorFormat, file: string, namesOf: Names): Promise<ExportedResult> {
  return await withRows(artefact, async ({ images, parts, dim, read }) => {
    const names = namesOf(images)
    const files = await writeVectorsAs(file, format, {
      rows: images.length, dim,
      ids: async (from, count) => Array.from(images.subarray(from, from + count), (id) => names.get(id) ?? ''),
      values: async (from, count) => await read(Uint32Array.from({ length: count }, (_, i) => from + i)),
      ...(parts.some((part) => part !== 0) ? { beside: [numberColumn('part', parts)] } : {})
    })
    return { files, rows: images.length, notes: [] }
  })
}

/** The ISC descriptor file; parts other than whole images are left out. Throws what writeIscDescriptors throws. */
export async function exportIscVectors(artefact: Artefact, file: string, namesOf: Names): Promise<ExportedResult> {
  return await withRows(artefact, async ({ images, parts, dim, read }) => {
    const whole = Uint32Array.from(images.keys()).filter((row) => parts[row] === 0)
    const names = namesOf(images)
    const written = await writeIscDescriptors(file, {
      dim,
      ids: Array.from(whole, (row) => names.get(images[row] as number) ?? ''),
      values: async (rows) => await read(rows.map((row) => whole[row] as number))
    })
    const left = images.length - whole.length
    return { files: [file], rows: written.queries + written.references + written.train, notes: left > 0 ? [`${left.toLocaleString('en')} vectors of parts of images were left out: the challenge takes one an image.`] : [] }
  })
}

interface Rows {
  readonly images: Int32Array
  readonly parts: Int32Array
  readonly dim: number
  /** The vectors of these rows of the artefact, in this order. */
  readonly read: (rows: Uint32Array) => Promise<Float32Array>
}

async function withRows<T>(artefact: Artefact, work: (rows: Rows) => Promise<T>): Promise<T> {
  const source = await vectorsSource(artefact)
  const { dim, dtype, imageIds: images, parts } = source
  const file = await VectorFile.open(source.file, { dim, dtype, readOnly: true })
  try {
    return await work({
      images, parts, dim,
      async read(rows) {
        const out = new Float32Array(rows.length * dim)
        for (let at = 0; at < rows.length; ) {
          const first = source.rows[rows[at] as number] as number
          // Rows that follow each other in the file are read in one go.
          let count = 1
          while (at + count < rows.length && source.rows[rows[at + count] as number] === first + count) count++
          out.set(await file.read(first, count), at * dim)
          at += count
        }
        return out
      }
    })
  } finally {
    await file.close()
  }
}
