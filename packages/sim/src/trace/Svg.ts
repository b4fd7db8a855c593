/** SVG as text. Coordinates are whole pixels, so that every engine writes the same. */
import { escapeText } from "./Escape.ts"

export type Attributes = { readonly [name: string]: string | number | undefined }

/** An element; `children` are markup, not text. */
export const element = (name: string, attributes: Attributes, ...children: Array<string>): string =>
  `<${name}${formatAttributes(attributes)}>${children.join("")}</${name}>`

const formatAttributes = (attributes: Attributes): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeText(String(value))}"`)
    .join("")

export const group = (attributes: Attributes, ...children: Array<string>): string =>
  element("g", attributes, ...children)

/** `class` is a word of the style sheet's. */
export const line = (className: string, x1: number, y1: number, x2: number, y2: number): string =>
  element("line", { class: className, x1, y1, x2, y2 })

export const path = (className: string, d: string): string =>
  element("path", { class: className, d })

export const circle = (className: string, cx: number, cy: number, r: number): string =>
  element("circle", { class: className, cx, cy, r })

export const box = (
  className: string,
  x: number,
  y: number,
  width: number,
  height: number,
  rx = 0
): string => element("rect", { class: className, x, y, width, height, rx })

export const text = (
  className: string,
  x: number,
  y: number,
  content: string,
  anchor: "start" | "middle" | "end" = "start"
): string => element("text", { class: className, x, y, "text-anchor": anchor }, escapeText(content))

/** A cross of two strokes. */
export const cross = (className: string, x: number, y: number, size: number): string =>
  path(className, stroke(x, y, size) + stroke(x, y, -size))

const stroke = (x: number, y: number, rise: number): string => {
  const run = Math.abs(rise)
  return `M${x - run} ${y - rise}L${x + run} ${y + rise}`
}
