/** Behaviours of these facilities that no law checks yet, and what each is waiting for. */
export interface NotYet {
  readonly id: string
  readonly because: string
}

export const notYet: ReadonlyArray<NotYet> = [
  { id: "LOOP-01", because: "a process that ends is seen from outside: test/integration" },
  { id: "LOOP-10", because: "nothing can be posted from another thread before the blocking pool" },
  { id: "LOOP-12", because: "there is no wake-up handle before the blocking pool" },
  { id: "LOOP-13", because: "there is no wake-up handle before the blocking pool" },
  { id: "LOOP-14", because: "there is no wake-up handle before the blocking pool" },
  { id: "LOOP-16", because: "the cached time of a turn comes with EventLoop" },
  { id: "REACT-06", because: "no call adopts a foreign descriptor, so none can be closed unseen" },
  { id: "TCP-39", because: "no call adopts a foreign descriptor" },
  { id: "UNIX-10", because: "standard input and output are not handles yet" }
]
