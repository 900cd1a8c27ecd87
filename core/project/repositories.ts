/** All repositories by name. Reads and writes are apart: only the writer thread holds the second set. */
import type { Database } from 'better-sqlite3'
import { DescriptorReads, DescriptorWrites } from './repositories/descriptors.ts'
import { DecisionReads, DecisionWrites } from './repositories/decisions.ts'
import { JobReads, JobWrites } from './repositories/jobs.ts'
import { LabelReads, LabelWrites } from './repositories/labels.ts'
import { MetaReads, MetaWrites } from './repositories/meta.ts'
import { RootReads, RootWrites } from './repositories/roots.ts'

export const readRepositories = (db: Database) => ({
  meta: new MetaReads(db),
  roots: new RootReads(db),
  descriptors: new DescriptorReads(db),
  labels: new LabelReads(db),
  decisions: new DecisionReads(db),
  jobs: new JobReads(db)
})
export const writeRepositories = (db: Database) => ({
  meta: new MetaWrites(db),
  roots: new RootWrites(db),
  descriptors: new DescriptorWrites(db),
  labels: new LabelWrites(db),
  decisions: new DecisionWrites(db),
  jobs: new JobWrites(db)
})
export type ReadRepositories = ReturnType<typeof readRepositories>
export type WriteRepositories = ReturnType<typeof writeRepositories>
