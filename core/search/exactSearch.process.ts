/** The process of the exact engine: ONNX Runtime holds the cores while it multiplies, so it never runs in the engine. */
import { serveParent } from '../workers/channel.ts'
import { ExactIndex } from './exactIndex.ts'
import { searchApi } from './searchProcess.ts'

process.on('disconnect', () => process.exit(0))
serveParent(searchApi((references) => ExactIndex.open(references, ['cuda', 'cpu'])))
