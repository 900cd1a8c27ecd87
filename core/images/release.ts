/**
 * Gives the memory of a buffer back now and not when garbage is collected next: pixels come by the hundred kilobytes and tiny objects hold them, so the
 * collector lets tens of megabytes pile up and then works hard for them, while the next picture has to be decoded into cold memory.
 * Only for a buffer that nobody will read again; one that shares its memory with others is left alone.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (byteLength > 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
