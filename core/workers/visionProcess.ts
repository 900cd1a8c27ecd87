import type { VisionWorker } from './vision.ts'
import { WorkerProcess } from './workerProcess.ts'

export { WorkerGone } from './workerProcess.ts'

/** One vision worker process. */
export class VisionProcess extends WorkerProcess<VisionWorker> {}
