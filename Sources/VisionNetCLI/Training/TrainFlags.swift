import VisionTraining
import ArgumentParser
import VisionNet
import VisionSystem

/// Every setting of a training run as a flag of the same name; types and ranges are checked as those of files are.
struct TrainFlags: ParsableArguments {
  @Option(help: ArgumentHelp(.task)) var task: String?
  @Option(help: ArgumentHelp(.annotations), completion: .file()) var annotations: String?
  @Option(help: ArgumentHelp(.labelColumn)) var labelColumn: String?
  @Option(name: .shortAndLong, help: ArgumentHelp(.model)) var model: String?
  @Option(help: ArgumentHelp(.embedding)) var embedding: String?
  @Option(help: ArgumentHelp(.preprocessing), completion: .file()) var preprocessing: String?
  @Option(help: ArgumentHelp(.architecture)) var architecture: String?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.isFromScratch)) var fromScratch: Bool?
  @Option(help: ArgumentHelp(.fineTuning)) var fineTune: String?
  @Option(help: ArgumentHelp(.validation)) var validation: String?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.isStrict)) var strict: Bool?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.isStrictDecoding)) var strictDecoding: Bool?
  @Option(help: ArgumentHelp(.seed)) var seed: String?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.selectsInFile)) var withSelection: Bool?
  @Option(help: ArgumentHelp(.imageSize)) var imageSize: String?
  @Option(help: ArgumentHelp(.decoding)) var decoding: String?
  @Option(help: ArgumentHelp(.black)) var black: String?
  @Option(help: ArgumentHelp(.white)) var white: String?
  @Option(help: ArgumentHelp(.augmentation)) var augment: String?
  @Option(help: ArgumentHelp(.mixup)) var mixup: String?
  @Option(help: ArgumentHelp(.cutmix)) var cutmix: String?
  @Option(help: ArgumentHelp(.mosaic)) var mosaic: String?
  @Option(help: ArgumentHelp(.copyPaste)) var copyPaste: String?
  @Option(help: ArgumentHelp(.loss)) var loss: String?
  @Option(help: ArgumentHelp(.classWeights)) var classWeights: String?
  @Option(help: ArgumentHelp(.labelSmoothing)) var labelSmoothing: String?
  @Option(help: ArgumentHelp(.epochs)) var epochs: String?
  @Option(help: ArgumentHelp(.batchSize)) var batchSize: String?
  @Option(help: ArgumentHelp(.optimizer)) var optimizer: String?
  @Option(help: ArgumentHelp(.rate)) var lr: String?
  @Option(help: ArgumentHelp(.schedule)) var schedule: String?
  @Option(help: ArgumentHelp(.warmup)) var warmup: String?
  @Option(help: ArgumentHelp(.weightDecay)) var weightDecay: String?
  @Option(help: ArgumentHelp(.momentum)) var momentum: String?
  @Option(help: ArgumentHelp(.averaging)) var ema: String?
  @Option(help: ArgumentHelp(.clip)) var clip: String?
  @Option(help: ArgumentHelp(.patience)) var patience: String?
  @Option(help: ArgumentHelp(.threads)) var threads: String?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.keepsImageHashes)) var imageHashes: Bool?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.usesCache)) var cache: Bool?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.isOffline)) var offline: Bool?
  @Option(name: .shortAndLong, help: ArgumentHelp(.output), completion: .directory) var output: String?
  @Option(help: ArgumentHelp(.minutes)) var minutes: String?
  @Flag(help: ArgumentHelp(.isDryRun)) var dryRun = false
  @Flag(help: ArgumentHelp(.findsRate)) var findLr = false

  /// The settings that were given: flags are read by reflection, so that each is written down once.
  func given() throws(ConfigurationError) -> GivenSettings {
    var result = GivenSettings()
    for flag in Mirror(reflecting: self).children {
      let text: String? =
        switch flag.value {
        case let option as Option<String?>: option.wrappedValue
        case let option as Flag<Bool?>: option.wrappedValue.map { "\($0)" }
        case let option as Flag<Bool>: option.wrappedValue ? "true" : nil
        default: nil
        }
      guard let text, let name = flag.label.map(Self.name) else { continue }
      try result.set(name, to: text, place: "--\(name)")
    }
    return result
  }

  /// The flag of a property: `--batch-size` of what is stored for `batchSize`.
  private static func name(_ label: String) -> String {
    label.drop { $0 == "_" }.reduce(into: "") { $0 += $1.isUppercase ? "-\($1.lowercased())" : "\($1)" }
  }
}

extension ArgumentHelp {
  /// What a setting says of itself.
  init<Choice>(_ setting: Setting<Choice>) { self.init(setting.help) }
}
