import { z } from 'zod'
import { id } from './common.ts'

const slug = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'lower-case letters, digits and dashes, at most 64, a letter first')

/** What a step makes and the next one takes. See core/recipes/kinds.ts for the columns of each. */
export const artefactKind = z.enum(['images', 'parts', 'vectors', 'lists', 'pairs', 'labels', 'truth', 'grid', 'metrics', 'projection', 'graph'])
export type ArtefactKind = z.infer<typeof artefactKind>

/** Something that is chosen anew for each run: `"$name"` in a step's `with` stands for it. */
export const recipeOption = z.object({
  title: z.string().min(1),
  about: z.string().default(''),
  /** models: one or more, for a step with `each` */
  type: z.enum(['model', 'models', 'file', 'number', 'text', 'boolean', 'choice']),
  choices: z.array(z.string()).optional(),
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
  required: z.boolean().default(false)
})
export type RecipeOption = z.infer<typeof recipeOption>

export const recipeStep = z.object({
  id: slug,
  /** The step type; see `recipes.catalogue`. */
  use: slug,
  title: z.string().optional(),
  /** What each input is: the id of an earlier step, or several where the input takes many. */
  from: z.record(z.string(), z.union([slug, z.array(slug)])).default({}),
  /** Parameters; `"$option"` stands for an option, `"$each"` for the one this copy of the step is for. */
  with: z.record(z.string(), z.unknown()).default({}),
  /** Once for each entry of this option (of type models). A step that takes from such a step in an input for one, and says the same `each`, takes from its sibling. */
  each: z.string().optional(),
  /** Only where this option is set (and not false). What needs a step that is left out is left out too. */
  when: z.string().optional(),
  /** Parameter -> id of the model (or kind of local features) its value was found with; several joined by " + ". With others it is shown as uncalibrated. */
  foundWith: z.record(z.string(), z.string()).default({})
})
export type RecipeStep = z.infer<typeof recipeStep>

/** A recipe as it stands in its file. */
export const recipe = z.object({
  format: z.literal('winnow-recipe-1'),
  name: slug,
  title: z.string().min(1),
  about: z.string().default(''),
  /** Paper, repository. */
  source: z.string().default(''),
  options: z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/), recipeOption).default({}),
  steps: z.array(recipeStep).min(1).max(300),
  /** Ids of the steps whose results are what the recipe is for, the main one first. */
  shows: z.array(slug).min(1)
})
export type Recipe = z.infer<typeof recipe>

/** Where a recipe is wrong: `at` is a path such as steps[3].with.k. */
export const recipeProblem = z.object({ at: z.string(), message: z.string() })
export type RecipeProblem = z.infer<typeof recipeProblem>

export const optionValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
export type OptionValues = z.infer<typeof optionValues>
/** "step.param" -> value: instead of what the recipe says. */
export const overrides = z.record(z.string(), z.unknown())

export const recipeSummary = z.object({
  name: z.string(),
  title: z.string(),
  about: z.string(),
  source: z.string(),
  builtIn: z.boolean(),
  steps: z.number(),
  /** false where it cannot be run as it stands: see `read` for why */
  valid: z.boolean(),
  lastRun: z.object({ runId: id, state: z.string(), at: z.number(), headline: z.string().nullable() }).nullable()
})
export type RecipeSummary = z.infer<typeof recipeSummary>

/** A step type, for people who write recipes and for the form that edits them. */
export const stepType = z.object({
  use: z.string(),
  title: z.string(),
  about: z.string(),
  source: z.string(),
  inputs: z.array(z.object({ name: z.string(), kinds: z.array(artefactKind), many: z.boolean(), optional: z.boolean(), about: z.string() })),
  output: artefactKind,
  /** JSON schema of the parameters, with titles, ranges and defaults. */
  params: z.unknown(),
  /** Looks at other queries of the same run. */
  transductive: z.boolean(),
  /** Quick enough to run again while somebody drags a slider. */
  cheap: z.boolean()
})
export type StepType = z.infer<typeof stepType>

export const uncalibrated = z.object({ step: z.string(), param: z.string(), value: z.unknown(), foundWith: z.string(), runsWith: z.array(z.string()) })
export type Uncalibrated = z.infer<typeof uncalibrated>

/** A number a step found, for tables: `value` null where it is not defined for this data. */
export const metricValue = z.object({ name: z.string(), value: z.number().nullable(), about: z.string().default(''), higherIsBetter: z.boolean().default(true) })
export type MetricValue = z.infer<typeof metricValue>

