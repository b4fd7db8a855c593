/**
 * Traffic before the first window, until the server is compiled.
 *
 * It takes V8 some 50,000 messages to compile a fiber's loop, and the first 10,000 cost several
 * times as much as later ones; of a listener a few thousand. What is measured is one that runs on.
 */
const wakesMin = 60_000
/** On a busy machine, or with large messages, that is long: so many times `seconds` at most. */
const timesMax = 10

/** With `seconds` of 0 it does nothing. `perWake` messages may reach the server at once. */
export const warmUp = async (
  flow: (seconds: number) => Promise<{ readonly messages: number }>,
  seconds: number,
  perWake = 1
): Promise<void> => {
  if (seconds === 0) return
  let messages = 0
  for (let time = 0; time < timesMax && messages < perWake * wakesMin; time++) {
    messages += (await flow(seconds)).messages
  }
}
