import { Room } from '../../components/Room.tsx'
export function ExportRoom() { return <Room>Export</Room> }
