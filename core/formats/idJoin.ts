import { WinnowError } from '../domain/errors.ts'
import type { Match } from '../project/repositories/imageMatch.ts'
import { shorten } from './table.ts'

/** Ids of one fate: how many, and the first of them. */
export interface JoinGroup {
  readonly count: number
  readonly first: readonly { readonly place: string; readonly id: string; readonly why: string }[]
}

/** How the ids of a file and the images of the project came together. */
export interface JoinReport {
  readonly file: string
  /** Ids looked up: rows of vectors or labels, two for a pair. */
  readonly ids: number
  readonly matched: number
  /** No image is called so. */
  readonly missing: JoinGroup
  /** Several images are called so, and nothing tells which is meant. */
  readonly ambiguous: JoinGroup
  /** An earlier row was about the same image, part or pair; that one stands. */
  readonly duplicated: JoinGroup
  /** Images that were to have a row and have none; null where none need have one. */
  readonly imagesWithout: number | null
}

/** `no`: report only. `rows`: every id must find one image, once. `both`: and every image must be found. */
export type Strictness = 'no' | 'rows' | 'both'

const mostNamed = 20
const mostRemembered = 100_000

class Group implements JoinGroup {
  count = 0
  readonly first: { place: string; id: string; why: string }[] = []
  add(place: () => string, id: string, why: string): void {
    this.count++
    if (this.first.length < mostNamed) this.first.push({ place: place(), id: shorten(id), why })
  }
}

/** The same lookups, of which the latest are remembered: files of pairs and of labels name an image again and again. */
export function remembering(match: (id: string) => Match): (id: string) => Match {
  const known = new Map<string, Match>()
  return (id) => {
    let found = known.get(id)
    if (!found) {
      if (known.size >= mostRemembered) known.clear()
      found = match(id)
      known.set(id, found)
    }
    return found
  }
}

/** Looks up the ids of a file, one after the other, and keeps count. Memory does not depend on how many there are. */
export class IdJoin {
  readonly #file: string
  readonly #missing = new Group()
  readonly #ambiguous = new Group()
  readonly #duplicated = new Group()
  #ids = 0
  #matched = 0

  constructor(file: string) {
    this.#file = file
  }

  /** The image that an id names, or null, which is counted. */
  find(id: string, place: () => string, match: (id: string) => Match): number | null {
    this.#ids++
    const found = match(id)
    if (found.imageId !== null) {
      this.#matched++
      return found.imageId
    }
    if (found.why === 'missing') this.#missing.add(place, id, `No image is called "${shorten(id)}".`)
    else this.#ambiguous.add(place, id, `"${shorten(id)}" could be any of ${found.count} images. Give its path.`)
    return null
  }

  /** A row whose image, part or pair an earlier row was about. */
  duplicate(id: string, place: () => string, why: string): void {
    this.#duplicated.add(place, id, why)
  }

  /**
   * The counts, once all ids have been looked up. `imagesWithout`: see JoinReport. Throws BAD_INPUT where not a single id was found, and where
   * `strict` asks for more than was found; the sentence names the first of each kind.
   */
  report(strict: Strictness, imagesWithout: number | null): JoinReport {
    const groups = { missing: plain(this.#missing), ambiguous: plain(this.#ambiguous), duplicated: plain(this.#duplicated) }
    const report: JoinReport = { file: this.#file, ids: this.#ids, matched: this.#matched, ...groups, imagesWithout }
    const [nobody] = [...groups.missing.first, ...groups.ambiguous.first]
    if (this.#matched === 0 && this.#ids > 0) throw new WinnowError('BAD_INPUT', `${this.#file}: none of its ${this.#ids.toLocaleString('en')} ids names an image of the project; the first (${nobody?.place ?? ''}) is "${nobody?.id ?? ''}". Ids are looked for as path, file name, name without extension, and SHA-256.`, report)
    const lost = groups.missing.count + groups.ambiguous.count + groups.duplicated.count
    if (strict !== 'no' && lost > 0) throw new WinnowError('BAD_INPUT', `${joinSentence(report)} Every id must find its image, once: correct the file, or read it without strict.`, report)
    if (strict === 'both' && (imagesWithout ?? 0) > 0) throw new WinnowError('BAD_INPUT', `${this.#file} says nothing about ${(imagesWithout ?? 0).toLocaleString('en')} images. Every image must be in it: add them, or read it without strict.`, report)
    return report
  }
}

const plain = ({ count, first }: Group): JoinGroup => ({ count, first })

/** The report in one sentence or more. */
export function joinSentence({ file, ids, matched, missing, ambiguous, duplicated, imagesWithout }: JoinReport): string {
  const said = (group: JoinGroup, one: string, many: string): string[] => {
    const [first] = group.first
    return group.count === 0 || !first ? [] : [`${group.count.toLocaleString('en')} ${group.count === 1 ? one : many} (${first.place}: ${first.id})`]
  }
  const parts = [
    ...said(missing, 'is called like no image', 'are called like no image'),
    ...said(ambiguous, 'could be several images', 'could be several images'),
    ...said(duplicated, 'repeats an earlier row', 'repeat an earlier row')
  ]
  const without = imagesWithout ? ` ${imagesWithout.toLocaleString('en')} images have no row.` : ''
  return `${file}: ${matched.toLocaleString('en')} of ${ids.toLocaleString('en')} ids found their image${parts.length > 0 ? `; ${parts.join('; ')}` : ''}.${without}`
}
