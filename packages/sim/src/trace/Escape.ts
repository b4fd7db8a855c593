/**
 * Text from programs (names of spans, keys, messages) on its way into a page. Any of it may be
 * hostile: a span may be called `</script>`.
 */

const entities: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

// XML has no way to write most control characters, and none for half of a surrogate pair.
const unwritable =
  /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u202a-\u202e\u2066-\u2069]/gu

/** For text and for quoted attributes, of HTML and of XML. */
export const escapeText = (text: string): string =>
  text.replace(unwritable, "\ufffd").replace(/[&<>"']/g, (character) => entities[character]!)

/** JSON that may stand inside of a script element: no text in it can end that. */
export const escapeJson = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/</g, "\\u003c")
    .replace(/>/g, "\\u003e")
    .replace(/&/g, "\\u0026")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029")

/** At most `charactersMax` of it, on one line. */
export const shorten = (text: string, charactersMax: number): string => {
  const characters = Array.from(text.replace(/\s+/g, " "))
  return characters.length > charactersMax
    ? `${characters.slice(0, charactersMax - 1).join("")}…`
    : characters.join("")
}
