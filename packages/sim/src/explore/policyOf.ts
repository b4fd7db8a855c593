/** The policy of a strategy, for one run of a world. */
import type { World } from "../World.ts"
import { Pct } from "./Pct.ts"
import type { Policy } from "./Policy.ts"
import { Production } from "./Production.ts"
import { RandomWalk } from "./RandomWalk.ts"
import { Starvation } from "./Starvation.ts"
import type { Strategy } from "./Strategy.ts"
import { UniformWalk } from "./UniformWalk.ts"

/** `stepsByStrand` is what `Urw` goes by: see `Production.stepsByStrand`. */
export const policyOf = (
  strategy: Strategy,
  world: World,
  stepsByStrand: ReadonlyArray<number>
): Policy => {
  const { schedule } = world.choices
  const hasOthers = () => world.lanes.size > 0
  switch (strategy._tag) {
    case "Production":
      return new Production(hasOthers)
    case "Random":
      return new RandomWalk(schedule, strategy.preempt)
    case "Pct":
      return new Pct(schedule, strategy, () => world.lanes)
    case "Starve":
      return new Starvation(schedule)
    case "Urw":
      return new UniformWalk(schedule, stepsByStrand)
  }
}
