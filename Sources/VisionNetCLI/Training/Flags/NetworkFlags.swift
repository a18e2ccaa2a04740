import ArgumentParser
import VisionTraining

/// The network that is trained, and from what it starts.
struct NetworkFlags: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp(.model)) var model: String?
  @Option(help: ArgumentHelp(.architecture)) var architecture: String?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.isFromScratch)) var fromScratch: Bool?
  @Option(help: ArgumentHelp(.fineTuning)) var fineTune: String?
  @Option(help: ArgumentHelp(.embedding)) var embedding: String?
  @Option(help: ArgumentHelp(.preprocessing), completion: .file()) var preprocessing: String?
  @Option(help: ArgumentHelp(.imageSize)) var imageSize: String?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.selectsInFile)) var withSelection: Bool?
}
