import type { GenerateSpec } from '../contract/generator.ts'
import { Random } from '../sample/random.ts'
import { needs, opaqueId, type PlannedFile, type SetPlan } from './plan.ts'

/**
 * An instance-level set laid out for cleaning and retrieval as Google Landmarks: each photo is a landmark, its views (homographies, crops, lights) are split into
 * train/LANDMARK/ID.jpg, index/ID.jpg and test/ID.jpg (60, 30 and 10 %, at least one each from three views on). Foreign pictures, views of photos outside, are
 * planted into the classes of train; a tenth of index and test are foreign too.
 */
export function planInstances(spec: GenerateSpec, order: readonly number[]): SetPlan {
  if (spec.count > order.length) throw needs(`${spec.count.toLocaleString('en')} photos to make classes of`, spec.count, order.length)
  const photos = order.slice(0, spec.count)
  const outside = order.slice(spec.count)
  const test = spec.views >= 3 ? Math.max(1, Math.round(spec.views * 0.1)) : 0
  const index = spec.views >= 3 ? Math.max(1, Math.round(spec.views * 0.3)) : 0
  const train = spec.views - test - index
  const chain = { kind: 'view', strength: spec.strength, only: spec.only ?? null } as const
  const files: PlannedFile[] = []
  const views = new Map<number, number>()
  const add = (role: 'train' | 'index' | 'test', source: number, label: string | null, trueLabel: string | null): void => {
    const view = views.get(source) ?? 0
    views.set(source, view + 1)
    const id = opaqueId(spec.seed, source, view)
    files.push({ file: role === 'train' ? `train/${label ?? ''}/${id}.jpg` : `${role}/${id}.jpg`, role, source, companion: null, index: view, chain, label, trueLabel, copyOf: null })
  }
  for (const [place, photo] of photos.entries()) {
    const landmark = String(place + 1)
    for (let view = 0; view < train; view++) add('train', photo, landmark, landmark)
    for (let view = 0; view < index; view++) add('index', photo, null, landmark)
    for (let view = 0; view < test; view++) add('test', photo, null, landmark)
  }
  // Outside pictures where there are any; otherwise those of other classes are just as foreign.
  const draw = Random.of('foreign', spec.seed)
  const foreignTo = (photo: number | null): number | null => {
    if (outside.length > 0) return draw.pick(outside)
    const others = photo === null ? [] : photos.filter((other) => other !== photo)
    return others.length > 0 ? draw.pick(others) : null
  }
  const places = new Map(photos.map((photo, place) => [photo, place]))
  const trueLabelOf = (source: number): string | null => {
    const place = places.get(source)
    return place === undefined ? null : String(place + 1)
  }
  const planted = Math.round(spec.count * train * (spec.foreign / (1 - spec.foreign)))
  for (let i = 0; i < planted; i++) {
    const place = i % photos.length
    const source = foreignTo(photos[place] as number)
    if (source !== null) add('train', source, String(place + 1), trueLabelOf(source))
  }
  if (outside.length > 0 && spec.foreign > 0) {
    for (let i = 0; i < Math.round(spec.count * index * 0.1); i++) add('index', draw.pick(outside), null, null)
    for (let i = 0; i < Math.round(spec.count * test * 0.1); i++) add('test', draw.pick(outside), null, null)
  }
  return { files: files.sort((a, b) => (a.file < b.file ? -1 : 1)), pairs: [] }
}
