import { Room } from '../../components/Room.tsx'
export function SettingsRoom() { return <Room>Settings</Room> }
