import { Room } from '../../components/Room.tsx'
export function LabelsRoom() { return <Room>Labels</Room> }
