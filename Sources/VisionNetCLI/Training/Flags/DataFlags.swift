import ArgumentParser
import VisionTraining

/// What is trained on.
struct DataFlags: ParsableArguments {
  @Option(help: ArgumentHelp(.task)) var task: String?
  @Option(help: ArgumentHelp(.annotations), completion: .file()) var annotations: String?
  @Option(help: ArgumentHelp(.labelColumn)) var labelColumn: String?
  @Option(help: ArgumentHelp(.validation)) var validation: String?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.isStrict)) var strict: Bool?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.isStrictDecoding)) var strictDecoding: Bool?
  @Option(help: ArgumentHelp(.decoding)) var decoding: String?
  @Option(help: ArgumentHelp(.black)) var black: String?
  @Option(help: ArgumentHelp(.white)) var white: String?
}
