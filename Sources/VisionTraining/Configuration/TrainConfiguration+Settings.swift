import VisionData
import VisionSystem
import VisionTensor

extension TrainConfiguration {
  /// Every setting, in the order in which files have them.
  public static let settings: [TrainSetting] = [
    .text("data", \.data), .text("label-column", \.labelColumn), .text("model", \.model),
    .text("embedding", \.embedding), .text("preprocessing", \.preprocessing),
    .text("architecture", \.architecture),
    .flag("from-scratch", \.isFromScratch),
    .described("fine-tune", \.fineTuning, "none, last-N or all", .run) { FineTuning($0) },
    .number("validation", \.validation, "of at least 0 and below 1", .run) { (0..<1).contains($0) },
    .flag("strict", \.isStrict), .flag("strict-decoding", \.isStrictDecoding),
    .integer("seed", \.seed, 0...UInt64.max, .run),
    .described(
      "image-size", \.imageSize,
      "a side from \(ImageSize.sides.lowerBound) to \(ImageSize.sides.upperBound) pixels, or WIDTHxHEIGHT"
    ) { ImageSize($0) },
    .choice("decoding", \.decoding, .run),
    .integer("black", \.black, 0...65_534, .run), .integer("white", \.white, 1...65_535, .run),
    .choice("augment", \.augmentation),
    .number("mixup", \.mixup, "from 0 to 10") { (0...10).contains($0) },
    .number("cutmix", \.cutmix, "from 0 to 10") { (0...10).contains($0) },
    .choice("loss", \.loss),
    .choice("class-weights", \.classWeights),
    .number("label-smoothing", \.labelSmoothing, "of at least 0 and below 1") { (0..<1).contains($0) },
    .integer("epochs", \.epochs, 1...100_000),
    .integer("batch-size", \.batchSize, 1...65_536),
    .choice("optimizer", \.optimizer),
    .number("lr", \.rate, "above 0 and at most 1e12") { $0 > 0 && $0 <= 1e12 },
    .choice("schedule", \.schedule),
    .number("warmup", \.warmup, "of epochs from 0 to 1000") { (0...1000).contains($0) },
    .number("weight-decay", \.weightDecay, "from 0 to 10") { (0...10).contains($0) },
    .number("momentum", \.momentum, "of at least 0 and below 1") { (0..<1).contains($0) },
    .number("ema", \.averaging, "of at least 0 and below 1") { (0..<1).contains($0) },
    .number("clip", \.clip, "from 0 to 1e6") { (0...1e6).contains($0) },
    .integer("patience", \.patience, 0...100_000),
    .integer("threads", \.threads, 1...1024, .run),
    .flag("image-hashes", \.keepsImageHashes), .flag("cache", \.usesCache), .flag("offline", \.isOffline),
    .text("output", \.output, .call), .flag("dry-run", \.isDryRun, .call),
    .flag("find-lr", \.findsRate, .call),
  ]

  /// The setting with that name, or nil.
  public static func setting(_ name: String) -> TrainSetting? { settings.first { $0.name == name } }

  /// The settings that are given, as texts.
  package var values: [(name: String, value: String)] {
    Self.settings.compactMap { setting in setting.write(self).map { (setting.name, $0) } }
  }

  /// The names of the settings that are given.
  public var given: [String] { Self.settings.filter { $0.write(self) != nil }.map(\.name) }

  /// The names of the settings that are given and have that role.
  public func given(_ role: TrainSetting.Role) -> [String] {
    Self.settings.filter { $0.role == role && $0.write(self) != nil }.map(\.name)
  }

  /// Sets what a flag or a line of a file says.
  ///
  /// - Parameters:
  ///   - place: of errors: the file and line, or the flag.
  /// - Throws: `ConfigurationError` for a setting that does not exist, and a value that is not of its type and range.
  public mutating func set(_ name: String, to text: String, place: String? = nil) throws(ConfigurationError) {
    guard let setting = Self.setting(name) else { throw Self.unknown(name, place) }
    guard setting.read(text, &self) else {
      throw ConfigurationError(
        .invalidValue, "\(name) is '\(NearestNames.printable(text))', not \(setting.wanted)", place: place)
    }
  }

  /// What `other` gives, and for the rest what this gives.
  public func overridden(by other: TrainConfiguration) -> TrainConfiguration {
    var result = self
    for setting in Self.settings {
      guard let text = setting.write(other) else { continue }
      _ = setting.read(text, &result)
    }
    return result
  }

  static func unknown(_ name: String, _ place: String?) -> ConfigurationError {
    let near = NearestNames.of(name, in: settings.map(\.name))
    return ConfigurationError(
      .unknownSetting, "there is no setting '\(NearestNames.printable(name))'", place: place,
      remedy: near.isEmpty
        ? "the settings are \(settings.map(\.name).joined(separator: ", "))"
        : "did you mean \(near.joined(separator: " or "))?")
  }
}
