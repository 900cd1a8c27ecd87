import { WinnowError } from '../domain/errors.ts'

const imageNames = ['path', 'file', 'filename', 'file_name', 'file_path', 'filepath', 'image', 'image_path', 'image_id', 'image_name', 'name', 'sha256', 'hash', 'id']
const labelNames = ['label', 'class', 'class_name', 'landmark_id', 'category', 'species', 'target']

export interface CsvColumns {
  readonly image: number
  readonly label: number
}

/** Which columns hold the image and its label, by the header's names (in the order of our lists) or as told. Throws BAD_INPUT naming line 1. */
export function csvColumns(header: readonly string[], file: string, { imageColumn, labelColumn }: { imageColumn?: string | undefined; labelColumn?: string | undefined }): CsvColumns {
  const names = header.map((name) => name.trim().toLowerCase())
  const find = (told: string | undefined, known: readonly string[], what: string, option: string): number => {
    const wanted = told === undefined ? known : [told.trim().toLowerCase()]
    const name = wanted.find((one) => names.includes(one))
    if (name === undefined) {
      const shown = header.map((one) => `"${one.slice(0, 40)}"`).slice(0, 12).join(', ')
      throw new WinnowError(
        'BAD_INPUT',
        told === undefined
          ? `${file}, line 1: no column names the ${what}. There are ${shown}; one should be called ${known.slice(0, 5).join(', ')} or the like, or say which with ${option}.`
          : `${file}, line 1: there is no column "${told}". There are ${shown}.`
      )
    }
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw new WinnowError('BAD_INPUT', `${file}, line 1: two columns are called "${name}". Rename one of them.`)
    return names.indexOf(name)
  }
  const image = find(imageColumn, imageNames, 'image', 'imageColumn')
  const label = find(labelColumn, labelNames.filter((name) => name !== names[image]), 'label', 'labelColumn')
  if (image === label) throw new WinnowError('BAD_INPUT', `${file}, line 1: the column "${header[image] ?? ''}" cannot be both the image and its label.`)
  return { image, label }
}
