/**
 * Writes ONNX models (protobuf wire format, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3) from a list of nodes: enough for the
 * graphs that Winnow makes itself (search, the basic descriptor). The npm packages for this rest on protobufjs 6, which is no longer kept up.
 */

const wire = { varint: 0, fixed32: 5, bytes: 2 } as const

class Message {
  readonly #parts: Uint8Array[] = []
  #length = 0

  #push(part: Uint8Array): this {
    this.#parts.push(part)
    this.#length += part.length
    return this
  }
  #varint(value: bigint): this {
    const out: number[] = []
    let rest = BigInt.asUintN(64, value)
    do {
      const low = Number(rest & 0x7fn)
      rest >>= 7n
      out.push(rest === 0n ? low : low | 0x80)
    } while (rest !== 0n)
    return this.#push(Uint8Array.from(out))
  }
  #key(field: number, type: number): this {
    return this.#varint(BigInt((field << 3) | type))
  }
  int(field: number, value: number | bigint): this {
    return this.#key(field, wire.varint).#varint(BigInt(value))
  }
  float(field: number, value: number): this {
    return this.#key(field, wire.fixed32).#push(new Uint8Array(new Float32Array([value]).buffer))
  }
  bytes(field: number, value: Uint8Array): this {
    return this.#key(field, wire.bytes).#varint(BigInt(value.length)).#push(value)
  }
  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value))
  }
  message(field: number, value: Message): this {
    return this.bytes(field, value.finish())
  }
  finish(): Uint8Array {
    const out = new Uint8Array(this.#length)
    let at = 0
    for (const part of this.#parts) {
      out.set(part, at)
      at += part.length
    }
    return out
  }
}

const elementType = { float32: 1, uint8: 2, int64: 7, bool: 9, float16: 10, float64: 11 } as const
export type ElementType = keyof typeof elementType

/** A constant. int64 values are given as numbers. */
export interface OnnxTensor {
  readonly name: string
  readonly type: 'float32' | 'int64'
  readonly dims: readonly number[]
  readonly data: ArrayLike<number>
}
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number }

export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** A plain number is an int; write { float: x } for a float. A list is ints. */
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>
}

/** A named dimension (string) is free: it may differ from run to run. */
export interface OnnxValue {
  readonly name: string
  readonly type: ElementType
  readonly dims: readonly (number | string)[]
}

export interface OnnxModel {
  readonly name: string
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly constants?: readonly OnnxTensor[]
  readonly nodes: readonly OnnxNode[]
  readonly opset?: number
}

function tensor({ name, type, dims, data }: OnnxTensor): Message {
  const raw = type === 'float32' ? Float32Array.from(data) : BigInt64Array.from(Array.from(data, BigInt))
  const message = new Message()
  for (const dim of dims) message.int(1, dim)
  return message.int(2, elementType[type]).text(8, name).bytes(9, new Uint8Array(raw.buffer))
}

function attribute(name: string, value: OnnxAttribute): Message {
  const message = new Message().text(1, name)
  if (typeof value === 'number') return message.int(3, value).int(20, 2)
  if (typeof value === 'string') return message.text(4, value).int(20, 3)
  if ('float' in value) return message.float(2, value.float).int(20, 1)
  for (const element of value) message.int(8, element)
  return message.int(20, 7)
}

function node({ op, inputs, outputs, attributes = {} }: OnnxNode): Message {
  const message = new Message()
  for (const input of inputs) message.text(1, input)
  for (const output of outputs) message.text(2, output)
  message.text(4, op)
  for (const [name, value] of Object.entries(attributes)) message.message(5, attribute(name, value))
  return message
}

function value({ name, type, dims }: OnnxValue): Message {
  const shape = new Message()
  for (const dim of dims) shape.message(1, typeof dim === 'number' ? new Message().int(1, dim) : new Message().text(2, dim))
  const tensorType = new Message().int(1, elementType[type]).message(2, shape)
  return new Message().text(1, name).message(2, new Message().message(1, tensorType))
}

/** The bytes of an .onnx file. The caller names every edge; ONNX Runtime checks the graph when it is loaded. */
export function onnxModel({ name, inputs, outputs, constants = [], nodes, opset = 17 }: OnnxModel): Uint8Array {
  const graph = new Message()
  for (const each of nodes) graph.message(1, node(each))
  graph.text(2, name)
  for (const each of constants) graph.message(5, tensor(each))
  for (const each of inputs) graph.message(11, value(each))
  for (const each of outputs) graph.message(12, value(each))
  return new Message().int(1, 8).text(2, 'winnow').message(7, graph).message(8, new Message().int(2, opset)).finish()
}
