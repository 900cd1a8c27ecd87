import { Random } from './random.ts'
import type { SceneSpec } from './scene.ts'
import { editKinds, sceneClasses, type EditKind, type SampleTruth, type SceneClass } from './truth.ts'

/** Raised when the drawing changes, so that an older sample is drawn again. */
export const sampleVersion = 1

export interface Encoding {
  readonly type: 'jpeg' | 'png' | 'webp'
  readonly quality: number
}

/** One file of the sample, and how to make it. `path` is relative to the images folder. */
export type SampleItem =
  | { readonly kind: 'scene'; readonly path: string; readonly scene: SceneSpec; readonly encoding: Encoding }
  | { readonly kind: 'corrupt'; readonly path: string; readonly scene: SceneSpec; readonly encoding: Encoding }
  | { readonly kind: 'edit'; readonly path: string; readonly from: string; readonly edit: EditKind; readonly seed: string }

export interface SamplePlan {
  /** Scenes first: what is made from another file comes after it. */
  readonly items: readonly SampleItem[]
  readonly truth: SampleTruth
}

const sizes: readonly (readonly [readonly [number, number], number])[] = [
  [[640, 480], 8], [[480, 640], 3], [[720, 480], 5], [[480, 720], 1.5], [[512, 512], 3], [[560, 420], 2], [[640, 360], 2], [[800, 600], 2], [[768, 512], 2], [[600, 800], 0.7], [[960, 540], 0.7], [[1024, 768], 0.6]
]

const encodings: readonly (readonly [Encoding['type'], number])[] = [['jpeg', 86], ['png', 7], ['webp', 7]]
const extension: Record<Encoding['type'], string> = { jpeg: 'jpg', png: 'png', webp: 'webp' }

/** Where a hurried person would put a picture by mistake. */
const mistaken: Record<SceneClass, readonly SceneClass[]> = {
  balloons: ['desert', 'mountains'],
  city: ['village', 'sailing'],
  desert: ['mountains', 'balloons'],
  flowers: ['forest', 'village'],
  forest: ['mountains', 'flowers'],
  mountains: ['forest', 'desert', 'sailing'],
  sailing: ['mountains', 'city'],
  village: ['city', 'forest']
}

const edits: readonly EditKind[] = editKinds.filter((kind) => kind !== 'exact')

interface Draft {
  readonly class: SceneClass
  readonly folder: SceneClass | null
  readonly item: (path: string, sourcePath: string) => SampleItem
  readonly extension: string
  readonly source: Draft | null
  readonly edit: EditKind | null
  readonly corrupt: boolean
}

/**
 * What the sample holds, for a seed and a number of files: scenes in 8 classes, of which some lie in the wrong class folder and some in none;
 * exact and edited copies of some; one truncated file. File names say nothing about it.
 */
export function planSample({ count, seed }: { count: number; seed: number }): SamplePlan {
  const random = Random.of('sample', seed, count)
  const exact = Math.round(count * 0.05)
  const edited = Math.round(count * 0.12)
  const scenes = count - exact - edited - 1
  const originals = Array.from({ length: scenes }, (_, i) => draftScene(random, i, `${seed}/${i}`))
  const sources = random.shuffle(originals).slice(0, Math.max(1, Math.round((exact + edited) * 0.72)))
  const copies = [
    ...Array.from({ length: exact }, () => draftEdit(random, random.pick(sources), 'exact', `${seed}`)),
    ...Array.from({ length: edited }, (_, i) => draftEdit(random, random.pick(sources), edits[i % edits.length] as EditKind, `${seed}/${i}`))
  ]
  const corrupt: Draft = { ...draftScene(random, scenes, `${seed}/corrupt`), corrupt: true, extension: 'jpg' }
  const all = random.shuffle([...originals, ...copies, corrupt])
  const width = Math.max(4, String(count).length)
  const paths = new Map(all.map((draft, i) => [draft, `${draft.folder ? `${draft.folder}/` : ''}photo-${String(i + 1).padStart(width, '0')}.${draft.extension}`]))
  const pathOf = (draft: Draft): string => paths.get(draft) ?? ''
  const items = [...originals, corrupt, ...copies].map((draft) => {
    const item = draft.item(pathOf(draft), draft.source ? pathOf(draft.source) : '')
    return draft.corrupt && item.kind === 'scene' ? { ...item, kind: 'corrupt' as const, encoding: { type: 'jpeg' as const, quality: 88 } } : item
  })
  const images = all.map((draft) => ({
    path: pathOf(draft),
    class: draft.class,
    folder: draft.folder,
    copyOf: draft.source ? pathOf(draft.source) : null,
    edit: draft.edit,
    corrupt: draft.corrupt
  }))
  return { items, truth: { version: sampleVersion, seed, count, images } }
}

function draftScene(random: Random, i: number, seed: string): Draft {
  const name = sceneClasses[i % sceneClasses.length] as SceneClass
  const [width, height] = random.weighted(sizes)
  const type = random.weighted(encodings)
  const encoding: Encoding = { type, quality: random.int(82, 94) }
  const place = random.weighted([['right', 81], ['wrong', 4], ['none', 15]] as const)
  return {
    class: name,
    folder: place === 'none' ? null : place === 'wrong' ? (random.chance(0.7) ? random.pick(mistaken[name]) : random.pick(sceneClasses.filter((other) => other !== name))) : name,
    item: (path) => ({ kind: 'scene', path, scene: { class: name, seed, width, height }, encoding }),
    extension: extension[type],
    source: null,
    edit: null,
    corrupt: false
  }
}

function draftEdit(random: Random, source: Draft, edit: EditKind, seed: string): Draft {
  return {
    class: source.class,
    folder: random.chance(0.75) ? source.folder : null,
    item: (path, from) => ({ kind: 'edit', path, from, edit, seed }),
    extension: edit === 'exact' ? source.extension : edit === 'format' ? (source.extension === 'jpg' ? 'png' : 'jpg') : 'jpg',
    source,
    edit,
    corrupt: false
  }
}
