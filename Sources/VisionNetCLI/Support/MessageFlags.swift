import ArgumentParser

/// How much a command says, and in which colors. Every command takes these flags.
struct MessageFlags: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Hide progress, notes and warnings.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print details, such as the model, speed and memory.")
  var verbose = false

  @Option(
    help: "Colors; auto is on a terminal, unless NO_COLOR is set.")
  var color = ColorChoice.auto

  func validate() throws {
    guard !(quiet && verbose) else { throw ValidationError("--quiet and --verbose contradict each other") }
  }

  var messages: Messages { Messages(quiet: quiet, verbose: verbose) }
}
