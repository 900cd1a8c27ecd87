import { Room } from '../../components/Room.tsx'
export function StartRoom() { return <Room>Start</Room> }
