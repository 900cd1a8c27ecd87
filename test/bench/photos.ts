import { globSync } from 'node:fs'
import { join } from 'node:path'

export const photosIn = (folder: string): string[] => globSync('**/*.{jpg,jpeg,png,webp}', { cwd: folder }).sort().map((path) => join(folder, path))
