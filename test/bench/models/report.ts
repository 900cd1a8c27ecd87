import type { MachineFacts } from '../machine.ts'
import type { Aim } from './aims.ts'
import { edits } from './edits.ts'
import { families, type Family, falsePositiveRate, type Measures } from './measures.ts'
import type { Speed } from './speed.ts'

export interface ModelReport extends Measures {
  readonly id: string
  readonly isShared: boolean
  /** Trained in this project: what the aims are for. */
  readonly isOurs: boolean
  /** Width and height of its input; null for the hash. */
  readonly input: string | null
  readonly megabytes: number | null
  readonly speed: Speed
}

export interface Report {
  readonly at: string
  readonly machine: MachineFacts
  readonly photos: number
  /** Photos that copies were made of. */
  readonly asked: number
  readonly models: readonly ModelReport[]
  readonly aims: readonly Aim[]
}

type Cell = (model: ModelReport) => string

const share = (value: number): string => value.toFixed(3)
const familyNames: Readonly<Record<Family, string>> = { trained: 'trained edits', untrained: 'untrained edits \\*', all: `all ${edits.length}` }

const rows: readonly (readonly [string, Cell])[] = [
  ['input', ({ input }) => input ?? ''],
  ['file, MB', ({ megabytes }) => megabytes?.toFixed(2) ?? ''],
  ['ms an image: inference on one core', ({ speed }) => speed.inference.toFixed(1)],
  ['ms an image, with decoding and resizing', ({ speed }) => speed.whole.toFixed(1)],
  ['1-NN, 15 training images a class', ({ nearestNeighbour }) => (nearestNeighbour === null ? '' : share(nearestNeighbour))],
  ...edits.map(({ name, trained }): [string, Cell] => [`recall@1: ${name}${trained ? '' : ' \\*'}`, ({ byEdit }) => share(byEdit[name] as number)]),
  ...families.flatMap((family): [string, Cell][] => [
    [`recall@1, ${familyNames[family]}`, ({ byFamily }) => share(byFamily[family].recallAt1)],
    [`uAP, ${familyNames[family]}`, ({ byFamily }) => share(byFamily[family].uAP)],
    [`recall at FPR 1e-6, ${familyNames[family]}`, ({ byFamily }) => share(byFamily[family].recallAtRate)]
  ])
]

/** As Markdown: what was measured, the table, the aims. */
export function reportText({ at, machine, photos, asked, models, aims }: Report): string {
  const { cpu, cores, memoryGb, node } = machine
  const withoutClasses = models.every(({ nearestNeighbour }) => nearestNeighbour === null)
  return [
    `${cpu}, ${cores} cores, ${memoryGb} GB, Node ${node}; ${at.slice(0, 10)}. ${photos.toLocaleString('en')} photographs, copies of ${asked} of them under ${edits.length} edits. ${coarseness(models)}`,
    ...(withoutClasses ? ['', '1-NN is left out: it takes at least two class folders of more than 15 images.'] : []),
    '',
    `| | ${models.map(({ id }) => id).join(' | ')} |`,
    `| --- |${' --- |'.repeat(models.length)}`,
    ...rows.map(([label, cell]) => [label, models.map(cell)] as const).filter(([, cells]) => cells.some((cell) => cell !== '')).map(([label, cells]) => `| ${label} | ${cells.join(' | ')} |`),
    ...(aims.length === 0 ? [] : ['', '| | aim | wanted | measured |', '| --- | --- | --- | --- |', ...aims.map(aimRow)])
  ].join('\n')
}

/** How few wrong pairs the rate of 1e-6 lets through: with fewer pairs the line is coarser. */
function coarseness(models: readonly ModelReport[]): string {
  const [first] = models
  if (!first) return ''
  const told = families.map((family) => {
    const { falsePairs } = first.byFamily[family]
    return `${familyNames[family]}: ${Math.floor(falsePairs * falsePositiveRate)} of ${falsePairs.toLocaleString('en')}`
  })
  return `Wrong pairs that FPR 1e-6 lets through: ${told.join('; ')}.`
}

const aimRow = ({ model, what, wanted, measured, isMet }: Aim): string => `| ${isMet ? 'met' : '**missed**'} | ${model}: ${what} | ${wanted} | **${measured.toFixed(3)}** |`
