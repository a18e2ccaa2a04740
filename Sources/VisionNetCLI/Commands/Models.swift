import ArgumentParser

/// `visionnet models`: the pretrained models, and which of them are on this machine.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List, pull, find and remove published models.",
    discussion: "They are kept in $XDG_CACHE_HOME/visionnet, or else in ~/.cache/visionnet.",
    subcommands: [ModelsList.self, ModelsPull.self, ModelsPath.self, ModelsRemove.self],
    defaultSubcommand: ModelsList.self)
}
