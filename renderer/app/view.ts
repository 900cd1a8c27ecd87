import { useQuery } from '@tanstack/react-query'

async function fetchIds(viewId: string): Promise<Int32Array> {
  const answer = await fetch(`/view/${encodeURIComponent(viewId)}`)
  if (!answer.ok) throw new Error(answer.status === 404 ? 'The engine no longer holds this list. Load it again.' : `The list could not be loaded (${answer.status}).`)
  return new Int32Array(await answer.arrayBuffer())
}

/** The ids of a view that the engine holds, fetched once as a whole (4 bytes each). `ids` is null until they are here. */
export function useView(viewId: string | null | undefined): { ids: Int32Array | null; error: Error | null } {
  const { data, error } = useQuery({ queryKey: ['view-ids', viewId], queryFn: () => fetchIds(viewId ?? ''), enabled: Boolean(viewId), gcTime: 30_000 })
  return { ids: data ?? null, error }
}
