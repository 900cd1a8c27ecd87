import type { AnyContractProcedure, AnySchema, ContractProcedure, InferSchemaInput, InferSchemaOutput } from '@orpc/contract'
import type { Contract } from './contract/contract.ts'
import type { Engine } from './engine.ts'
import type { Project } from './project/project.ts'

type Procedure<P> = P extends ContractProcedure<infer I extends AnySchema, infer O extends AnySchema, infer _E, infer _M>
  ? (input: InferSchemaOutput<I>) => Promise<InferSchemaInput<O>>
  : never

/** One area of the contract as a class must offer it: the same names, checked input in, output out. The router only passes calls on. */
export type Service<Area extends keyof Contract> = {
  readonly [P in keyof Contract[Area] as Contract[Area][P] extends AnyContractProcedure ? P : never]: Procedure<Contract[Area][P]>
}

/** What every service of an open project is built from. */
export interface ProjectContext {
  readonly engine: Engine
  readonly project: Project
}
