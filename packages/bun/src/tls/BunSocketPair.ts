/**
 * Two connected sockets of Bun's, for bytes that come from no socket: `socketpair` by Bun's FFI,
 * which `Bun.connect` takes over at once.
 */
import { dlopen, type Pointer, ptr, read } from "bun:ffi"
import type { PortFailure, TurnPort } from "@portico/core/port/index"
import { statusFailure } from "../BunErrno.ts"
import { BunStream, type Socket, type SocketEvents, streamHandlers } from "../tcp/BunStream.ts"

/** The numbers below are Linux's; other platforms were not tried. */
export const isAvailable = (platform: NodeJS.Platform): boolean => platform === "linux"

const unixFamily = 1
/** SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC */
const type = 1 | 0o4000 | 0o2000000

// Both glibc and musl answer to this file name.
const openLibrary = () =>
  dlopen("libc.so.6", {
    __errno_location: { args: [], returns: "ptr" },
    socketpair: { args: ["i32", "i32", "i32", "ptr"], returns: "i32" }
  }).symbols

let library: ReturnType<typeof openLibrary> | undefined

/** Neither of the two keeps the process alive. */
export const open = (turn: TurnPort): readonly [BunStream, BunStream] | PortFailure => {
  const { __errno_location, socketpair } = (library ??= openLibrary())
  const descriptors = new Int32Array(2)
  if (socketpair(unixFamily, type, 0, ptr(descriptors)) !== 0) {
    return statusFailure(-read.i32(__errno_location() as Pointer, 0))
  }
  return [adopt(turn, descriptors[0]!), adopt(turn, descriptors[1]!)]
}

const adopt = (turn: TurnPort, fd: number): BunStream => {
  let socket: Socket | undefined
  const open = (opened: Socket) => void (socket = opened)
  const options = { fd, allowHalfOpen: true, socket: { ...streamHandlers, open } }
  void Bun.connect(options as unknown as Bun.TCPSocketConnectOptions<SocketEvents>)
  if (socket === undefined) throw new Error("Bun opens a descriptor later than it is asked")
  const stream = new BunStream(turn, socket, undefined, undefined)
  socket.data = stream
  stream.setRef(false)
  return stream
}
