import { WinnowError } from '../domain/errors.ts'

/** A metric without anything to find is no 0: it is not defined. */
export const noTruth = (what: string): WinnowError =>
  new WinnowError('BAD_INPUT', `The ground truth holds no ${what} among these images, so there is nothing to measure against. Look at its join report: the names may not match.`)
