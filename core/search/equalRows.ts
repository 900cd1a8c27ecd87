/** For each row the smallest row that holds the same values, bit for bit. Linear in the values: rows are hashed, then compared. */
export function firstEqualRows(matrix: Float32Array, count: number, dim: number): Int32Array {
  const words = new Int32Array(matrix.buffer, matrix.byteOffset, matrix.length)
  const hashes = new Int32Array(count)
  for (let row = 0; row < count; row++) {
    let hash = 0x811c9dc5 | 0
    for (let i = row * dim; i < (row + 1) * dim; i++) hash = Math.imul(hash ^ (words[i] as number), 0x01000193) ^ (hash >>> 15)
    hashes[row] = hash
  }
  const same = (a: number, b: number): boolean => {
    for (let i = 0; i < dim; i++) if (words[a * dim + i] !== words[b * dim + i]) return false
    return true
  }
  const firstEqual = new Int32Array(count)
  const buckets = new Map<number, number[]>()
  for (let row = 0; row < count; row++) {
    const bucket = buckets.get(hashes[row] as number)
    const twin = bucket?.find((other) => same(other, row))
    firstEqual[row] = twin ?? row
    if (twin !== undefined) continue
    if (bucket) bucket.push(row)
    else buckets.set(hashes[row] as number, [row])
  }
  return firstEqual
}
