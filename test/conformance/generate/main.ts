/** Writes the generated pages: `node -C source test/conformance/generate/main.ts`. */
import * as fs from "node:fs"
import { pages } from "./pages.ts"

for (const { file, text } of pages) {
  fs.mkdirSync(new URL(".", file), { recursive: true })
  fs.writeFileSync(file, text())
  console.error(`wrote ${file.pathname}`)
}
