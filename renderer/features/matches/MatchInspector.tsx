import { useQuery } from '@tanstack/react-query'
import type { ImageRow } from '../../../core/contract/images.ts'
import type { Candidate, MatchEvidence, MatchSource } from '../../../core/contract/matches.ts'
import { queries } from '../../app/queries.ts'
import { Facts, Inspector, InspectorSection } from '../../components/Inspector.tsx'
import { StateMark } from '../../components/StateMark.tsx'
import { formatBytes, formatNumber, formatPercent } from '../../components/format.ts'
import { mapWords } from './mapWords.ts'
import { evidenceQuery } from './matchQueries.ts'
import { isTrusted, sizeOf } from './MatchStage.tsx'
import { decisionMarks, decisionWords, ordinal, partWords, scoreText } from './matchWords.ts'
import { TruthMark } from './TruthMark.tsx'
import css from './MatchInspector.module.css'

/** Why the two are believed to match: what people and truth say, geometry, the way through the run, vetoes. */
export function MatchInspector({ source, query, candidate }: { source: MatchSource; query: ImageRow; candidate: Candidate }) {
  return (
    <Inspector>
      <Standing candidate={candidate} />
      <Evidence source={source} query={query} candidate={candidate} />
      <Trail candidate={candidate} />
      <Vetoes candidate={candidate} />
      <Picture id={query.id} title="Query" part={partWords(candidate.queryPart)} />
      <Picture id={candidate.image.id} title="Reference" part={partWords(candidate.referencePart)} />
    </Inspector>
  )
}

function Standing({ candidate: { decision, truth, rank, score } }: { candidate: Candidate }) {
  return (
    <InspectorSection title="The pair">
      <Facts rows={[
        ['Said', decision ? <span key="said" className={css.mark}><StateMark mark={decisionMarks[decision]} size={14} /> {decisionWords[decision]}</span> : <i key="open" className={css.dim}>nothing yet</i>],
        ['Truth', truth === null ? null : <span key="truth" className={css.mark}><TruthMark truth={truth ? 'right' : 'wrong'} /> {truth ? 'a match' : 'no match'}</span>],
        ['Place', `${ordinal(rank)}, score ${scoreText(score)}`]
      ]} />
    </InspectorSection>
  )
}

function Evidence({ source, query, candidate }: { source: MatchSource; query: ImageRow; candidate: Candidate }) {
  const { data, isFetching } = useQuery(evidenceQuery(source, query.id, candidate.image.id))
  return (
    <InspectorSection title="Evidence" aside={data ? <span className={css.dim}>{data.from === 'stored' ? 'from the run' : 'worked out now'}</span> : isFetching ? <span className={css.dim}>looking…</span> : undefined}>
      {data && <EvidenceFacts evidence={data} query={query} reference={candidate.image} />}
    </InspectorSection>
  )
}

function EvidenceFacts({ evidence, query, reference }: { evidence: MatchEvidence; query: ImageRow; reference: ImageRow }) {
  if (evidence.inliers === 0) return <p className={css.text}>{evidence.problem ?? 'No inliers.'}</p>
  const words = isTrusted(evidence) ? mapWords(evidence.matrix, sizeOf(query), sizeOf(reference), evidence.mirrored) : null
  return (
    <>
      <Facts rows={[
        ['Inliers', `${formatNumber(evidence.inliers)} of ${formatNumber(evidence.matches)} matches (${formatPercent(evidence.ratio)})`],
        ['Size', words?.size], ['Turn', words?.turn], ['Shows', words?.place], ['View', words?.shape]
      ]} />
      {!words && <p className={css.text}>So few are found between any two pictures.</p>}
    </>
  )
}

function Trail({ candidate: { trail } }: { candidate: Candidate }) {
  return (
    <InspectorSection title="Way through the run">
      <table className={css.table}>
        <thead><tr><th scope="col">Step</th><th scope="col">Score</th><th scope="col">Rank</th></tr></thead>
        <tbody>
          {trail.map((entry) => (
            <tr key={entry.step}>
              <td title={`${entry.title} (${entry.step})`}>{entry.title}</td>
              <td>{entry.score === null ? '–' : scoreText(entry.score)}</td>
              <td>{entry.rank === null ? 'not listed' : `${formatNumber(entry.rank)} of ${formatNumber(entry.of)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </InspectorSection>
  )
}

function Vetoes({ candidate: { vetoes } }: { candidate: Candidate }) {
  if (vetoes.length === 0) return null
  return (
    <InspectorSection title="Vetoes">
      {vetoes.map(({ list, reason, applied }, index) => (
        // oxlint-disable-next-line no-array-index-key -- a list may speak of both pictures
        <p key={index} className={css.text}><b>{list}</b>{reason ? `: ${reason}` : ''}{applied ? '' : ' (not applied)'}</p>
      ))}
    </InspectorSection>
  )
}

function Picture({ id, title, part }: { id: number; title: string; part: string | null }) {
  const { data: image } = useQuery(queries.details(id))
  return (
    <InspectorSection title={title}>
      {image && (
        <Facts rows={[
          ['Name', image.name], ['Scored by', part], ['Size', image.width ? `${formatNumber(image.width)} × ${formatNumber(image.height ?? 0)} px` : null],
          ['File', `${formatBytes(image.bytes)}${image.format ? ` ${image.format}` : ''}`], ['Class', image.className], ['Folder', image.folder || '(top folder)'], ['Role', image.role]
        ]} />
      )}
    </InspectorSection>
  )
}
