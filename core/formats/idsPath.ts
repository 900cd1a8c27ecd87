/** Where the ids of `a/b.npy` are written: `a/b.ids.csv`. */
export const idsPathOf = (path: string): string => `${path.replace(/\.[^./\\]+$/u, '')}.ids.csv`
