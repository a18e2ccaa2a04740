import ArgumentParser

/// `visionnet models`: the pretrained models, and which of them are on this machine.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List, download, locate and remove pretrained models.",
    discussion: """
      Models are stored in $XDG_CACHE_HOME/visionnet, or in ~/.cache/visionnet if that variable is not set.
      """,
    subcommands: [ModelsList.self, ModelsPull.self, ModelsPath.self, ModelsRemove.self],
    defaultSubcommand: ModelsList.self)
}
