public import ArgumentParser
import VisionModel

/// Options for what the file of a detector does not say.
struct DetectorOptions: ParsableArguments {
  @Option(help: "Class names: text with one per line, JSON or YAML.", completion: .file())
  var labels: String?

  @OptionGroup var outputs: HeadOption

  var head: DetectorKind? { outputs.head }
}

extension DetectorKind: ExpressibleByArgument {}
