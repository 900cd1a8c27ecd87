import { useQuery } from '@tanstack/react-query'
import { difference } from '../../../components/compare/difference.ts'
import { type Orientation, orientationMatrix } from './orientation.ts'
import { pixelsOf } from '../../../components/compare/pictures.ts'
import type { Size } from '../../../components/compare/zoom.ts'

/** Longest side on which two pictures are compared, px: enough to see an edit, quick enough for a key press. */
const LONGEST = 1024

/** The absolute difference of keeper and member, both scaled to the keeper's shape. */
export function useDifference(keeper: { id: number } & Size, member: number, orientation: Orientation, enabled: boolean) {
  const scale = Math.min(1, LONGEST / Math.max(keeper.width, keeper.height))
  const size = { width: Math.max(1, Math.round(keeper.width * scale)), height: Math.max(1, Math.round(keeper.height * scale)) }
  return useQuery({
    queryKey: ['images', 'difference', keeper.id, member, orientation],
    queryFn: async () => {
      const [a, b] = await Promise.all([pixelsOf(keeper.id, size, orientationMatrix(0)), pixelsOf(member, size, orientationMatrix(orientation))])
      return { ...difference(a, b), size }
    },
    enabled,
    retry: 0,
    gcTime: 5_000
  })
}
