/**
 * What a decision can change, facet by facet, as records of plain columns. A record whose first column is null is absent
 * (no verdict, no label, no pin). The order of facets and columns is the order in the log's blobs: only ever append, and count up
 * the codec's version when you do (an older program must not misread them; this one reads all versions up to its own).
 */
export type ColumnKind = 'text' | 'int' | 'real'
export type Value = string | number | null
/** One record, in the order of the facet's columns. */
export type Values = readonly Value[]

interface FacetSpec {
  /** image: keys are image ids; class, list: their ids; pair: two content hashes (for a veto of one image twice the same). */
  readonly key: 'image' | 'class' | 'list' | 'pair'
  readonly columns: readonly ColumnKind[]
  /** Whether its rows name the act that they come from. It follows from the log, so only the state before an act has to record it. */
  readonly signed: boolean
}

export const facetNames = ['verdict', 'label', 'pin', 'role', 'protected', 'identity', 'fold', 'relation', 'class', 'veto', 'vetoList'] as const
export type FacetName = (typeof facetNames)[number]

export const facets: Readonly<Record<FacetName, FacetSpec>> = {
  /** value, reason, keeper id, similarity */
  verdict: { key: 'image', columns: ['text', 'text', 'int', 'real'], signed: true },
  /** state, class id, source, run id, score */
  label: { key: 'image', columns: ['text', 'int', 'text', 'int', 'real'], signed: true },
  pin: { key: 'image', columns: ['int'], signed: true },
  role: { key: 'image', columns: ['text'], signed: false },
  protected: { key: 'image', columns: ['int'], signed: false },
  identity: { key: 'image', columns: ['text'], signed: false },
  fold: { key: 'image', columns: ['int'], signed: false },
  relation: { key: 'pair', columns: ['text'], signed: true },
  /** name, merged into, removed */
  class: { key: 'class', columns: ['text', 'int', 'int'], signed: false },
  /** list id */
  veto: { key: 'pair', columns: ['int'], signed: true },
  /** name, reason, applied, removed */
  vetoList: { key: 'list', columns: ['text', 'text', 'int', 'int'], signed: false }
}

/** The absent record of a facet. */
export const absent = (facet: FacetName): Values => facets[facet].columns.map(() => null)
