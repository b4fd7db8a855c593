/** Ready models of services, to check histories against. */
export { appendList, type AppendListInput, type AppendListOutput } from "./AppendList.ts"
export { type Balances, bank, type BankInput, type BankOutput, wrongTotals } from "./Bank.ts"
export {
  fencedLock,
  type LockInput,
  type LockOptions,
  type LockOutput,
  type LockState
} from "./FencedLock.ts"
export { keyValue, type KeyValueInput, type KeyValueOutput } from "./KeyValue.ts"
export { log, type LogInput, type LogOutput } from "./Log.ts"
export { queue, type QueueInput, type QueueOutput } from "./Queue.ts"
export {
  type CasInput,
  casRegister,
  register,
  type RegisterInput,
  type RegisterOutput,
  type Value
} from "./Register.ts"
export { type SetInput, type SetOutput, setOfValues, type SetState } from "./SetOfValues.ts"
