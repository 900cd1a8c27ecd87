/**
 * What a step of a recipe is. One file a step type in `steps/`, named by its `use`, with two exports:
 *
 *   export const definition = defineStep({ use: 'concat', title: …, params: z.object({…}), inputs: {…}, output: 'vectors', … })
 *   export const run: ProcessRun<typeof definition> = async (context, inputs, params) => { …; await writeVectors(context.out, …) }
 *
 * and one line in `stepList.ts`. `runsIn: 'process'` (the usual): pure work over artefacts in a forked process, where ONNX Runtime, OpenCV and
 * long loops are welcome, and no database exists. `runsIn: 'engine'`: what needs the project (images, labels, embedding by vision workers); its
 * `run` gets the job's context too and must never block the loop. A step reads its inputs, writes `context.out` and finishes it; nothing else.
 *
 * Results are kept by key = hash(use, version, params, keys of the inputs, fingerprint): a step must give the same result for the same key,
 * so whatever it reads besides inputs and params (the project, a file, a model) goes into `fingerprint` (engine steps; file params are hashed for all).
 * What lacks something that may be had another time (a disk was away) says so in `facts.partial`: a hash of what it does hold. The next run makes
 * it again, and what is made from it has another key than what is made from the whole.
 */
import type { z } from 'zod'
import type { ArtefactKind } from '../contract/recipes.ts'
import type { JobContext } from '../jobs/job.ts'
import type { Blas } from '../search/blas.ts'
import type { Artefact, ArtefactWriter } from './artefact.ts'

export interface InputSpec {
  readonly kinds: readonly ArtefactKind[]
  readonly about: string
  /** Takes any number, in the order of the recipe. */
  readonly many?: boolean
  readonly optional?: boolean
}

export interface StepDefinition<P extends z.ZodObject = z.ZodObject, I extends Record<string, InputSpec> = Record<string, InputSpec>> {
  readonly use: string
  readonly title: string
  /** One to three sentences for people: what it does, when to use it. */
  readonly about: string
  /** Paper or repository of the method; '' for plumbing. */
  readonly source: string
  /** Raise it when the same inputs would now give another result. */
  readonly version: number
  /** With `.describe()` on each, defaults and ranges: the form and the CLI show them. */
  readonly params: P
  readonly inputs: I
  readonly output: ArtefactKind
  readonly runsIn: 'process' | 'engine'
  /** Looks at other queries of the same run, which a strict protocol may forbid; a function where that depends on how the step is used. */
  readonly transductive?: boolean | Transductive
  /** At most a second or so on stored inputs: may be run again while somebody drags a slider. */
  readonly cheap?: boolean
  /** Params that name a file: their content is part of the key. Relative paths are resolved by whoever starts the run. */
  readonly files?: readonly string[]
  /** Params that name a model of the library (`id`, or `id@size`): "default" is made a name before the step is keyed. */
  readonly models?: readonly string[]
  /** What its result comes from, for steps that begin with something new: what constants further down are calibrated for. */
  readonly origin?: (params: Readonly<Record<string, unknown>>) => Origin
}

/** The name of a model, or of a kind of local features. */
export interface Origin {
  readonly descriptor?: string
  readonly localFeatures?: string
}

/** `inputs`: which inputs are given, by the ids of the steps that they come from. */
export type Transductive = (params: Readonly<Record<string, unknown>>, inputs: Readonly<Record<string, readonly string[]>>) => boolean

/** Whether a step, used like this, looks at other queries. Without a use: whether it ever does. */
export function isTransductive({ transductive = false }: Pick<StepDefinition, 'transductive'>, use?: { readonly params: Readonly<Record<string, unknown>>; readonly inputs: Readonly<Record<string, readonly string[]>> }): boolean {
  return typeof transductive === 'boolean' ? transductive : use === undefined || transductive(use.params, use.inputs)
}

export const defineStep = <P extends z.ZodObject, I extends Record<string, InputSpec>>(definition: StepDefinition<P, I>): StepDefinition<P, I> => definition

type InputOf<S extends InputSpec> = S extends { many: true } ? Artefact[] : S extends { optional: true } ? Artefact | undefined : Artefact
export type InputsOf<D> = D extends StepDefinition<infer _P, infer I> ? { readonly [K in keyof I]: InputOf<I[K]> } : never
export type ParamsOf<D> = D extends StepDefinition<infer P> ? z.output<P> : never

export interface StepContext {
  readonly signal: AbortSignal
  /** How far it is, in its own units; cheap to call. */
  readonly report: (done: number, total: number | null, message?: string) => void
  /** A remark for the run: "12 negatives were too close to a query and left out". */
  readonly note: (text: string) => void
  /** The result, to be filled and finished. */
  readonly out: ArtefactWriter
  /** A folder that survives a kill and is given again when the same step goes on; it goes when the step is done and its result whole. Write whole files (rename) into it. */
  readonly scratch: string
}

/** In a step process. */
export interface ProcessContext extends StepContext {
  /** Matrix products over every core; loaded when first asked for. */
  readonly blas: () => Promise<Blas>
}
export type ProcessRun<D> = (context: ProcessContext, inputs: InputsOf<D>, params: ParamsOf<D>) => Promise<void>

/** In the engine. `job`: engine, project, fail() for single images. */
export interface EngineContext extends StepContext {
  readonly job: JobContext
}
export type EngineRun<D> = (context: EngineContext, inputs: InputsOf<D>, params: ParamsOf<D>) => Promise<void>
/** Hash or short text of all it will read besides its inputs and params. Must be quick. */
export type Fingerprint<D> = (job: Pick<JobContext, 'engine' | 'project'>, params: ParamsOf<D>) => Promise<string>

/** What a step file exports. */
export interface StepModule {
  readonly definition: StepDefinition
  readonly run: (context: never, inputs: never, params: never) => Promise<void>
  readonly fingerprint?: (job: Pick<JobContext, 'engine' | 'project'>, params: never) => Promise<string>
}
