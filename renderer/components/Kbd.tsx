import { keyCaps } from '../app/keys.ts'
import css from './Kbd.module.css'

/** A key combination as caps: `<Kbd keys="Mod+Z" />`. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={css.keys}>
      {keyCaps(keys).map((cap) => <kbd key={cap} className={css.cap}>{cap}</kbd>)}
    </span>
  )
}
