import { useQuery } from '@tanstack/react-query'
import { bestOrientation, type Orientation, orientationMatrix } from './orientation.ts'
import { pixelsOf } from '../../../components/compare/pictures.ts'

const SIDE = 48

/** How the member must be turned to lie over the keeper: found on both thumbnails, squared. 0 until it is known. */
export function useOrientation(keeper: number, member: number): Orientation {
  const { data } = useQuery({
    queryKey: ['images', 'orientation', keeper, member],
    queryFn: async () => {
      const square = { width: SIDE, height: SIDE }
      const [a, b] = await Promise.all([keeper, member].map((id) => pixelsOf(id, square, orientationMatrix(0), 'thumb')))
      return bestOrientation(a!, b!, SIDE)
    },
    retry: 0,
    gcTime: 60_000
  })
  return data ?? 0
}
