import ArgumentParser

/// `visionnet preprocessing`: how images become the input of networks.
struct PreprocessingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preprocessing",
    abstract: "List and show preprocessings, which turn images into the input of networks.",
    discussion: """
      The output is the JSON that --preprocessing reads. To see the image that a network gets, use \
      'visionnet preprocess'.
      """,
    subcommands: [PreprocessingList.self, PreprocessingShow.self], defaultSubcommand: PreprocessingList.self)
}
