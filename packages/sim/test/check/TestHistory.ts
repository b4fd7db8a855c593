/** Histories for tests: made by a service, told wrongly at random, and checked by brute force. */
import { History, type Model } from "@portico/sim"
import { Prng } from "../../src/Prng.ts"

type Op<I, O extends Model.Output> = History.Operation<I, O>

/** What a service answers in a state, and the state after it. */
export type Service<S, I, O> = (state: S, input: I) => readonly [S, O]

export interface Shape<S, I, O> {
  readonly seed: number
  readonly clients: number
  readonly operations: number
  readonly initial: S
  readonly service: Service<S, I, O>
  readonly input: (random: Prng, at: number) => I
  /** Of a thousand operations, so many are never answered; half of those are not done either. */
  readonly unknownPerMille?: number
  /** Of a thousand answers, so many are those to another question. */
  readonly wrongPerMille?: number
}

/** Clients that ask at the same time; each request is done between its call and its return. */
export const historyOf = <S, I, O extends Model.Output>(shape: Shape<S, I, O>) => {
  const random = new Prng(shape.seed, 0)
  const history = new History.History<I, O>()
  const { clients, operations, unknownPerMille = 0, wrongPerMille = 0 } = shape
  const busy = new Map<number, { id: number; input: I; output: O | undefined }>()
  let { initial: state } = shape
  const isIn = (perMille: number) => random.below(1000) < perMille
  for (let called = 0; called < operations || busy.size > 0;) {
    const client = random.below(clients)
    const request = busy.get(client)
    if (request === undefined) {
      if (called === operations) continue
      const input = shape.input(random, called++)
      busy.set(client, { id: history.call(client, input), input, output: undefined })
    } else if (request.output === undefined) {
      const isLost = isIn(unknownPerMille)
      if (isLost) busy.delete(client)
      if (isLost && random.below(2) === 0) continue
      const asked = isIn(wrongPerMille) ? shape.input(random, called) : request.input
      const [next, output] = shape.service(state, asked)
      if (asked === request.input) state = next
      request.output = output
    } else {
      history.return(request.id, request.output)
      busy.delete(client)
    }
  }
  return history
}

/** Tries every order of every choice of unanswered operations. */
export const hasOrder = <S, I, O extends Model.Output>(
  model: Model.Model<S, I, O>,
  operations: ReadonlyArray<Op<I, O>>
): boolean => {
  const place = (state: S, left: ReadonlyArray<Op<I, O>>): boolean => {
    if (left.every(({ returned }) => returned === Infinity)) return true
    const end = Math.min(...left.map(({ returned }) => returned))
    return left.some((next) => {
      if (next.called > end) return false
      const others = left.filter((other) => other !== next)
      return model.step(state, next.input, next.output).some((then) => place(then, others))
    })
  }
  return place(model.initial, operations)
}
