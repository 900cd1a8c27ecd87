import { WinnowError } from '../domain/errors.ts'
import type { ContractClient } from '../server/router.ts'

const named = 12

/** The id of a class as people name it on a command line. Throws NOT_FOUND, naming what there is, unless `make` says to make it. */
export async function findClass(client: ContractClient, name: string, { make = false } = {}): Promise<number> {
  const classes = await client.labels.classes()
  const known = classes.find((one) => one.name === name)
  if (known) return known.id
  if (!make) {
    const some = classes.slice(0, named).map((one) => one.name).join(', ')
    throw new WinnowError('NOT_FOUND', `There is no class ${name}${some ? ` (there are: ${some}${classes.length > named ? ', …' : ''})` : ''}. Make it with "winnow labels add", or with --new-class where you label.`)
  }
  const { classId } = await client.decisions.apply({ kind: 'class-add', name })
  if (classId === undefined) throw new Error(`The class ${name} was made without an id.`)
  return classId
}
