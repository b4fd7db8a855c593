/**
 * The calls and returns of the operations that are not in the order yet: a linked list, out of
 * which an operation is taken, and put back, in constant time (Lowe, *Testing for
 * linearizability*, 2017, after Wing and Gong).
 */
import type { Operation } from "./History.ts"
import type { Output } from "./Model.ts"

interface Node<Input, Out extends Output> {
  readonly operation: Operation<Input, Out>
  readonly isReturn: boolean
  previous: Node<Input, Out> | undefined
  next: Node<Input, Out> | undefined
}

export class OperationList<Input, Out extends Output> {
  private first: Node<Input, Out> | undefined
  private readonly calls = new Map<number, Node<Input, Out>>()
  private readonly returns = new Map<number, Node<Input, Out>>()

  /** Of operations that returned. */
  constructor(operations: ReadonlyArray<Operation<Input, Out>>) {
    const nodes: Array<Node<Input, Out>> = []
    for (const operation of operations) {
      const call = { operation, isReturn: false, previous: undefined, next: undefined }
      const end = { operation, isReturn: true, previous: undefined, next: undefined }
      this.calls.set(operation.id, call)
      this.returns.set(operation.id, end)
      nodes.push(call, end)
    }
    nodes.sort((a, b) => indexOf(a) - indexOf(b))
    this.first = nodes[0]
    nodes.forEach((node, at) => {
      node.previous = nodes[at - 1]
      node.next = nodes[at + 1]
    })
  }

  get isEmpty(): boolean {
    return this.first === undefined
  }

  /** Those that were called before any of them returned: one of them comes next in the order. */
  candidates(): Array<Operation<Input, Out>> {
    const found: Array<Operation<Input, Out>> = []
    let node = this.first
    for (; node !== undefined && !node.isReturn; node = node.next) found.push(node.operation)
    return found
  }

  /** The index of the first return; infinite when there is none. */
  get firstReturn(): number {
    let node = this.first
    while (node !== undefined && !node.isReturn) node = node.next
    return node === undefined ? Infinity : node.operation.returned
  }

  take(operation: Operation<Input, Out>): void {
    this.unlink(this.calls.get(operation.id)!)
    this.unlink(this.returns.get(operation.id)!)
  }

  /** Of the one that was taken last, of those that are out. */
  putBack(operation: Operation<Input, Out>): void {
    this.link(this.returns.get(operation.id)!)
    this.link(this.calls.get(operation.id)!)
  }

  // A node that is out keeps its neighbours: it goes back between them.
  private unlink(node: Node<Input, Out>): void {
    if (node.previous === undefined) this.first = node.next
    else node.previous.next = node.next
    if (node.next !== undefined) node.next.previous = node.previous
  }

  private link(node: Node<Input, Out>): void {
    if (node.previous === undefined) this.first = node
    else node.previous.next = node
    if (node.next !== undefined) node.next.previous = node
  }
}

const indexOf = <Input, Out extends Output>({ operation, isReturn }: Node<Input, Out>): number =>
  isReturn ? operation.returned : operation.called
