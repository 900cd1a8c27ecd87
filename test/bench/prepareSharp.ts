import sharp from 'sharp'

/** As the vision workers set it: one thread a picture, several pictures at a time, nothing remembered. */
export function prepareSharp(): void {
  sharp.concurrency(1)
  sharp.cache(false)
}
