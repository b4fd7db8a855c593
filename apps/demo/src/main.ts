process.stderr.write("The demo is not written yet\n")
process.exitCode = 1
