/**
 * A web server on both loopback addresses that shares no code with what is tested.
 *
 * - `GET /who`: address and port of whoever is connected.
 * - `GET /blocks/<bytes>`: so many bytes, and no two blocks of them alike.
 * - `PUT` anywhere: SHA-256 of what was sent.
 */
import { createHash, randomBytes } from "node:crypto"
import { once } from "node:events"
import * as Http from "node:http"
import type * as Net from "node:net"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"

const blockBytes = 256 * 1024
const block = randomBytes(blockBytes)

/** `bytes` bytes in blocks that each bear their number, so a lost or doubled one is seen. */
export function* blocks(bytes: number): Generator<Buffer> {
  for (let position = 0; position < bytes; position += blockBytes) {
    const next = Buffer.from(block.subarray(0, Math.min(blockBytes, bytes - position)))
    if (next.length >= 8) next.writeUInt32LE(position / blockBytes)
    yield next
  }
}

export const sha256 = (chunks: Iterable<Buffer>): string => {
  const hash = createHash("sha256")
  for (const chunk of chunks) hash.update(chunk)
  return hash.digest("hex")
}

const answer = async (request: Http.IncomingMessage, response: Http.ServerResponse) => {
  const [, path, count] = request.url!.split("/")
  if (request.method === "PUT") {
    const hash = createHash("sha256")
    await pipeline(request, hash)
    response.end(hash.digest("hex"))
  } else if (path === "blocks") {
    response.setHeader("content-length", count!)
    await pipeline(Readable.from(blocks(Number(count))), response)
  } else {
    const { remoteAddress, remotePort } = request.socket
    response.end(`${remoteAddress} ${remotePort}`)
  }
}

export class HttpTarget implements AsyncDisposable {
  readonly port: number
  readonly #servers: ReadonlyArray<Http.Server>

  private constructor(servers: ReadonlyArray<Http.Server>) {
    this.#servers = servers
    this.port = (servers[0]!.address() as Net.AddressInfo).port
  }

  /** Listens on one port of 127.0.0.1 and of ::1. */
  static async start(): Promise<HttpTarget> {
    const open = () =>
      Http.createServer((request, response) => {
        answer(request, response).catch(() => response.destroy())
      })
    for (;;) {
      const [v4, v6] = [open(), open()]
      await once(v4.listen(0, "127.0.0.1"), "listening")
      const { port } = v4.address() as Net.AddressInfo
      const both = await once(v6.listen(port, "::1"), "listening").then(
        () => true,
        () => false
      )
      if (both) return new HttpTarget([v4, v6])
      // Somebody has this port of the other family.
      v4.close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
