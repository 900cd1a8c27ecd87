export function nodePath(root: string): string | null
export function isDebianRoot(): boolean
export function chromiumPath(): string | null
export function electronPath(root: string): string | null
export function hasDisplay(): boolean
