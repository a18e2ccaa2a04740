import VisionSystem
import VisionTensor

extension AugmentationPolicy {
  /// The augmentations that a text can name.
  public static let known: [any DescribableAugmentation.Type] = [
    RandomResizedCrop.self, PadAndCrop.self, HorizontalFlip.self, VerticalFlip.self, ColorJitter.self,
    Rotation.self,
    RandAugment.self, TrivialAugment.self, RandomErasing.self,
  ]

  /// Reads the text that `description` writes: names separated by commas, optionally with settings in
  /// parentheses; or `none`. Omitted settings have their defaults.
  ///
  /// - Parameter additional: your own augmentations that the text may name.
  /// - Throws: `invalidArgument`, with the part of the text as place.
  public init(
    _ text: String, additional: [any DescribableAugmentation.Type] = []
  ) throws(ImageError) {
    var augmentations: [any Augmentation] = []
    let parts = try Self.split(text)
    guard parts != ["none"] else {
      self.init()
      return
    }
    for part in parts {
      let name = String(part.prefix { $0.isLetter || $0.isNumber })
      guard let type = (additional + Self.known).first(where: { $0.name == name }) else {
        throw ImageError(
          .invalidArgument, "'\(name)' is no augmentation", place: part,
          remedy: "known are none, \((additional + Self.known).map { $0.name }.joined(separator: ", "))")
      }
      do throws(ImageError) {
        augmentations.append(try type.init(Self.settings(String(part.dropFirst(name.count)))))
      } catch { throw error.at(part) }
    }
    self.init(augmentations)
  }

  /// The parts between commas outside parentheses, without whitespace.
  private static func split(_ text: String) throws(ImageError) -> [String] {
    var (parts, depth) = ([""], 0)
    for character in text where !character.isWhitespace {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    guard depth == 0, !parts.contains("") else {
      throw ImageError(
        .invalidArgument, "'\(text)' is no list of augmentations",
        remedy: "write for example: padAndCrop(padding: 4), horizontalFlip")
    }
    return parts
  }

  /// Reads `(name:number,name:number...number)`.
  private static func settings(_ text: String) throws(ImageError) -> AugmentationSettings {
    var settings = AugmentationSettings()
    guard !text.isEmpty else { return settings }
    guard text.hasPrefix("("), text.hasSuffix(")") else {
      throw ImageError(.invalidArgument, "the settings must stand in parentheses")
    }
    for item in text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false) {
      let pair = item.split(separator: ":", maxSplits: 1)
      guard pair.count == 2, let value = value(pair[1]), settings.add(String(pair[0]), value) != nil else {
        throw ImageError(
          .invalidArgument, "'\(item)' is no setting, or is given twice",
          remedy: "write for example: scale: 0.5...1")
      }
    }
    return settings
  }

  private static func value(_ text: Substring) -> AugmentationSettings.Value? {
    func number(_ text: Substring) -> Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }
    guard let dots = text.firstIndex(of: "."), text[dots...].hasPrefix("...") || text.contains("...") else {
      return number(text).map { .number($0) }
    }
    let ends = text.split(separator: "...", maxSplits: 1)
    guard ends.count == 2, let low = number(ends[0]), let high = number(ends[1]), low <= high else {
      return nil
    }
    return .range(low...high)
  }
}

/// Encoded as its text.
extension AugmentationPolicy: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
