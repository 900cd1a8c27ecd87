/** The process of the faiss engine: its calls block, its query buffers are never freed, and it may crash without harm to anyone else. */
import { serveParent } from '../workers/channel.ts'
import { FaissIndex } from './faissIndex.ts'
import { searchApi } from './searchProcess.ts'

process.on('disconnect', () => process.exit(0))
serveParent(searchApi((references) => FaissIndex.open(references)))
