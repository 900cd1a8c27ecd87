/** Where the lines of a recipe's steps run when the steps stand below each other: as in the graph of a version history. */
export interface GraphStep {
  readonly step: string
  readonly inputs: readonly string[]
}

export interface Line {
  readonly lane: number
  /** Whose result runs along it. */
  readonly step: string
}

export interface GraphRow {
  readonly lane: number
  /** Lines that pass by. */
  readonly through: readonly Line[]
  /** Lines that come in from above. */
  readonly from: readonly Line[]
  /** Whether a later step takes what this one makes. */
  readonly goesOn: boolean
}

export interface StepGraph {
  readonly rows: readonly GraphRow[]
  readonly lanes: number
}

/**
 * One row a step. A result keeps its lane until the last step that takes it; a step goes on in the lane of an input that ends with it,
 * otherwise in the first free one. Inputs that are not among the steps above are left out.
 */
export function stepGraph(steps: readonly GraphStep[]): StepGraph {
  const lastUse = new Map<string, number>()
  steps.forEach(({ inputs }, row) => inputs.forEach((input) => lastUse.set(input, row)))
  const lanes: (string | null)[] = []
  let most = 0
  const rows = steps.map(({ step, inputs }, row): GraphRow => {
    const from = [...new Set(inputs)].flatMap((input) => {
      const lane = lanes.indexOf(input)
      return lane < 0 ? [] : [{ lane, step: input }]
    }).sort((a, b) => a.lane - b.lane)
    const ending = from.filter((line) => lastUse.get(line.step) === row)
    for (const { lane } of ending) lanes[lane] = null
    const free = ending[0]?.lane ?? firstFree(lanes)
    const through = lanes.flatMap((owner, lane) => (owner === null ? [] : [{ lane, step: owner }]))
    const goesOn = (lastUse.get(step) ?? row) > row
    lanes[free] = goesOn ? step : null
    most = Math.max(most, free + 1, lanes.length)
    return { lane: free, through, from, goesOn }
  })
  return { rows, lanes: most }
}

function firstFree(lanes: readonly (string | null)[]): number {
  const free = lanes.indexOf(null)
  return free < 0 ? lanes.length : free
}

/** A step with all that it is made from and all that is made from it. */
export function relatives(steps: readonly GraphStep[], step: string): ReadonlySet<string> {
  const found = new Set([step])
  for (const one of steps.toReversed()) if (found.has(one.step)) for (const input of one.inputs) found.add(input)
  const below = new Set([step])
  for (const one of steps) if (one.inputs.some((input) => below.has(input))) below.add(one.step)
  return new Set([...found, ...below])
}
