/**
 * Bun's `fs.watch`: as good as Node's, but for what `NodeWatch` does for both. It holds more: a
 * thread of its own empties the kernel's queue, so that of 30,000 files made while the loop was
 * busy all were told.
 */
export { make } from "@portico/node/watch/NodeWatch"
