import type { ImageDetails } from '../../../core/contract/images.ts'

export interface MetadataRow {
  field: string
  values: string[]
  /** Which columns hold the better value; empty where no value is better than another. */
  better: number[]
}

interface Field {
  name: string
  text: (image: ImageDetails) => string
  /** A larger number is the better one. */
  worth?: (image: ImageDetails) => number | null
}

const kilobytes = (bytes: number) =>
  bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`
const number = (value: number | null, digits = 2) => (value === null ? '–' : value.toFixed(digits))
const when = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
const bytesPerPixel = (image: ImageDetails) => (image.width && image.height ? image.bytes / (image.width * image.height) : null)

const fields: readonly Field[] = [
  { name: 'Size', text: (i) => (i.width && i.height ? `${i.width} × ${i.height}` : '–'), worth: (i) => (i.width && i.height ? i.width * i.height : null) },
  { name: 'File size', text: (i) => kilobytes(i.bytes) },
  { name: 'Format', text: (i) => i.format ?? '–' },
  { name: 'Bytes per pixel', text: (i) => number(bytesPerPixel(i)) },
  { name: 'Quality left by compression', text: (i) => (i.compression === null ? '–' : `${Math.round((1 - i.compression) * 100)} of 100`), worth: (i) => (i.compression === null ? null : -i.compression) },
  { name: 'Sharpness', text: (i) => number(i.sharpness, 1), worth: (i) => i.sharpness },
  { name: 'Exposure', text: (i) => number(i.exposure) },
  { name: 'Contrast', text: (i) => number(i.contrast), worth: (i) => i.contrast },
  { name: 'Entropy', text: (i) => number(i.entropy) },
  { name: 'Colour', text: (i) => [i.colour, i.depth === null ? null : `${i.depth} bit`, i.hasAlpha ? 'alpha' : null].filter(Boolean).join(', ') || '–' },
  { name: 'Class', text: (i) => i.className ?? 'none', worth: (i) => (i.className === null ? 0 : 1) },
  { name: 'Label from', text: (i) => (i.labelSource === 'human' ? 'a person' : i.labelSource === 'given' ? 'the folder or file' : '–'), worth: (i) => (i.labelSource === 'human' ? 1 : 0) },
  { name: 'Role', text: (i) => i.role },
  { name: 'Protected', text: (i) => (i.protected ? 'yes' : 'no'), worth: (i) => (i.protected ? 1 : 0) },
  { name: 'Decision', text: (i) => i.verdict ?? 'open' },
  { name: 'Written', text: (i) => when(i.modifiedAt), worth: (i) => -i.modifiedAt },
  { name: 'Folder', text: (i) => i.folder || '/' },
  { name: 'Name', text: (i) => i.name }
]

/** Only what differs between the images, one row for each field, the better value marked. */
export function metadataRows(images: readonly ImageDetails[]): MetadataRow[] {
  const rows: MetadataRow[] = []
  for (const field of fields) {
    const values = images.map(field.text)
    if (new Set(values).size < 2) continue
    rows.push({ field: field.name, values, better: betterColumns(images, field) })
  }
  return rows
}

function betterColumns(images: readonly ImageDetails[], field: Field): number[] {
  if (!field.worth) return []
  const worth = images.map(field.worth)
  const known = worth.filter((value): value is number => value !== null)
  const best = Math.max(...known)
  if (known.every((value) => value === best)) return []
  return worth.flatMap((value, column) => (value === best ? [column] : []))
}
