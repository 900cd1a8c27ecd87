import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { WinnowError } from '../domain/errors.ts'

/** An object detector as an ONNX file, and what its numbers mean. A JSON file that lies beside the model. */
export const detectorCard = z.object({
  format: z.literal('winnow-detector-1'),
  name: z.string().min(1),
  /** The ONNX file, beside the card. */
  file: z.string().regex(/^[^/\\]+$/, 'the name of a file beside the card, without folders'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
  /** 1 x 3 x size x size, RGB, 0..1; the picture is fitted in and padded with grey 114. */
  input: z.object({ name: z.string().min(1), size: z.int().min(32).max(4096).default(640), dtype: z.enum(['float32', 'float16']).default('float32') }),
  output: z.object({
    name: z.string().min(1),
    /**
     * yolov5: 1 x boxes x (5 + classes), each centre x, centre y, width, height, objectness, then a probability a class (a box's score is their product);
     * yolov8: 1 x (4 + classes) x boxes, no objectness. Pixels of the input.
     */
    layout: z.enum(['yolov5', 'yolov8'])
  }),
  /** Names, in the model's order. */
  classes: z.array(z.string().min(1)).min(1),
  /** Boxes with a lower score are left out, unless a recipe says otherwise. */
  confidence: z.number().gt(0).lt(1).default(0.1),
  /** Of two boxes of one class that overlap by more, the weaker goes. */
  iou: z.number().gt(0).max(1).default(0.45),
  maxDetections: z.int().min(1).max(1000).default(300),
  licence: z.string().min(1),
  source: z.string().min(1)
})
export type DetectorCard = z.infer<typeof detectorCard>

/** A card with the absolute path of its model. */
export interface Detector {
  readonly card: DetectorCard
  readonly file: string
}

/** Reads a card. Throws NOT_FOUND where there is none and BAD_INPUT naming the field. */
export async function readDetectorCard(path: string): Promise<Detector> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WinnowError('NOT_FOUND', error.code === 'ENOENT' ? `There is no detector card ${path}.` : `The detector card ${path} cannot be read (${error.code ?? error.message}).`)
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new WinnowError('BAD_INPUT', `${path} is not JSON: ${(error as Error).message}`)
  }
  const parsed = detectorCard.safeParse(json)
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 3).map(({ path: field, message }) => `field "${field.join('.') || '(whole card)'}": ${message}`)
    throw new WinnowError('BAD_INPUT', `${path}: ${problems.join('; ')}.`)
  }
  return { card: parsed.data, file: join(dirname(path), parsed.data.file) }
}

/** The numbers of the classes with these names; all where none is named. Throws BAD_INPUT for a class that the detector does not know. */
export function classNumbers({ name, classes }: Pick<DetectorCard, 'name' | 'classes'>, wanted: readonly string[]): number[] {
  if (wanted.length === 0) return classes.map((_, number) => number)
  return wanted.map((each) => {
    const number = classes.indexOf(each)
    if (number < 0) throw new WinnowError('BAD_INPUT', `The detector ${name} knows no class "${each}"; it knows ${classes.map((known) => `"${known}"`).join(', ')}.`)
    return number
  })
}
