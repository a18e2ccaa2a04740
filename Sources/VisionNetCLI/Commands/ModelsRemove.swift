import ArgumentParser
import VisionNet

/// `visionnet models remove`.
struct ModelsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove a model's files from this machine.")

  @Argument(help: "The name of a model.")
  var name: String

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func run() throws {
    if try !PretrainedStore.standard().remove(name) {
      saying.messages.note("\(name) was not on this machine")
    }
  }
}
