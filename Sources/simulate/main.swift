import Glibc
import Simulation

// A dictionary's order must not differ between two runs of one seed; the runtime reads this once, at the start.
if getenv("SWIFT_DETERMINISTIC_HASHING") == nil {
    setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
}
exit(Command.run(Array(CommandLine.arguments.dropFirst())))
