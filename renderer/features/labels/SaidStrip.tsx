import { StateMark } from '../../components/StateMark.tsx'
import { Thumb } from '../../components/Thumb.tsx'
import { type Answer, goTo, useLabels } from './labelsStore.ts'
import css from './SaidStrip.module.css'

/** The last ten decisions, newest first; a click goes back to one. */
export function SaidStrip({ ids }: { ids: Int32Array }) {
  const said = useLabels((now) => now.said)
  if (said.length === 0) return <div className={css.strip} />
  return (
    <div className={css.strip} aria-label="The last ten decisions">
      {said.map(({ imageId, answer }) => (
        <button
          key={imageId} type="button" tabIndex={-1} className={css.one} title={`${words(answer)}: go back to it`}
          onClick={() => { const at = ids.indexOf(imageId); if (at >= 0) goTo(at, ids.length) }}
        >
          <span className={css.thumb}><Thumb id={imageId} aspect={null} marks={false} /></span>
          <StateMark mark={answer.state === 'class' ? 'accept' : answer.state === 'none' ? 'reject' : 'unsure'} size={13} title={words(answer)} />
          <span className={css.words}>{words(answer)}</span>
        </button>
      ))}
    </div>
  )
}

const words = (answer: Answer): string => (answer.state === 'class' ? answer.className : answer.state === 'none' ? 'none' : answer.state === 'clear' ? 'cleared' : 'unsure')
