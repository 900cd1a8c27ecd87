import type { ImageFailure } from '../../core/contract/images.ts'

const words: Record<ImageFailure, string> = {
  unreadable: 'cannot be opened',
  empty: 'empty file',
  'not-an-image': 'not an image',
  unsupported: 'format is switched off',
  truncated: 'truncated',
  corrupt: 'damaged',
  'too-large': 'too many pixels',
  vanished: 'vanished while reading',
  crashed: 'crashed the reader'
}

/** Why a file is no usable image, in words. */
export const failureWords = (failure: ImageFailure | string | null): string =>
  failure === null ? 'could not be read' : (words[failure as ImageFailure] ?? failure)
