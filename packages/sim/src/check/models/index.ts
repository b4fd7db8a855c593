/** Ready models of services, to check histories against. */
export { keyValue, type KeyValueInput, type KeyValueOutput } from "./KeyValue.ts"
export {
  type CasInput,
  casRegister,
  register,
  type RegisterInput,
  type RegisterOutput,
  type Value
} from "./Register.ts"
