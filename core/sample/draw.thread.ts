/** A thread that draws files of the sample: the painting is arithmetic in JavaScript, which must not hold up the engine. */
import { copyFile, mkdir, open, readFile, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import sharp from 'sharp'
import { serveThread } from '../workers/channel.ts'
import { editPicture } from './edits.ts'
import type { Encoding, SampleItem } from './plan.ts'
import { drawScene, type SceneSpec } from './scene.ts'

async function encode(scene: SceneSpec, { type, quality }: Encoding): Promise<Buffer> {
  const pixels = await drawScene(scene)
  const image = sharp(pixels, { raw: { width: scene.width, height: scene.height, channels: 3 } })
  if (type === 'png') return await image.png({ compressionLevel: 6 }).toBuffer()
  return type === 'webp' ? await image.webp({ quality, effort: 2 }).toBuffer() : await image.jpeg({ quality }).toBuffer()
}

/** Written whole or not at all: first beside the images, then moved into place. */
async function store(path: string, unfinishedFolder: string, bytes: Buffer | { readonly copyOf: string }): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const part = join(unfinishedFolder, `${basename(path)}.part`)
  if (Buffer.isBuffer(bytes)) {
    const file = await open(part, 'w')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
  } else {
    await copyFile(bytes.copyOf, part)
  }
  await rename(part, path)
}

const drawThread = {
  /** Makes one file in `images`; `unfinished` is a folder on the same disk, outside of it. */
  async draw(item: SampleItem, images: string, unfinished: string): Promise<void> {
    const path = join(images, item.path)
    if (item.kind === 'scene') await store(path, unfinished, await encode(item.scene, item.encoding))
    else if (item.kind === 'corrupt') {
      const whole = await encode(item.scene, item.encoding)
      await store(path, unfinished, whole.subarray(0, Math.round(whole.length * 0.45)))
    } else {
      const source = join(images, item.from)
      await store(path, unfinished, item.edit === 'exact' ? { copyOf: source } : await editPicture(await readFile(source), item.edit, item.seed))
    }
  }
}
export type DrawThread = typeof drawThread

if (!parentPort) throw new Error('draw.thread.ts is the entry of a worker thread')
serveThread(parentPort, drawThread)
