/** The one typed contract between the engine and its faces (browser window, Electron window, CLI attached to a running engine). */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { cleanCell, cleanCellAt, cleanCellRequest, cleanClasses, cleanClassesRequest, cleanGrid, cleanGridSummary, cleanImages, cleanImagesRequest, cleanSource, cleanWitnesses, cleanWitnessesRequest } from './clean.ts'
import { id, ids } from './common.ts'
import { act, actResult, reviewStats } from './decisions.ts'
import { duplicateGroup, duplicateSettings, duplicateSummary, groupFilter, groupOrder } from './duplicates.ts'
import { exportPlan, exportSpec, exportSummary } from './exports.ts'
import { actEntry, imageDetails, imageFacets, imageFilter, imageRow, imageSort, view } from './images.ts'
import { job, jobFailure, jobRequest } from './jobs.ts'
import { csvImportReport, labelClass, labelItem, labelQueueRequest, labelRun } from './labels.ts'
import { bulkCount, bulkMatches, candidate, matchEvidence, matchOverview, matchSource, matchSourceInfo, queryFilter, queryOrder, queryRow, vetoList } from './matches.ts'
import { knownModel } from './knownModels.ts'
import { descriptor, modelCard, modelCheck, modelCheckRequest, modelInfo, modelInspection, modelMeasurement, providerReport } from './models.ts'
import { curve, exportFormat, formatChoice, nameStyle, optionValues, overrides, recipe, recipePlan, recipeProblem, recipeSummary, resultPage, runDetails, runSummary, stepResult, stepType, whatIf } from './recipes.ts'
import { appInfo, projectInfo, recentProject, root, rootChanges, rootPreview, rootSpec } from './project.ts'

const done = z.object({ ok: z.literal(true) })

/** What changed, so that a window asks again for just that. */
export const change = z.discriminatedUnion('topic', [
  z.object({ topic: z.literal('project') }),
  z.object({ topic: z.literal('images') }),
  z.object({ topic: z.literal('decisions') }),
  z.object({ topic: z.literal('predictions') }),
  z.object({ topic: z.literal('duplicates') }),
  z.object({ topic: z.literal('models') }),
  z.object({ topic: z.literal('exports') }),
  z.object({ topic: z.literal('recipes') }),
  z.object({ topic: z.literal('job'), job }),
  z.object({ topic: z.literal('hello') })
])
export type Change = z.infer<typeof change>

