/** A file beside a project's folder: "/home/me/birds.winnow" and "near" give "/home/me/near". Windows paths keep their backslashes. */
export function besides(projectFolder: string, name: string): string {
  const trimmed = projectFolder.replace(/[/\\]+$/, '')
  const cut = Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\'))
  return `${trimmed.slice(0, cut + 1)}${name}`
}

/** The path with the ending of its format; an ending that is there gives way. A dot in a folder's name is no ending. */
export function withExtension(path: string, extension: string): string {
  const ending = extension.startsWith('.') ? extension : `.${extension}`
  return `${path.replace(/\.[a-z0-9]{1,8}$/i, '')}${ending}`
}
