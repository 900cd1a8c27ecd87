import { Canvas } from './canvas.ts'
import { finish } from './finish.ts'
import { Random } from './random.ts'
import { paintBalloons } from './scenes/balloons.ts'
import { paintCity } from './scenes/city.ts'
import { paintDesert } from './scenes/desert.ts'
import { paintFlowers } from './scenes/flowers.ts'
import { paintForest } from './scenes/forest.ts'
import { paintMountains } from './scenes/mountains.ts'
import { paintSailing } from './scenes/sailing.ts'
import { paintVillage } from './scenes/village.ts'
import type { SceneClass } from './truth.ts'

const painters: Record<SceneClass, (canvas: Canvas, random: Random) => Promise<void>> = {
  balloons: paintBalloons,
  city: paintCity,
  desert: paintDesert,
  flowers: paintFlowers,
  forest: paintForest,
  mountains: paintMountains,
  sailing: paintSailing,
  village: paintVillage
}

export interface SceneSpec {
  readonly class: SceneClass
  readonly seed: string
  readonly width: number
  readonly height: number
}

/** Paints a scene: 8-bit RGB, height x width x 3. The same spec gives the same pixels. */
export async function drawScene({ class: name, seed, width, height }: SceneSpec): Promise<Buffer> {
  const random = Random.of('scene', name, seed)
  const canvas = new Canvas(width, height)
  await painters[name](canvas, random)
  const picture = finish(canvas, random)
  canvas.end()
  return picture
}
