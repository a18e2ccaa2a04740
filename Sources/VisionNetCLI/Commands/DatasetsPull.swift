import ArgumentParser
import VisionNet

/// `visionnet datasets pull`.
struct DatasetsPull: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Create the folder of a dataset and print its path.",
    usage: "visionnet datasets pull <name> [<options>]")

  @Argument(help: "The name of a dataset, such as shapes.")
  var name: String

  @Option(
    name: .shortAndLong, help: "The folder to create. (default: NAME here)", completion: .directory)
  var output: String?

  @Option(
    name: .customLong("from"), help: "Use this package, or a folder of its files, instead of downloading.",
    completion: .file())
  var package: String?

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func run() throws {
    let messages = saying.messages
    let store = DatasetStore()
    let dataset = try store.manifest.dataset(named: name)
    if case .generated = dataset.source, package != nil {
      throw CommandError(
        .usage, "it is drawn and comes from no package", place: name, remedy: "omit --from")
    }
    let path = output ?? name
    guard !path.isEmpty else {
      throw CommandError(.usage, "the folder has no name", remedy: "--output DIR")
    }
    Interrupt.watch()
    let meter = PullMeter(name, messages: messages)
    do {
      defer { meter.end() }
      try store.pull(name, to: path, from: package, isCancelled: { Interrupt.isPressed }) { meter.show($0) }
    }
    if !dataset.isTable {
      messages.note(
        "\(dataset.count) images of \(dataset.classes.count) classes; now: visionnet train \(path)")
    }
    try WrittenFiles(path).write(format)
  }
}
