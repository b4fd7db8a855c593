/**
 * The ports: everything that a backend has to provide, and all that it has to know.
 *
 * A new backend implements, in this order: `LoopPort` and `TurnPort`, `TcpPort.connect` with
 * `StreamPort`, `TcpPort.listen` with `ListenerPort`, `UdpPort` with `DatagramPort`,
 * `ResolverPort`, `WorkerPort`, and as far as it can `TlsPort`, `FilePort` and `WatchPort`; states
 * its `Capabilities`; gives them to `BackendLayer.fromPorts`; and runs the laws of
 * `@portico/testkit`.
 */
export * from "./ListenerPort.ts"
export * from "./PortAddress.ts"
export * from "./PortFailure.ts"
export * from "./StreamPort.ts"
export * from "./TcpPort.ts"
export * from "./TurnPort.ts"
export * from "./raise.ts"
export * from "./Turn.ts"
export * from "./LoopPort.ts"
export * from "./UdpPort.ts"
export * from "./ResolverPort.ts"
export * from "./TlsPort.ts"
export * from "./WorkerPort.ts"
export * from "./FilePort.ts"
export * from "./WatchPort.ts"
export * from "./GlobalsPort.ts"
