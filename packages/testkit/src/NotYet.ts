/** Behaviours of these facilities that no law checks yet, and what each is waiting for. */
export interface NotYet {
  readonly id: string
  readonly because: string
}

export const notYet: ReadonlyArray<NotYet> = [
  { id: "LOOP-01", because: "only seen from outside: test/integration/loop-alive.test.ts" },
  { id: "REACT-06", because: "no call adopts a foreign descriptor, so none can be closed unseen" },
  { id: "TCP-39", because: "no call adopts a foreign descriptor" },
  { id: "UNIX-10", because: "standard input and output are not handles yet" }
]
