/** `curl`, the client that everybody has, and what it received. */
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import type { Readable } from "node:stream"

export const isHere = spawnSync("curl", ["--version"]).status === 0

export interface Received {
  /** 0, or a number that `man curl` explains: 97 is a proxy's refusal. */
  readonly code: number | null
  /** At most the first 64 KiB. */
  readonly text: string
  readonly bytes: number
  readonly sha256: string
  readonly stderr: string
}

const textBytesMax = 64 * 1024

/** Runs curl without anybody's configuration. `input` is its standard input. */
export const curl = (options: ReadonlyArray<string>, input?: Readable): Promise<Received> =>
  new Promise((resolve, reject) => {
    const child = spawn("curl", ["--disable", "--silent", "--show-error", ...options], {
      stdio: "pipe",
      env: { PATH: process.env["PATH"] },
      timeout: 120_000
    })
    const hash = createHash("sha256")
    let bytes = 0
    let text = ""
    let stderr = ""
    child.stdout.on("data", (chunk: Buffer) => {
      hash.update(chunk)
      if (bytes < textBytesMax) text += chunk.toString("latin1")
      bytes += chunk.length
    })
    child.stderr.on("data", (chunk) => (stderr += chunk))
    child.once("error", reject)
    child.once("close", (code) =>
      resolve({ code, text, bytes, sha256: hash.digest("hex"), stderr })
    )
    child.stdin.on("error", () => {})
    if (input === undefined) child.stdin.end()
    else input.pipe(child.stdin)
  })
