import { WinnowError } from '../../domain/errors.ts'
import { grades, type Truth } from '../truth.ts'

export const tasks = ['copy-detection', 'retrieval', 'roxford', 'recognition', 'verification', 'pairs', 'clusters', 'cleaning'] as const
export type Task = (typeof tasks)[number]

export type ResultKind = 'pairs' | 'lists' | 'labels' | 'images'

/** Which truth and which results each measurement takes. */
const takes: Readonly<Record<Task, { readonly truth: readonly Truth['kind'][]; readonly results: readonly ResultKind[] }>> = {
  'copy-detection': { truth: ['pairs'], results: ['pairs', 'lists'] },
  retrieval: { truth: ['relevance', 'pairs', 'classes'], results: ['lists', 'pairs'] },
  roxford: { truth: ['relevance'], results: ['lists', 'pairs'] },
  recognition: { truth: ['classes'], results: ['labels'] },
  verification: { truth: ['pairLabels', 'classes'], results: ['pairs', 'lists'] },
  pairs: { truth: ['pairs', 'pairLabels', 'classes'], results: ['pairs', 'lists'] },
  clusters: { truth: ['classes'], results: ['labels', 'pairs'] },
  cleaning: { truth: ['flags', 'classes'], results: ['images', 'labels'] }
}

const words: Readonly<Record<Truth['kind'], string>> = { pairs: 'true pairs', relevance: 'relevant images', classes: 'classes', pairLabels: 'labelled pairs', flags: 'clean and foreign images' }

/** The measurement that is asked for, or the one that this truth and these results are made for. Throws BAD_INPUT where they do not go together. */
export function chooseTask(asked: Task | 'auto', truth: Truth, result: ResultKind): Task {
  const found = asked === 'auto' ? suited(truth, result) : asked
  if (found !== null && takes[found].truth.includes(truth.kind) && takes[found].results.includes(result)) return found
  const possible = tasks.filter((task) => takes[task].truth.includes(truth.kind) && takes[task].results.includes(result))
  throw new WinnowError(
    'BAD_INPUT',
    `${asked === 'auto' ? 'Nothing' : `No ${asked}`} can be measured of ${result} against a truth of ${words[truth.kind]}.${possible.length > 0 ? ` What can: ${possible.join(', ')}.` : ''}`
  )
}

function suited(truth: Truth, result: ResultKind): Task | null {
  switch (truth.kind) {
    case 'pairs': return 'copy-detection'
    case 'relevance': return truth.grade.some((grade) => grade === grades.indexOf('easy') || grade === grades.indexOf('hard')) ? 'roxford' : 'retrieval'
    case 'pairLabels': return 'verification'
    case 'flags': return 'cleaning'
    case 'classes': return ({ lists: 'retrieval', labels: 'recognition', pairs: 'verification', images: 'cleaning' } as const)[result]
    default: return truth satisfies never
  }
}
