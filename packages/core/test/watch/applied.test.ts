import { expect, it } from "vitest"
import { applied } from "../../../testkit/src/AppliedEvents.ts"
import { settle } from "../../src/internal/watch/settle.ts"
import { SeededDraws } from "../SeededDraws.ts"
import { FileTree } from "./FileTree.ts"

const places = ["", "/a", "/b", "/a/c", "/b/a"]
const names = ["a", "b", "c"]

const disturb = (tree: FileTree, draws: SeededDraws): void => {
  const path = () => `${draws.oneOf(places)}/${draws.oneOf(names)}`
  const step = draws.below(6)
  if (step === 0) tree.create(path(), "file")
  else if (step <= 2) tree.create(path(), "directory")
  else if (step === 3) tree.remove(path())
  else tree.rename(path(), path())
}

it.each(Array.from({ length: 20 }, (_, seed) => seed))(
  "the events of one look, applied one by one, give the names that are there: seed %i",
  (seed) => {
    const draws = new SeededDraws(seed)
    for (let round = 0; round < 500; round++) {
      const before = new FileTree()
      for (let step = 0; step < 15; step++) disturb(before, draws)
      const after = before.copy()
      for (let step = draws.below(12); step >= 0; step--) disturb(after, draws)
      const events = settle(after.findings(before))
      expect(applied(new Set(before.names), events).toSorted()).toStrictEqual(after.names)
    }
  }
)
