import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { connect } from "../src/internal/tcp/connect.ts"
import { listen } from "../src/internal/tcp/listen.ts"
import * as Tcp from "../src/Tcp.ts"
import { Site } from "../src/Site.ts"
import { ScriptedPorts } from "./scripted/ScriptedPorts.ts"

const here = /Site\.test\.ts:\d+:\d+$/

it("a site names the file, line and column that made it", () => {
  const nearby = () => new Site()
  expect(nearby().text).toMatch(here)
  const lineOf = (site: Site) => Number(/:(\d+):\d+$/.exec(site.text ?? "")?.[1])
  const [first, second] = [new Site(), new Site()]
  const third = new Site()
  expect(lineOf(second)).toBe(lineOf(first))
  expect(lineOf(third)).toBe(lineOf(first) + 1)
})

it("core's own frames and Effect's are passed over", () => {
  const scripted = new ScriptedPorts()
  const tcp = Context.make(Tcp.Tcp, {
    connect: (options, site) => connect(scripted.table, options, site),
    listen: (options, site) => listen(scripted.table, options, site),
    serve: () => Effect.die("not asked for")
  })
  const opened = Effect.runFork(
    Effect.scoped(Effect.andThen(Tcp.connect({ port: 80 }), Effect.never)).pipe(
      Effect.provideContext(tcp)
    )
  )
  scripted.connects[0]!.answer((events) => events.onConnected(scripted.stream()))
  const [handle] = scripted.table.list()
  expect(handle?.site).toMatch(here)
  expect(handle?.site).not.toMatch(/packages\/core\/src/)
  opened.interruptUnsafe()
})

it("a stack with nobody else's frame has no site, and a site's text stays", () => {
  const inside = "\n    at connect (file:///app/node_modules/@portico/core/dist/Tcp.js:1:2)"
  const siteOf = (stack: string): Site => {
    const site = new Site()
    const error = Reflect.get(site, "error") as Error
    error.stack = `Error: site${stack}`
    return site
  }
  expect(siteOf(inside).text).toBeUndefined()
  const site = siteOf(`${inside}\n    at main (file:///app/main.js:3:4)`)
  expect([site.text, site.text]).toEqual(Array(2).fill("file:///app/main.js:3:4"))
})