export const plannedStep = z.object({
  step: z.string(),
  use: z.string(),
  title: z.string(),
  output: artefactKind,
  params: z.record(z.string(), z.unknown()),
  inputs: z.record(z.string(), z.array(z.string())),
  transductive: z.boolean(),
  cheap: z.boolean(),
  /** kept: it has been made already from the very same things */
  state: z.enum(['kept', 'to-run']),
  resultId: id.nullable()
})
export type PlannedStep = z.infer<typeof plannedStep>
export const recipePlan = z.object({ steps: z.array(plannedStep), uncalibrated: z.array(uncalibrated), problems: z.array(recipeProblem) })
export type RecipePlan = z.infer<typeof recipePlan>

export const stepResult = z.object({
  resultId: id,
  use: z.string(),
  kind: artefactKind,
  /** One sentence: "1,204 queries, 50 references each". */
  summary: z.string(),
  /** Numbers behind it, by kind; metrics have `values`. */
  facts: z.record(z.string(), z.unknown()),
  params: z.record(z.string(), z.unknown()),
  seconds: z.number(),
  peakBytes: z.number().nullable(),
  madeAt: z.number()
})
export type StepResult = z.infer<typeof stepResult>

export const runStep = z.object({
  step: z.string(),
  use: z.string(),
  title: z.string(),
  params: z.record(z.string(), z.unknown()),
  inputs: z.record(z.string(), z.array(z.string())),
  transductive: z.boolean(),
  cheap: z.boolean(),
  /** kept: taken over from an earlier run */
  state: z.enum(['waiting', 'running', 'done', 'kept', 'failed']),
  result: stepResult.nullable()
})
export type RunStep = z.infer<typeof runStep>

export const runSummary = z.object({
  runId: id,
  recipe: z.string(),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  jobId: id.nullable(),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  error: z.string().nullable(),
  metrics: z.array(metricValue)
})
export type RunSummary = z.infer<typeof runSummary>

export const runDetails = runSummary.extend({
  recipeBody: recipe,
  options: optionValues,
  overrides,
  shows: z.array(z.string()),
  steps: z.array(runStep),
  uncalibrated: z.array(uncalibrated)
})
export type RunDetails = z.infer<typeof runDetails>

/** What would be, with other parameters, where only cheap steps have to run again. */
export const whatIf = z.object({
  /** Steps that would have to run for it and take long: nothing was done. */
  needs: z.array(z.string()),
  steps: z.array(z.object({ step: z.string(), changed: z.boolean(), result: stepResult })),
  metrics: z.array(metricValue)
})
export type WhatIf = z.infer<typeof whatIf>

/** A page of a result as a table for the eye. */
export const resultPage = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.enum(['image', 'number', 'text']) })),
  rows: z.array(z.array(z.union([z.number(), z.string(), z.null()]))),
  total: z.number(),
  /** Names of the images on the page. */
  names: z.record(z.string(), z.string())
})
export type ResultPage = z.infer<typeof resultPage>

/** What a calibrate job answers with (`job.data`). */
export const calibration = z.object({
  step: z.string(),
  param: z.string(),
  metric: z.string(),
  trials: z.array(z.object({ value: z.number(), metric: z.number().nullable() })),
  best: z.number(),
  models: z.array(z.string())
})
export type Calibration = z.infer<typeof calibration>

export const curve = z.object({ name: z.string(), xTitle: z.string(), yTitle: z.string(), x: z.array(z.number()), y: z.array(z.number()), thresholds: z.array(z.number()).optional() })
export type Curve = z.infer<typeof curve>

/** What a result can be written as. The plain ones keep everything; the others are the layouts of the four seeds, with their limits. */
export const exportFormat = z.enum(['csv', 'parquet', 'npz', 'hdf5', 'npy', 'faiss', 'ids', 'isc-descriptors', 'isc-matches', 'pet-pairs', 'retrieval', 'recognition', 'label-images'])
export type ExportFormat = z.infer<typeof exportFormat>

/** What images are called in a file: path below the root, file name, stem, or content hash. */
export const nameStyle = z.enum(['path', 'name', 'stem', 'sha256'])
export const formatChoice = z.object({ format: exportFormat, title: z.string(), extension: z.string() })
export type FormatChoice = z.infer<typeof formatChoice>
