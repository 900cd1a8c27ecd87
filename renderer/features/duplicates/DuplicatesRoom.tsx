import { Room } from '../../components/Room.tsx'
export function DuplicatesRoom() { return <Room>Duplicates</Room> }
