/** What `idle.ts` is told, as JSON in its first argument. */
export interface IdleOptions {
  readonly port: number
  readonly connections: number
}
