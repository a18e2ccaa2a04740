import ArgumentParser

/// `visionnet preprocessing`: how images become the input of networks.
struct PreprocessingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preprocessing",
    abstract: "List and show preprocessings: how images become the input of networks.",
    discussion: """
      What is shown is the JSON that --preprocessing takes. To see the image that a network sees, use 'visionnet \
      preprocess'.
      """,
    subcommands: [PreprocessingList.self, PreprocessingShow.self], defaultSubcommand: PreprocessingList.self)
}
