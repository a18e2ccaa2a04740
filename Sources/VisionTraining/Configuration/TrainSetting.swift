import VisionSystem
import VisionTensor

/// One setting of a training run: its name as a flag and as a key of a configuration file, and what it may be.
public struct TrainSetting: Sendable {
  /// What a setting has to do with a run.
  public enum Role: Sendable, Hashable {
    /// The run depends on it, however it is trained.
    case run
    /// The run depends on it when the weights are learned step by step.
    case learning
    /// Of one call of the command; runs do not keep it.
    case call
  }

  /// Such as `batch-size`.
  public let name: String
  /// What a value must be, such as `a whole number from 1 to 65536`.
  public let wanted: String
  public let role: Role
  /// Sets it to what the text says, and answers whether the text is of its type and range.
  let read: @Sendable (String, inout TrainConfiguration) -> Bool
  /// Its value as text; nil where there is none.
  let write: @Sendable (TrainConfiguration) -> String?
  let clear: @Sendable (inout TrainConfiguration) -> Void
  /// Whether any text is a value.
  let isText: Bool

  private init<Value: Sendable>(
    _ name: String, _ wanted: String, _ role: Role,
    _ path: any WritableKeyPath<TrainConfiguration, Value?> & Sendable, isText: Bool = false,
    read: @escaping @Sendable (String) -> Value?, write: @escaping @Sendable (Value) -> String
  ) {
    (self.name, self.wanted, self.role, self.isText) = (name, wanted, role, isText)
    self.read = { text, configuration in
      guard let value = read(text) else { return false }
      configuration[keyPath: path] = value
      return true
    }
    self.write = { $0[keyPath: path].map(write) }
    clear = { $0[keyPath: path] = nil }
  }

  static func text(
    _ name: String, _ path: any WritableKeyPath<TrainConfiguration, String?> & Sendable, _ role: Role = .run
  ) -> TrainSetting {
    TrainSetting(
      name, "text", role, path, isText: true, read: { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 },
      write: { $0 })
  }

  static func flag(
    _ name: String, _ path: any WritableKeyPath<TrainConfiguration, Bool?> & Sendable, _ role: Role = .run
  ) -> TrainSetting {
    TrainSetting(name, "true or false", role, path, read: { Bool($0) }, write: { $0 ? "true" : "false" })
  }

  static func integer<Number: FixedWidthInteger & Sendable>(
    _ name: String, _ path: any WritableKeyPath<TrainConfiguration, Number?> & Sendable,
    _ range: ClosedRange<Number>, _ role: Role = .learning
  ) -> TrainSetting {
    TrainSetting(
      name, "a whole number from \(range.lowerBound) to \(range.upperBound)", role, path,
      read: { text in Number(String(text)).flatMap { range.contains($0) ? $0 : nil } }, write: { "\($0)" })
  }

  /// - Parameter wanted: the range in words.
  static func number(
    _ name: String, _ path: any WritableKeyPath<TrainConfiguration, Double?> & Sendable, _ wanted: String,
    _ role: Role = .learning, where isInRange: @escaping @Sendable (Double) -> Bool
  ) -> TrainSetting {
    TrainSetting(
      name, "a number \(wanted)", role, path,
      read: { text in Double(text).flatMap { $0.isFinite && isInRange($0) ? $0 : nil } }, write: { "\($0)" })
  }

  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<TrainConfiguration, Choice?> & Sendable,
    _ role: Role = .learning
  ) -> TrainSetting {
    let names = Choice.allCases.map(\.rawValue)
    let wanted = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    return TrainSetting(
      name, wanted, role, path, read: { Choice(rawValue: $0) }, write: { $0.rawValue })
  }

  static func described<Value: CustomStringConvertible & Sendable>(
    _ name: String, _ path: any WritableKeyPath<TrainConfiguration, Value?> & Sendable, _ wanted: String,
    _ role: Role = .learning, read: @escaping @Sendable (String) -> Value?
  ) -> TrainSetting {
    TrainSetting(name, wanted, role, path, read: read, write: { $0.description })
  }
}
