import { z } from 'zod'

/** What can be done to a picture; see core/generator/operations for ranges and sources. */
export const editNames = [
  'crop', 'turn', 'rotate', 'mirror', 'flip', 'perspective', 'stretch', 'resize', 'border', 'screenshot',
  'colour-jitter', 'brightness-contrast', 'light', 'greyscale', 'blur', 'motion-blur', 'edge-enhance', 'pixelate', 'shuffle-pixels', 'noise', 'jpeg', 'degrade',
  'erase', 'text', 'emoji', 'overlay-image', 'overlay-onto'
] as const
export const editName = z.enum(editNames)
export type EditName = z.infer<typeof editName>

export const editStrength = z.enum(['moderate', 'hard'])
export type EditStrength = z.infer<typeof editStrength>

export const generatedSet = z.enum(['copies', 'instances', 'identities'])
export type GeneratedSet = z.infer<typeof generatedSet>

/** A set of pictures with known truth, made out of the project's images by seeded edits. The same spec over the same images gives the same files. */
export const generateSpec = z.object({
  /** A folder that is not there yet, outside of every image folder and of the project. */
  out: z.string().min(1),
  /** copies: queries that are edited copies of references, and distractors; instances: views of one photo are a class, with foreign images planted; identities: views of an individual, pairs to judge. */
  set: generatedSet.default('copies'),
  /** copies: queries; instances: photos; identities: individuals. */
  count: z.int().min(1).max(100_000).default(100),
  seed: z.int().min(0).max(2 ** 31 - 1).default(7),
  strength: editStrength.default('hard'),
  /** Only these edits: one of them for moderate, all of them (in any order) for hard. */
  only: z.array(editName).min(1).optional(),
  /** copies: share of the queries that are copies of nothing in the set. */
  distractors: z.number().min(0).max(1).default(0.2),
  /** copies: how many references; otherwise all images that are not kept out for distractors and training. */
  references: z.int().min(1).max(100_000).optional(),
  /** copies: how many further images of their own, edited by nothing, for negatives and normalisation. */
  training: z.int().min(0).max(100_000).default(0),
  /** instances, identities: views of each photo. */
  views: z.int().min(2).max(500).default(20),
  /** instances: foreign images planted into the classes, as a share of their images. */
  foreign: z.number().min(0).max(0.9).default(0.1),
  /** identities: pairs to judge, half of them of one individual; otherwise ten an individual. */
  pairs: z.int().min(2).max(1_000_000).optional(),
  /** identities: share of the individuals whose views are given with their label. */
  labelled: z.number().min(0).max(1).default(0.3),
  /** Photos are shrunk to this before they are edited. */
  longestSide: z.int().min(64).max(4096).default(1024)
})
export type GenerateSpec = z.infer<typeof generateSpec>
