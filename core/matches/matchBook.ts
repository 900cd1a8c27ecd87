import type { SeenPart, TrailEntry } from '../contract/matches.ts'
import { WinnowError } from '../domain/errors.ts'
import { readTruth } from '../metrics/truthArtefact.ts'
import { Artefact } from '../recipes/artefact.ts'
import { readLists, readPairs } from '../recipes/kinds.ts'
import { PairIndex } from './pairIndex.ts'
import { PartBoxes } from './partBoxes.ts'
import type { QueryView, Said } from './queryList.ts'
import { truthLookup, type TruthLookup } from './truthLookup.ts'

/** Where a result lies, and when it was made: one that was not whole is made anew in the same folder. */
export interface Made {
  readonly folder: string
  readonly madeAt: number
}

/** A step of a run that gave ranked lists or pairs. */
export interface Listing extends Made {
  readonly step: string
  readonly title: string
}

/** Where the files of a source lie. */
export interface SourceFiles {
  /** Steps with lists or pairs in the order of the recipe; the last one is the source itself. */
  readonly trail: readonly Listing[]
  /** Verified pairs of the run. */
  readonly verified: Made | null
  readonly truth: Made | null
  /** Parts of images that the run knows. */
  readonly parts: readonly Made[]
}

interface Evidence {
  readonly index: PairIndex
  readonly inliers: Int32Array
  readonly ratio: Float32Array
}

export interface CandidatePlace {
  readonly imageId: number
  readonly rank: number
  readonly score: number
  readonly queryPart: SeenPart
  readonly referencePart: SeenPart
  readonly trail: TrailEntry[]
  readonly evidence: { readonly inliers: number; readonly ratio: number } | null
  readonly truth: boolean | null
}

const sourcesKept = 2

/** The tables of the sources that are looked at: the last two, each table once, by the names of what is read: that stays true. */
export class MatchBook {
  readonly #recent: SourceFiles[] = []
  readonly #indexes = new Map<string, Promise<PairIndex>>()
  readonly #evidence = new Map<string, Promise<Evidence>>()
  readonly #truths = new Map<string, Promise<TruthLookup | null>>()
  readonly #boxes = new Map<string, PartBoxes>()

  async view(files: SourceFiles, said: Said): Promise<QueryView> {
    this.#keep(files)
    const [index, evidence, truth] = [await this.#index(sourceOf(files)), await this.evidence(files), await this.truth(files)]
    return { index, truth, said, inliersOf: (query, reference) => evidenceOf(evidence, query, reference)?.inliers ?? null }
  }

  async evidence({ verified }: SourceFiles): Promise<Evidence | null> {
    return verified === null ? null : await kept(this.#evidence, nameOf(verified), async () => {
      const artefact = await Artefact.open(verified.folder)
      return { index: await this.#index(verified), inliers: await artefact.int32('inliers'), ratio: await artefact.float32('ratio') }
    })
  }

  async truth({ truth }: SourceFiles): Promise<TruthLookup | null> {
    return truth === null ? null : await kept(this.#truths, nameOf(truth), async () => truthLookup(await readTruth(await Artefact.open(truth.folder))))
  }

  /** The references of a query with where each stood after every step, the best first. */
  async candidates(files: SourceFiles, query: number, limit: number): Promise<{ total: number; places: CandidatePlace[] }> {
    this.#keep(files)
    const index = await this.#index(sourceOf(files))
    const [from, to] = index.range(query)
    const [evidence, truth] = [await this.evidence(files), await this.truth(files)]
    const steps: { listing: Listing; index: PairIndex }[] = []
    for (const listing of files.trail) steps.push({ listing, index: await this.#index(listing) })
    const boxes = this.#boxesOf(files)
    const places: CandidatePlace[] = []
    for (let at = from; at < Math.min(to, from + limit); at++) {
      const { reference, score, queryPart, referencePart } = index.place(at)
      places.push({
        imageId: reference, rank: at - from + 1, score,
        queryPart: await boxes.seen(query, queryPart), referencePart: await boxes.seen(reference, referencePart),
        trail: steps.map((step) => trailEntry(step, query, reference)),
        evidence: evidenceOf(evidence, query, reference),
        truth: truth?.pair(query, reference) ?? null
      })
    }
    return { total: to - from, places }
  }

  #index(made: Made): Promise<PairIndex> {
    return kept(this.#indexes, nameOf(made), async () => {
      const artefact = await Artefact.open(made.folder)
      if (artefact.kind === 'lists') return PairIndex.ofLists(await readLists(artefact))
      if (artefact.kind === 'pairs') return PairIndex.ofPairs(await readPairs(artefact))
      throw new WinnowError('BAD_INPUT', `Ranked lists or pairs are needed here, not ${artefact.kind}.`)
    })
  }

  #boxesOf({ parts }: SourceFiles): PartBoxes {
    const key = boxesName(parts)
    const known = this.#boxes.get(key) ?? new PartBoxes(parts.map(({ folder }) => folder))
    this.#boxes.set(key, known)
    return known
  }

  /** Lets go of the tables that only older sources need. */
  #keep(files: SourceFiles): void {
    if (this.#recent[0] && namesOf(this.#recent[0]).join('\n') === namesOf(files).join('\n')) return
    const others = this.#recent.filter((one) => sourceOf(one).folder !== sourceOf(files).folder)
    this.#recent.splice(0, this.#recent.length, files, ...others.slice(0, sourcesKept - 1))
    const wanted = new Set(this.#recent.flatMap(namesOf))
    for (const table of [this.#indexes, this.#evidence, this.#truths, this.#boxes]) for (const key of table.keys()) if (!wanted.has(key)) table.delete(key)
  }
}

const nameOf = ({ folder, madeAt }: Made): string => `${folder} ${madeAt}`
const boxesName = (parts: readonly Made[]): string => parts.map(nameOf).join('\n')
/** Of all tables that a source needs. */
const namesOf = ({ trail, verified, truth, parts }: SourceFiles): string[] => [...[...trail, verified, truth].flatMap((made) => (made ? [nameOf(made)] : [])), boxesName(parts)]

const sourceOf = ({ trail }: SourceFiles): Listing => trail.at(-1) as Listing

export function evidenceOf(evidence: Evidence | null, query: number, reference: number): { inliers: number; ratio: number } | null {
  const at = evidence ? evidence.index.find(query, reference) : -1
  if (!evidence || at < 0) return null
  const row = evidence.index.rows[at] as number
  return { inliers: evidence.inliers[row] as number, ratio: evidence.ratio[row] as number }
}

function trailEntry({ listing: { step, title }, index }: { listing: Listing; index: PairIndex }, query: number, reference: number): TrailEntry {
  const [from, to] = index.range(query)
  const at = index.find(query, reference)
  return { step, title, rank: at < 0 ? null : at - from + 1, score: at < 0 ? null : (index.scores[at] as number), of: to - from }
}

/** One reading of each table; one that fails is read again by whoever asks next. */
function kept<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const found = known.get(key)
  if (found) return found
  const reading = read()
  known.set(key, reading)
  reading.catch(() => {
    if (known.get(key) === reading) known.delete(key)
  })
  return reading
}
