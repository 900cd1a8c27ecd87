/** What a scan cannot do without: read, decode every pixel to RGB, make the 256 px thumbnail. Nothing else. */
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { serveStage } from './parallel.ts'
import { prepareSharp } from './prepareSharp.ts'

const inFlight = 3
prepareSharp()

async function decodeAndThumb(path: string): Promise<void> {
  const { data, info } = await sharp(await readFile(path)).rotate().toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true })
  await sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .resize(256, 256, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer()
}

serveStage<null, string>(async (_task, items) => {
  await Promise.all(items.slice(0, inFlight).map(decodeAndThumb))
  return async () => {
    let next = 0
    await Promise.all(Array.from({ length: inFlight }, async () => {
      for (let path = items[next++]; path !== undefined; path = items[next++]) await decodeAndThumb(path)
    }))
  }
})
