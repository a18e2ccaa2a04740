import VisionSystem
import VisionTensor

/// The settings of a training given by flags, a configuration file or a program; open settings get defaults
/// that depend on the data.
///
/// A file has one line `name: value` per setting:
///
/// ```yaml
/// data: photos/dogs
/// from-scratch: true
/// architecture: resnet18
/// epochs: 40
/// ```
public struct GivenSettings: Sendable, Hashable {
  /// Every setting, in the order of files and of resolution.
  package static let settings: [any AnySetting] = start + images + learning + call

  struct Value: Sendable, Hashable {
    let choice: any Sendable
    let text: String

    static func == (a: Value, b: Value) -> Bool { a.text == b.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
  }
  private(set) var values: [String: Value] = [:]

  public init() {}

  /// The given value; nil leaves the setting open.
  public subscript<Choice>(setting: Setting<Choice>) -> Choice? {
    get {
      guard let value = values[setting.name] else { return nil }
      return value.choice as? Choice
    }
    set {
      values[setting.name] = newValue.flatMap { choice in
        setting.values.write(choice).map { Value(choice: choice, text: $0) }
      }
    }
  }

  /// The given value; nil leaves the setting open.
  public subscript<Choice>(setting: Setting<Choice?>) -> Choice? {
    get { values[setting.name]?.choice as? Choice }
    set {
      values[setting.name] = setting.values.write(newValue).map { Value(choice: newValue, text: $0) }
    }
  }

  /// The setting with that name, or nil.
  package static func setting(_ name: String) -> (any AnySetting)? { settings.first { $0.name == name } }

  /// The names of the settings that are given.
  public var names: [String] { Self.settings.map(\.name).filter { values[$0] != nil } }

  /// Sets a value from the text of a flag or of a line of a file.
  ///
  /// - Parameter place: the place that errors name: the file and line, or the flag.
  /// - Throws: `ConfigurationError` for an unknown setting, or a value that is not of its type and range.
  public mutating func set(_ name: String, to text: String, place: String? = nil) throws(ConfigurationError) {
    guard let setting = Self.setting(name) else { throw Self.unknown(name, place) }
    guard setting.read(text, into: &self) else {
      let subject = place == "--\(name)" ? "" : "\(name): "  // The place names a flag already.
      throw ConfigurationError(
        .invalidValue, "\(subject)'\(NearestNames.printable(text))' is not \(setting.wanted)", place: place)
    }
  }

  /// These settings, replaced by those that `other` gives.
  public func overridden(by other: GivenSettings) -> GivenSettings {
    var result = self
    result.values.merge(other.values) { $1 }
    return result
  }

  /// The settings as a configuration file, one line each, which `init(yaml:name:)` reads; without those of
  /// the call.
  public var yaml: String {
    Self.yaml(
      Self.settings.compactMap { setting in
        setting.role == .call ? nil : values[setting.name].map { (setting, $0.text) }
      })
  }

  static func unknown(_ name: String, _ place: String?) -> ConfigurationError {
    let near = NearestNames.of(name, in: settings.map(\.name))
    return ConfigurationError(
      .unknownSetting, "there is no setting '\(NearestNames.printable(name))'", place: place,
      remedy: near.isEmpty
        ? "the settings are \(settings.map(\.name).joined(separator: ", "))"
        : "did you mean \(near[0])?")
  }
}
