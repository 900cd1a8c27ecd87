/** What there is to re-rank with; the steps of recipes and the screens take their words from here. */
export interface RerankMethod {
  readonly title: string
  /** Paper or repository. */
  readonly source: string
  /** Looks at other queries: the result for one query depends on which others are in the run, which a strict protocol may forbid. */
  readonly transductive: boolean
}

export const rerankMethods = {
  'query-expansion': { title: 'Query expansion (alpha-QE)', source: 'Radenović et al., TPAMI 2019; constants of Landmark 2019 (src/reranking.py, qe_dba)', transductive: true },
  'database-augmentation': { title: 'Database-side augmentation (DBA)', source: 'Arandjelović and Zisserman, CVPR 2012; Landmark 2019 (src/reranking.py, qe_dba)', transductive: true },
  diffusion: { title: 'Diffusion', source: 'Yang et al., AAAI 2019 (fyang93/diffusion); Landmark 2019', transductive: true },
  'explore-exploit': { title: 'Explore-exploit graph traversal (EGT)', source: 'Chang et al., CVPR 2019; Landmark 2019 (src/reranking.py, explore_exploit)', transductive: false },
  'sort-insert': { title: 'Sort and insert by predicted label', source: 'Landmark 2019 (exp/submit_retrieval.py, reranking_submission)', transductive: false },
  'evidence-expansion': { title: 'Expansion by verified pairs (DELF-QE)', source: 'Landmark 2019 (experiments/e45)', transductive: false },
  'k-reciprocal': { title: 'k-reciprocal encoding', source: 'Zhong et al., CVPR 2017', transductive: true }
} as const satisfies Record<string, RerankMethod>
