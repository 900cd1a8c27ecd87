import { imageOfKey, partKey, partOfKey } from '../descriptors/partKey.ts'
import { partName } from './vectorReader.ts'

/** One number a row that names its image and part: what descriptors of several models are joined by. */
export const keysOf = ({ images, parts }: { readonly images: Int32Array; readonly parts: Int32Array }): Float64Array => Float64Array.from(images, (image, row) => partKey(image, parts[row] as number))

export const keyName = (key: number): string => partName(imageOfKey(key), partOfKey(key))

/** The columns that the keys were made of. */
export const columnsOf = (keys: ArrayLike<number>): { images: Int32Array; parts: Int32Array } =>
  ({ images: Int32Array.from(keys, imageOfKey), parts: Int32Array.from(keys, partOfKey) })
