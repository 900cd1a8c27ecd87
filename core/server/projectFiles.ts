import type { Engine } from '../engine.ts'
import { displayImage, originalFile, readThumb } from '../images/media.ts'
import type { ProjectFiles } from './media.ts'

/** The pictures and views of whatever project is open. */
export const projectFiles = (engine: Engine): ProjectFiles => ({
  thumb: async (imageId) => await readThumb(engine.current.project, imageId),
  image: async (imageId, size) => {
    const { project } = engine.current
    const original = await originalFile(project, imageId)
    if (!original) return null
    if (size === null && !original.needsConversion) return { path: original.path, type: original.type, version: null }
    return await displayImage(project, imageId, size === null ? {} : { size })
  },
  view: (viewId) => engine.current.views.get(viewId)
})
