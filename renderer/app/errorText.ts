/** What an error says to a person. The engine's sentences are shown as they are: they name the thing and what to do. */
export function errorText(error: unknown): string {
  if (error instanceof Error && error.message) {
    if (/^Input validation failed/i.test(error.message)) return validationText(error)
    return error.message
  }
  return typeof error === 'string' && error ? error : 'Something went wrong that has no description. Try again; the engine’s log may say more.'
}

function validationText(error: Error): string {
  const issues = (error as { data?: { issues?: { message?: string; path?: (string | number)[] }[] } }).data?.issues ?? []
  const first = issues[0]
  return first ? `${first.path?.join('.') ?? 'Input'}: ${first.message ?? 'is not valid'}` : 'What was entered is not valid.'
}
