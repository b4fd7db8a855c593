import { expect, it } from "vitest"
import { render } from "../src/Table.ts"

const columns = [
  { title: "fruit" },
  { title: "price", align: "end" },
  { title: "left", align: "end" }
] as const

it("aligns text at its start and numbers at their end", () => {
  const rows = [
    ["fig", "1.20", "7"],
    ["strawberry", "10.05", "1,000"]
  ]
  expect(render(columns, rows)).toStrictEqual([
    "fruit       price   left",
    "fig          1.20      7",
    "strawberry  10.05  1,000"
  ])
})

it("lets the last cell of a short row run over the columns that are left", () => {
  const rows = [
    ["fig", "1.20", "7"],
    ["date", "sold out since yesterday"]
  ]
  expect(render(columns, rows)).toStrictEqual([
    "fruit  price  left",
    "fig     1.20     7",
    "date   sold out since yesterday"
  ])
})
