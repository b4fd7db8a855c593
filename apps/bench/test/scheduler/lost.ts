/** A program that starts, gives no answer and ends: what a scheduler that lost a wake-up does. */
process.stdout.write("ready \n")
process.stderr.write("starting\nError: lost\n    at nowhere\n")
process.exitCode = 3
