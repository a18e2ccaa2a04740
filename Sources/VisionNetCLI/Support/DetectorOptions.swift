public import ArgumentParser
public import VisionModel

/// Options for what the file of a detector does not say.
struct DetectorOptions: ParsableArguments {
  @Option(help: "Class names: text with one per line, JSON or YAML.", completion: .file())
  var labels: String?

  @Option(
    help: ArgumentHelp("What the outputs of a detector of others mean, if that is not recognized: \(heads)."))
  var head: DetectorKind?

  /// The names of the heads.
  static let heads = DetectorKind.allCases.map(\.rawValue).joined(separator: ", ")
}

extension DetectorKind: ExpressibleByArgument {}
