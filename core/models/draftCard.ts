import { basename, extname } from 'node:path'
import { modelCard, type ModelCard, type ModelInspection } from '../contract/models.ts'
import { WinnowError } from '../domain/errors.ts'
import type { ConfigFacts } from './sidecar.ts'
import type { Signature, TensorInfo } from './trial.process.ts'

type Question = ModelInspection['questions'][number]

/**
 * A card as far as the file itself (and a config beside it) says, and a question for each field that nobody but the user can know. Nothing
 * is taken from the file's name except a name to call it by. Throws BAD_INPUT where the model is no image encoder.
 */
export function draftCard(file: string, sha256: string, signature: Signature, sidecar: ConfigFacts | null): { draft: ModelCard; questions: Question[] } {
  const questions: Question[] = []
  const input = pictureInput(file, signature.inputs)
  const shape = pictureShape(file, input)
  const size = { width: shape.width ?? sidecar?.size?.width ?? 224, height: shape.height ?? sidecar?.size?.height ?? 224 }
  const output = pickOutput(file, signature)
  const pixels = input.type === 'uint8'
  const ask = (field: string, question: string): void => void questions.push({ field, question })
  if (shape.assumed) ask('input.layout', 'The file leaves its shape open. Are the channels first (NCHW) or last (NHWC)?')
  if (shape.width === null && !sidecar?.size) ask('input.width', 'The model takes pictures of any size. At which size was it trained?')
  if (signature.outputs.length > 1) ask('output.name', `The model has ${signature.outputs.length} outputs (${signature.outputs.map(({ name }) => name).join(', ')}). Which one is the embedding?`)
  if (output.positions > 1) ask('output.pooling', `The output "${output.name}" holds ${output.positions} vectors an image. How do they become one (mean, max, the class token, gem)?`)
  if (output.dim === null) ask('output.dim', 'How many values does the embedding have?')
  if (!sidecar?.resize) ask('resize.mode', 'How were pictures fitted into the input in training: squashed, cropped at the centre, or letterboxed?')
  else if (!sidecar.resize.interpolation) ask('resize.interpolation', 'With which filter were pictures resized in training?')
  if (!sidecar?.mean && !pixels) ask('mean', 'Which values does the model expect? value = (pixel / 255 * scale - mean) / std. ImageNet models: mean 0.485 0.456 0.406, std 0.229 0.224 0.225; for -1 to 1: mean 0.5, std 0.5.')
  if (!sidecar?.colour) ask('colour', 'Does the model take RGB or BGR?')
  if (!sidecar?.licence) ask('licence', 'Under which licence may the model be used?')
  if (!sidecar?.source) ask('source', 'Where does the model come from?')
  const name = basename(file, extname(file))
  const draft = modelCard.parse({
    id: idFrom(name),
    name,
    file: basename(file),
    sha256,
    input: { name: input.name, layout: shape.layout, dtype: input.type, ...size },
    resize: sidecar?.resize ?? {},
    scale: pixels ? 1 : (sidecar?.scale ?? 1),
    colour: sidecar?.colour ?? 'RGB',
    ...(sidecar?.mean && !pixels ? { mean: sidecar.mean } : {}),
    ...(sidecar?.std && !pixels ? { std: sidecar.std } : {}),
    output: { name: output.name, dim: output.dim ?? 2, pooling: output.positions > 1 ? 'mean' : 'none' },
    licence: sidecar?.licence ?? 'unknown',
    source: sidecar?.source ?? 'unknown'
  } satisfies Record<string, unknown>)
  return { draft, questions }
}

/** A card's id made of a name: lower-case letters, digits, dots, dashes. */
export const idFrom = (name: string): string => {
  const id = name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-').replace(/^[^a-z0-9]+/, '').slice(0, 64)
  return id === '' ? 'model' : id
}

function pictureInput(file: string, inputs: readonly TensorInfo[]): TensorInfo {
  const [input] = inputs
  if (!input) throw new WinnowError('BAD_INPUT', `${file} has no inputs: it is no model that takes a picture.`)
  if (inputs.length > 1) {
    throw new WinnowError('BAD_INPUT', `${file} needs ${inputs.length} inputs (${inputs.map(({ name }) => name).join(', ')}). Winnow feeds one picture: export the image encoder alone.`)
  }
  if (!['float32', 'float16', 'uint8'].includes(input.type)) throw new WinnowError('BAD_INPUT', `${file} takes ${input.type}; Winnow can feed float32, float16 and uint8.`)
  return input
}

interface PictureShape { readonly layout: 'NCHW' | 'NHWC'; readonly width: number | null; readonly height: number | null; readonly assumed: boolean }

function pictureShape(file: string, { name, shape }: TensorInfo): PictureShape {
  const text = `input "${name}" of ${file} has the shape ${shape.join(' x ') || '(none)'}`
  if (shape.length !== 4) throw new WinnowError('BAD_INPUT', `The ${text}; a picture needs N x 3 x height x width or N x height x width x 3.`)
  const side = (size: number | string | undefined): number | null => (typeof size === 'number' ? size : null)
  if (shape[1] === 3) return { layout: 'NCHW', height: side(shape[2]), width: side(shape[3]), assumed: false }
  if (shape[3] === 3) return { layout: 'NHWC', height: side(shape[1]), width: side(shape[2]), assumed: false }
  if (typeof shape[1] === 'string') return { layout: 'NCHW', height: side(shape[2]), width: side(shape[3]), assumed: true }
  throw new WinnowError('BAD_INPUT', `The ${text}: neither its second nor its last dimension is 3 (red, green, blue).`)
}

/** The flattest floating-point output: an embedding is N x dim; what has positions left must be pooled. */
function pickOutput(file: string, { outputs, ran }: Signature): { name: string; dim: number | null; positions: number } {
  const candidates = outputs
    .filter(({ type }) => type === 'float32' || type === 'float16' || type === 'float64')
    .map(({ name, shape }) => ({ name, sizes: (ran?.[name] ?? shape).slice(1).filter((size) => size !== 1) }))
    .filter(({ sizes }) => sizes.length >= 1)
    .sort((a, b) => a.sizes.length - b.sizes.length)
  const [best] = candidates
  if (!best) throw new WinnowError('BAD_INPUT', `${file} gives no vector of floating-point numbers for a picture: there is nothing to use as an embedding.`)
  // A map N x C x H x W has its channels first; tokens N x T x D have them last.
  const channels = best.sizes.length === 3 ? best.sizes[0] : best.sizes.at(-1)
  const known = best.sizes.every((size) => typeof size === 'number')
  const total = known ? best.sizes.reduce<number>((product, size) => product * (size as number), 1) : null
  const dim = typeof channels === 'number' ? channels : null
  return { name: best.name, dim, positions: best.sizes.length === 1 ? 1 : total !== null && dim ? total / dim : 2 }
}
