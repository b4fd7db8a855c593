/**
 * The life of a handle as one tagged union, moved by one pure function.
 */
export type HandleState =
  | { readonly _tag: "Open" }
  /** We shut down our sending side; the peer may still send. */
  | { readonly _tag: "HalfClosedLocal" }
  /** The peer ended; we may still send. */
  | { readonly _tag: "HalfClosedRemote" }
  /** Both directions ended; the descriptor is still ours. */
  | { readonly _tag: "Ended" }
  /** Another handle is, or is being, made of it (TLS), which ends it. */
  | { readonly _tag: "TakenOver" }
  /** Reset, failed, or left inconsistent by an interrupted write. Only `close` is left. */
  | { readonly _tag: "Broken" }
  /** Close was asked for; queued bytes may still be leaving. */
  | { readonly _tag: "Closing" }
  /** The descriptor is free. */
  | { readonly _tag: "Closed" }

export type HandleEvent = "shutdown" | "remoteEnd" | "fault" | "takeOver" | "close" | "closed"

const Open: HandleState = { _tag: "Open" }
const HalfClosedLocal: HandleState = { _tag: "HalfClosedLocal" }
const HalfClosedRemote: HandleState = { _tag: "HalfClosedRemote" }
const Ended: HandleState = { _tag: "Ended" }
const TakenOver: HandleState = { _tag: "TakenOver" }
const Broken: HandleState = { _tag: "Broken" }
const Closing: HandleState = { _tag: "Closing" }
const Closed: HandleState = { _tag: "Closed" }

export const initial: HandleState = Open

type Moves = { readonly [Event in HandleEvent]?: HandleState }
const table: { readonly [Tag in HandleState["_tag"]]: Moves } = {
  Open: {
    shutdown: HalfClosedLocal,
    remoteEnd: HalfClosedRemote,
    fault: Broken,
    takeOver: TakenOver,
    close: Closing
  },
  HalfClosedLocal: { remoteEnd: Ended, fault: Broken, close: Closing },
  HalfClosedRemote: { shutdown: Ended, fault: Broken, close: Closing },
  Ended: { fault: Broken, close: Closing },
  TakenOver: { close: Closing, closed: Closed },
  Broken: { close: Closing },
  Closing: { closed: Closed },
  Closed: {}
}

/** The next state, or `undefined` when the event changes nothing in this state. */
export const next = (state: HandleState, event: HandleEvent): HandleState | undefined =>
  table[state._tag][event]

/** Close was asked for, or is over, or another handle has taken it over: no use any more. */
export const isClosing = (state: HandleState): boolean =>
  state._tag === "Closing" || state._tag === "Closed" || state._tag === "TakenOver"

/** The peer ended, or the handle is unusable: nothing more will come. */
export const isHungUp = (state: HandleState): boolean =>
  state._tag === "HalfClosedRemote" || state._tag === "Ended" || state._tag === "Broken"
