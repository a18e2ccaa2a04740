import ArgumentParser
import VisionNet

/// `visionnet models path`.
struct ModelsPath: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path",
    abstract: "Print the path of a model's file; fails if it is not on this machine.")

  @Argument(help: "The name of a pretrained model.")
  var name: String

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func run() throws {
    guard let path = try PretrainedStore.standard().path(of: name) else {
      throw CommandError(
        .missing, "the model is not on this machine", place: name, remedy: "visionnet models pull \(name)")
    }
    try WrittenFiles(path).write(format)
  }
}
