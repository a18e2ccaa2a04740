import ArgumentParser
import VisionNet

/// `visionnet models remove`.
struct ModelsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove a model's files from this machine.")

  @Argument(help: "The name of a model.")
  var name: String

  func run() throws {
    if try !PretrainedStore.standard().remove(name) { Messages().note("\(name) was not on this machine") }
  }
}
