import { Room } from '../../components/Room.tsx'
export function LibraryRoom() { return <Room>Library</Room> }
