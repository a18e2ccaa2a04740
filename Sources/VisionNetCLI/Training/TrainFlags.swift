import VisionTraining
import ArgumentParser
import VisionNet
import VisionSystem

/// Every setting of a training run as a flag of the same name; types and ranges are checked as those of files are.
struct TrainFlags: ParsableArguments {
  @OptionGroup(title: "Data") var data: DataFlags
  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Augmentation") var augmentation: AugmentationFlags
  @OptionGroup(title: "Learning (of whole networks and of detectors)")
  var learning: LearningFlags
  @OptionGroup(title: "Run") var call: CallFlags

  /// The settings that were given: flags are read by reflection, so that each is written down once.
  func given() throws(ConfigurationError) -> GivenSettings {
    var result = GivenSettings()
    let groups: [any ParsableArguments] = [data, network, augmentation, learning, call]
    for flag in groups.flatMap({ Mirror(reflecting: $0).children }) {
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
