/** A process that runs steps of recipes: long loops, ONNX Runtime and OpenCV hold its cores, never the engine's loop. */
import { serveParent } from '../workers/channel.ts'
import { stepProcessApi } from './stepProcess.ts'

process.on('disconnect', () => process.exit(0))
serveParent(stepProcessApi)
