/** Just enough of a reader of markup to look at what a page holds. */

export interface Element {
  readonly name: string
  readonly class: ReadonlyArray<string>
  /** The index of the event that it draws. */
  readonly mark: number | undefined
}

const script = /<script[^>]*>([\s\S]*?)<\/script>/g
const tag = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z0-9:-]+(?:="[^"<>]*")?)*)\s*>/g
const empty = new Set(["meta", "input"])

/** What stands between the script elements' tags, in their order. */
export const scriptsOf = (html: string): ReadonlyArray<string> =>
  Array.from(html.matchAll(script), ([, content]) => content!)

// What scripts and styles hold is no markup.
const markupOf = (html: string) =>
  html
    .replace(script, "")
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace("<!doctype html>", "")

export const elementsOf = (html: string): ReadonlyArray<Element> =>
  Array.from(markupOf(html).matchAll(tag)).flatMap(([, close, name, attributes]) => {
    if (close === "/") return []
    const valueOf = (attribute: string) =>
      new RegExp(`\\s${attribute}="([^"]*)"`).exec(attributes!)?.[1]
    const mark = valueOf("data-i")
    return {
      name: name!,
      class: (valueOf("class") ?? "").split(" "),
      mark: mark === undefined ? undefined : Number(mark)
    }
  })

/** Every element is closed by its own tag, and nothing else looks like one. */
export const isBalanced = (html: string): boolean => {
  const markup = markupOf(html)
  const open: Array<string> = []
  for (const [, close, name] of markup.matchAll(tag)) {
    if (empty.has(name!)) continue
    if (close !== "/") open.push(name!)
    else if (open.pop() !== name) return false
  }
  return open.length === 0 && !/[<>]/.test(markup.replace(tag, ""))
}