export const contract = {
  app: {
    info: oc.output(appInfo),
    recent: oc.output(z.array(recentProject)),
    forget: oc.input(z.object({ folder: z.string() })).output(done),
    /** Folders whose path starts so, for a field that completes; at most 20. */
    completeFolder: oc.input(z.object({ prefix: z.string() })).output(z.array(z.string())),
    settings: oc.output(z.record(z.string(), z.unknown())),
    saveSetting: oc.input(z.object({ key: z.string().max(100), value: z.unknown() })).output(done),
    changes: oc.output(eventIterator(change))
  },
  project: {
    current: oc.output(projectInfo.nullable()),
    create: oc.input(z.object({ folder: z.string().min(1), name: z.string().min(1).max(100) })).output(projectInfo),
    open: oc.input(z.object({ folder: z.string().min(1) })).output(projectInfo),
    close: oc.output(done),
    /** Opens the sample project, drawing it first where it is not there yet (a job shows how far). */
    sample: oc.output(projectInfo),
    /** Where a new project of this name would go. */
    suggestFolder: oc.input(z.object({ name: z.string() })).output(z.object({ folder: z.string() })),
    setting: oc.input(z.object({ key: z.string().max(100) })).output(z.unknown()),
    saveSetting: oc.input(z.object({ key: z.string().max(100), value: z.unknown() })).output(done)
  },
  roots: {
    list: oc.output(z.array(root)),
    preview: oc.input(rootSpec.pick({ path: true }).extend({ include: z.array(z.string()).optional(), exclude: z.array(z.string()).optional() })).output(rootPreview),
    add: oc.input(rootSpec).output(root),
    update: oc.input(rootChanges.extend({ id })).output(root),
    remove: oc.input(z.object({ id })).output(done)
  },
  images: {
    view: oc.input(z.object({ filter: imageFilter, sort: imageSort.default('path') })).output(view),
    rows: oc.input(z.object({ ids: ids.max(500) })).output(z.array(imageRow)),
    details: oc.input(z.object({ id })).output(imageDetails),
    facets: oc.input(z.object({ filter: imageFilter })).output(imageFacets),
    /** Nearest images by descriptor. */
    neighbours: oc.input(z.object({ id, k: z.int().min(1).max(200).default(24), descriptorId: id.optional() }))
      .output(z.array(z.object({ image: imageRow, similarity: z.number() })))
  },
  models: {
    list: oc.output(z.array(modelInfo)),
    /** Models that Winnow knows but does not bring along. */
    known: oc.output(z.array(knownModel)),
    /** What a file says of itself; `known`: with the card of that known model filled in. */
    inspect: oc.input(z.object({ file: z.string().min(1), known: z.string().optional() })).output(modelInspection),
    /** Embeds a picture and compares the vector with a supplied one. */
    check: oc.input(modelCheckRequest).output(modelCheck),
    /** Copies the file beside its card into the models folder after a trial run. */
    add: oc.input(z.object({ file: z.string().min(1), card: modelCard })).output(modelInfo),
    remove: oc.input(z.object({ modelId: z.string() })).output(done),
    setDefault: oc.input(z.object({ modelId: z.string() })).output(done),
    measure: oc.input(z.object({ modelId: z.string(), providers: z.array(z.string()).optional() })).output(modelMeasurement),
    providers: oc.output(z.array(providerReport)),
    descriptors: oc.output(z.array(descriptor))
  },
  jobs: {
    list: oc.output(z.array(job)),
    start: oc.input(jobRequest).output(job),
    cancel: oc.input(z.object({ jobId: id })).output(done),
    resume: oc.input(z.object({ jobId: id })).output(job),
    retryFailed: oc.input(z.object({ jobId: id })).output(job),
    failures: oc.input(z.object({ jobId: id, offset: z.int().min(0).default(0), limit: z.int().min(1).max(500).default(100) })).output(z.array(jobFailure)),
    dismiss: oc.input(z.object({ jobId: id })).output(done)
  },
  duplicates: {
    settings: oc.output(duplicateSettings),
    saveSettings: oc.input(duplicateSettings).output(done),
    summary: oc.input(duplicateSettings).output(duplicateSummary),
    /** Group ids in order; members come by `rows`. */
    groups: oc.input(z.object({ settings: duplicateSettings, filter: groupFilter, order: groupOrder.default('most-similar') }))
      .output(z.object({ groups: ids, images: z.number(), wouldDrop: z.number() })),
    rows: oc.input(z.object({ settings: duplicateSettings, groups: ids.max(60) })).output(z.array(duplicateGroup))
  },
  labels: {
    classes: oc.output(z.array(labelClass)),
    runs: oc.output(z.array(labelRun)),
    queue: oc.input(labelQueueRequest).output(view),
    items: oc.input(z.object({ runId: id, ids: ids.max(50) })).output(z.array(labelItem)),
    importCsv: oc.input(z.object({ file: z.string().min(1), imageColumn: z.string().optional(), labelColumn: z.string().optional() })).output(csvImportReport)
  },
  decisions: {
    apply: oc.input(act).output(actResult),
    undo: oc.output(actResult),
    redo: oc.output(actResult),
    log: oc.input(z.object({ before: id.optional(), limit: z.int().min(1).max(200).default(50) })).output(z.array(actEntry)),
    stats: oc.output(reviewStats)
  },
  /** Ranked lists and pairs that recipes made, query by query. What is said of a pair is the act `relation`; of many, `accept-matches`. */
  matches: {
    /** Of the newest runs first; within a run, what the recipe is for first. */
    sources: oc.output(z.array(matchSourceInfo)),
    overview: oc.input(z.object({ source: matchSource })).output(matchOverview),
    /** Queries in order. */
    queries: oc.input(z.object({ source: matchSource, filter: queryFilter, order: queryOrder.default('score-high') })).output(view),
    queryRows: oc.input(z.object({ source: matchSource, ids: ids.max(200) })).output(z.array(queryRow)),
    candidates: oc.input(z.object({ source: matchSource, queryId: id, limit: z.int().min(1).max(100).default(20) })).output(z.object({ total: z.number(), rows: z.array(candidate) })),
    evidence: oc.input(z.object({ a: id, b: id, source: matchSource.optional() })).output(matchEvidence),
    /** What `accept-matches` would do. */
    above: oc.input(bulkMatches).output(bulkCount)
  },
  /** Changed by the acts `veto` and `veto-list`. */
  vetoes: {
    list: oc.output(z.array(vetoList)),
    entries: oc.input(z.object({ listId: id, offset: z.int().min(0).default(0), limit: z.int().min(1).max(500).default(100) })).output(z.array(z.object({ a: id, b: id.nullable() })))
  },
  recipes: {
    list: oc.output(z.array(recipeSummary)),
    read: oc.input(z.object({ name: z.string() })).output(z.object({ recipe, builtIn: z.boolean(), problems: z.array(recipeProblem) })),
    /** What is wrong with a recipe's text; `recipe` is null where it is not one at all. */
    check: oc.input(z.object({ text: z.string().max(1_000_000) })).output(z.object({ recipe: recipe.nullable(), problems: z.array(recipeProblem) })),
    /** Into the project; the name of a recipe that comes with Winnow is refused. */
    save: oc.input(z.object({ recipe })).output(done),
    remove: oc.input(z.object({ name: z.string() })).output(done),
    catalogue: oc.output(z.array(stepType)),
    plan: oc.input(z.object({ recipe: z.union([z.string(), recipe]), options: optionValues.default({}), set: overrides.default({}) })).output(recipePlan),
    runs: oc.input(z.object({ recipe: z.string().optional() })).output(z.array(runSummary)),
    run: oc.input(z.object({ runId: id })).output(runDetails),
    removeRun: oc.input(z.object({ runId: id })).output(done),
    whatIf: oc.input(z.object({ runId: id, set: overrides })).output(whatIf),
    result: oc.input(z.object({ resultId: id })).output(stepResult),
    rows: oc.input(z.object({ resultId: id, offset: z.int().min(0).default(0), limit: z.int().min(1).max(200).default(50) })).output(resultPage),
    curves: oc.input(z.object({ resultId: id })).output(z.array(curve)),
    /** Puts the labels of a result into the Labels screen as predictions, for a person to accept. */
    propose: oc.input(z.object({ resultId: id })).output(z.object({ runId: id, images: z.number(), newClasses: z.array(z.string()) })),
    /** What each kind of result can be written as, the usual choice first. */
    formats: oc.output(z.record(z.string(), z.array(formatChoice))),
    /** Writes a result to a file of the user's, whole or not at all. Throws CONFLICT where there is one, unless `overwrite`. */
    exportResult: oc
      .input(z.object({ resultId: id, format: exportFormat, file: z.string().min(1), overwrite: z.boolean().default(false), names: nameStyle.optional(), limit: z.int().min(1).optional() }))
      .output(z.object({ files: z.array(z.string()), rows: z.number(), notes: z.array(z.string()) }))
  },
  clean: {
    /** Sweeps of the cleaning rule that recipes have made, the newest first. */
    grids: oc.output(z.array(cleanGridSummary)),
    grid: oc.input(cleanSource).output(cleanGrid),
    cell: oc.input(cleanCellRequest).output(cleanCell),
    images: oc.input(cleanImagesRequest).output(cleanImages),
    /** What speaks for one image. */
    witnesses: oc.input(cleanWitnessesRequest).output(cleanWitnesses),
    classes: oc.input(cleanClassesRequest).output(cleanClasses),
    /** Drops what the cell does not keep and brings back what a cell chosen before had dropped, as one step of undo. */
    choose: oc.input(cleanCellAt.extend({ resultId: id })).output(actResult)
  },
  exports: {
    plan: oc.input(exportSpec).output(exportPlan),
    history: oc.output(z.array(exportSummary))
  }
}
export type Contract = typeof contract
