import { nameKey, safeName } from './safeName.ts'

export const unlabelledFolder = '_unlabelled'
/** Files of an export beside its images; no class folder may take their names. */
export const exportFiles = { manifest: 'manifest.jsonl', dataset: 'dataset.json', sums: 'SHA256SUMS', classes: 'classes.txt', csv: 'metadata.csv', jsonl: 'metadata.jsonl' } as const
const taken = [...Object.values(exportFiles), 'images', unlabelledFolder]

/**
 * A folder for each class. The classes are taken in the order of their names, so that the same classes always get the same folders;
 * where two would meet ('Cat' and 'cat', 'a/b' and 'a_b'), the later one gets -2, -3….
 */
export function classFolders(classNames: readonly string[]): Map<string, string> {
  const used = new Set(taken.map(nameKey))
  const folders = new Map<string, string>()
  for (const name of [...new Set(classNames)].sort((a, b) => (a < b ? -1 : 1))) {
    const safe = safeName(name)
    let folder = safe
    for (let n = 2; used.has(nameKey(folder)); n++) folder = `${safe}-${n}`
    used.add(nameKey(folder))
    folders.set(name, folder)
  }
  return folders
}
