/** The generated pages and where they belong. */
import { capabilitiesPage } from "./CapabilitiesPage.ts"
import { errorsPage } from "./ErrorsPage.ts"
import { lawsPage } from "./LawsPage.ts"

const reference = new URL("../../../docs/reference/", import.meta.url)

export const pages: ReadonlyArray<{ readonly file: URL; readonly text: () => string }> = [
  { file: new URL("laws.md", reference), text: lawsPage },
  { file: new URL("capabilities.md", reference), text: capabilitiesPage },
  { file: new URL("errors.md", reference), text: errorsPage }
]
