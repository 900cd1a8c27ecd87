import picomatch from 'picomatch'

/** Which files and folders of a root are looked at. Paths are relative to the root, parted by `/`. */
export interface PathFilter {
  takesFile(path: string): boolean
  entersFolder(path: string): boolean
}

/** Folders that systems make for themselves. */
const systemFolders = new Set(['__MACOSX', '@eaDir', '$RECYCLE.BIN', 'System Volume Information', 'lost+found'])

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/**
 * Globs as in .gitignore's spirit: one without a slash is matched against the name at any depth, one with a slash against the whole path.
 * No include: everything. An excluded folder is not entered. Hidden names, system folders and Winnow's own projects are always left out.
 */
export function pathFilter({ include, exclude }: { readonly include: readonly string[]; readonly exclude: readonly string[] }): PathFilter {
  const included = include.length === 0 ? null : matcher(include)
  const excluded = exclude.length === 0 ? null : matcher(exclude)
  return {
    takesFile: (path) => !nameOf(path).startsWith('.') && (included?.(path) ?? true) && !(excluded?.(path) ?? false),
    entersFolder(path) {
      const name = nameOf(path)
      if (name.startsWith('.') || systemFolders.has(name) || name.endsWith('.winnow')) return false
      return !(excluded !== null && (excluded(path) || excluded(`${path}/`)))
    }
  }
}

function matcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => glob.trim().replace(/^\.?\//, '').replace(/\/$/, '')).filter((glob) => glob !== '')
  const whole = patterns.filter((glob) => glob.includes('/'))
  const names = patterns.filter((glob) => !glob.includes('/'))
  const matchesPath = whole.length > 0 ? picomatch(whole, { dot: true }) : null
  const matchesName = names.length > 0 ? picomatch(names, { dot: true }) : null
  return (path) => (matchesPath?.(path) ?? false) || (matchesName?.(nameOf(path)) ?? false)
}
