/** What only a whole process shows of a `TcpPort`: `main` runs a program of `TcpPrograms.ts`. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import type { tcpPrograms } from "./TcpPrograms.ts"

export const tcpProcessCases = (main: URL): void => {
  const run = async (program: keyof typeof tcpPrograms, limits = ":") => {
    const command = `${limits}; exec "$0" --conditions=source "$@"`
    const child = spawn("sh", ["-c", command, process.execPath, fileURLToPath(main), program], {
      stdio: ["ignore", "pipe", "inherit"]
    })
    const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, "exit")])
    return { output, code: code as unknown, signal: signal as unknown }
  }

  it("an unref'd listener and its connection let the process end", async () => {
    expect(await run("unreferenced")).toEqual({ output: "connected\n", code: 0, signal: null })
  })

  it("without a free descriptor a connect and a listen fail with ResourceExhausted", async () => {
    expect(await run("withoutDescriptors", "ulimit -n 48")).toEqual({
      output: "connect ResourceExhausted EMFILE\nlisten ResourceExhausted EMFILE\n",
      code: 0,
      signal: null
    })
  })
}
