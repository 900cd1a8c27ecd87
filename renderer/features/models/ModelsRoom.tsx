import { Room } from '../../components/Room.tsx'
export function ModelsRoom() { return <Room>Models</Room> }
