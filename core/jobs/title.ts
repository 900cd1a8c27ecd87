import type { JobRequest } from '../contract/jobs.ts'

/** What a job is called on the screen. */
export function jobTitle(request: JobRequest): string {
  switch (request.kind) {
    case 'sample': return 'Drawing the sample'
    case 'scan': return request.ids ? `Reading ${request.ids.length} images again` : 'Reading folders'
    case 'embed': return 'Embedding'
    case 'duplicates': return 'Finding near-duplicates'
    case 'pseudo': return 'Predicting labels'
    case 'export': return 'Exporting'
    case 'verify': return 'Verifying'
    case 'recipe': return `Recipe ${request.body?.name ?? request.recipe ?? ''}`
    case 'calibrate': return `Calibrating ${request.step}.${request.param}`
    case 'generate': return 'Generating edits'
    case 'prepare': return 'Preparing the project'
  }
}
