import { duplicatesJob } from '../dedupe/duplicatesJob.ts'
import { exportJob } from '../exporters/exportJob.ts'
import { verifyJob } from '../exporters/verifyJob.ts'
import { generateJob } from '../generator/generateJob.ts'
import { scanJob } from '../images/scanJob.ts'
import { embedJob } from '../models/embedJob.ts'
import { pseudoJob } from '../pseudo/pseudoJob.ts'
import { calibrateJob } from '../recipes/calibrateJob.ts'
import { recipeJob } from '../recipes/recipeJob.ts'
import { sampleJob } from '../sample/sampleJob.ts'
import type { JobHandlers } from './job.ts'
import { prepareJob } from './prepareJob.ts'

export const jobHandlers: JobHandlers = {
  sample: sampleJob,
  scan: scanJob,
  embed: embedJob,
  duplicates: duplicatesJob,
  pseudo: pseudoJob,
  export: exportJob,
  verify: verifyJob,
  generate: generateJob,
  prepare: prepareJob,
  recipe: recipeJob,
  calibrate: calibrateJob
}
