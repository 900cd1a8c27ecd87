export function JobsStatus() { return <span /> }
