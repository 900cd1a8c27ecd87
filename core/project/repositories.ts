/** All repositories by name. Reads and writes are apart: only the writer thread holds the second set. */
import type { Database } from 'better-sqlite3'
import { DescriptorReads, DescriptorWrites } from './repositories/descriptors.ts'
import { DuplicateReads, DuplicateWrites } from './repositories/duplicates.ts'
import { DecisionReads, DecisionWrites } from './repositories/decisions.ts'
import { ExportReads, ExportWrites } from './repositories/exports.ts'
import { GeneratorReads } from './repositories/generator.ts'
import { ImageReads } from './repositories/images.ts'
import { ImageWrites } from './repositories/imageWrites.ts'
import { JobReads, JobWrites } from './repositories/jobs.ts'
import { LabelReads, LabelWrites } from './repositories/labels.ts'
import { MetaReads, MetaWrites } from './repositories/meta.ts'
import { PartReads, PartWrites } from './repositories/parts.ts'
import { PredictionReads, PredictionWrites } from './repositories/predictions.ts'
import { RecipeReads, RecipeWrites } from './repositories/recipes.ts'
import { RecipeInputReads } from './repositories/recipeInputs.ts'
import { RootReads, RootWrites } from './repositories/roots.ts'
import { VetoReads } from './repositories/vetoes.ts'

export const readRepositories = (db: Database) => ({
  meta: new MetaReads(db),
  roots: new RootReads(db),
  images: new ImageReads(db),
  descriptors: new DescriptorReads(db),
  duplicates: new DuplicateReads(db),
  labels: new LabelReads(db),
  predictions: new PredictionReads(db),
  decisions: new DecisionReads(db),
  jobs: new JobReads(db),
  exports: new ExportReads(db),
  generator: new GeneratorReads(db),
  parts: new PartReads(db),
  recipes: new RecipeReads(db),
  recipeInputs: new RecipeInputReads(db),
  vetoes: new VetoReads(db)
})
export const writeRepositories = (db: Database) => ({
  meta: new MetaWrites(db),
  roots: new RootWrites(db),
  images: new ImageWrites(db),
  descriptors: new DescriptorWrites(db),
  duplicates: new DuplicateWrites(db),
  labels: new LabelWrites(db),
  predictions: new PredictionWrites(db),
  decisions: new DecisionWrites(db),
  jobs: new JobWrites(db),
  exports: new ExportWrites(db),
  parts: new PartWrites(db),
  recipes: new RecipeWrites(db)
})
export type ReadRepositories = ReturnType<typeof readRepositories>
export type WriteRepositories = ReturnType<typeof writeRepositories>
