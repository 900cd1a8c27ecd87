export function JobsTray() { return null }
