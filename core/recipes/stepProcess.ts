import type { Blas } from '../search/blas.ts'
import type { CallContext } from '../workers/channel.ts'
import { Artefact, ArtefactWriter } from './artefact.ts'
import { stepModule } from './catalogue.ts'

/** What a step process is told: plain data, all paths absolute. */
export interface StepCall {
  readonly use: string
  readonly params: Readonly<Record<string, unknown>>
  /** Input name -> folders of artefacts. */
  readonly inputs: Readonly<Record<string, readonly string[]>>
  readonly out: string
  readonly scratch: string
}

/** Interim messages of a call. */
export type StepNews = { readonly progress: { readonly done: number; readonly total: number | null; readonly message?: string } } | { readonly note: string }

/** Calls of `report` closer together than this are not worth a message. */
const newsEveryMilliseconds = 100

export const stepProcessApi = {
  /** Runs one step; answers with the most memory this process has held, in bytes. */
  async run({ use, params, inputs, out, scratch }: StepCall, { signal, notify }: CallContext): Promise<{ peakBytes: number }> {
    const { definition, run } = await stepModule(use)
    const opened = await openInputs(definition.inputs, inputs)
    let last = 0
    const news = (message: StepNews): void => notify(message)
    const context = {
      signal,
      report: (done: number, total: number | null, message?: string): void => {
        const now = Date.now()
        if (now - last < newsEveryMilliseconds && done !== total) return
        last = now
        news({ progress: { done, total, ...(message === undefined ? {} : { message }) } })
      },
      note: (note: string): void => news({ note }),
      out: await ArtefactWriter.begin(out),
      scratch,
      blas: loadBlas
    }
    await run(context as never, opened as never, params as never)
    return { peakBytes: process.resourceUsage().maxRSS * 1024 }
  }
}
export type StepProcess = typeof stepProcessApi

let blas: Promise<Blas> | undefined

/** Most steps multiply nothing: ONNX Runtime is loaded by those that do. */
const loadBlas = (): Promise<Blas> => (blas ??= import('../search/onnxBlas.ts').then(({ OnnxBlas }) => OnnxBlas.open(['cuda', 'cpu'])))

/** Opens the artefacts as a step's `run` takes them: one, an optional one, or many. */
export async function openInputs(specs: Readonly<Record<string, { readonly many?: boolean }>>, folders: Readonly<Record<string, readonly string[]>>): Promise<Record<string, Artefact | Artefact[] | undefined>> {
  const opened: Record<string, Artefact | Artefact[] | undefined> = {}
  for (const [name, { many }] of Object.entries(specs)) {
    const artefacts = await Promise.all((folders[name] ?? []).map((folder) => Artefact.open(folder)))
    opened[name] = many ? artefacts : artefacts[0]
  }
  return opened
}
