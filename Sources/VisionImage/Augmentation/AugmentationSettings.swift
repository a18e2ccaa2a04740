import VisionSystem
import VisionTensor

/// The settings of an augmentation: named numbers and ranges, in order.
public struct AugmentationSettings: Sendable, Hashable {
  /// A number or a range of numbers.
  public enum Value: Sendable, Hashable {
    case number(Double)
    case range(ClosedRange<Double>)
  }

  public private(set) var values: [(name: String, value: Value)] = []

  public init() {}

  public init(_ numbers: KeyValuePairs<String, Double>) {
    values = numbers.map { ($0.key, .number($0.value)) }
  }

  /// Adds a setting; nil if there already is one of that name.
  public mutating func add(_ name: String, _ value: Value) -> Void? {
    guard !values.contains(where: { $0.name == name }) else { return nil }
    values.append((name, value))
    return ()
  }

  /// The same settings with an additional range.
  public func with(_ name: String, _ range: ClosedRange<Double>) -> AugmentationSettings {
    var result = self
    result.values.append((name, .range(range)))
    return result
  }

  /// Checks that every name is one of `names`.
  public func check(only names: String..., of augmentation: String) throws(ImageError) {
    for (name, _) in values where !names.contains(name) {
      throw ImageError(
        .invalidArgument, "'\(name)' is no setting of \(augmentation)",
        remedy: names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))")
    }
  }

  /// The number of a setting, which must be within `limits`; `standard` if the setting is omitted.
  ///
  /// Throws `invalidArgument`.
  public func number(
    _ name: String, _ standard: Double, in limits: ClosedRange<Double>
  ) throws(ImageError) -> Double {
    guard let value = values.first(where: { $0.name == name })?.value else { return standard }
    guard case .number(let number) = value, limits.contains(number) else {
      throw ImageError(.invalidArgument, "\(name) must be a number in \(Self.text(.range(limits)))")
    }
    return number
  }

  /// The whole number of a setting, which must be within `limits`; `standard` if the setting is omitted.
  ///
  /// Throws `invalidArgument`.
  public func integer(_ name: String, _ standard: Int, in limits: ClosedRange<Int>) throws(ImageError) -> Int
  {
    let number = try number(
      name, Double(standard), in: Double(limits.lowerBound)...Double(limits.upperBound))
    guard let integer = Int(exactly: number) else {
      throw ImageError(.invalidArgument, "\(name) must be a whole number")
    }
    return integer
  }

  /// The range of a setting, which must be within `limits`; `standard` if the setting is omitted. A number x
  /// means x...x.
  ///
  /// Throws `invalidArgument`.
  public func range(
    _ name: String, _ standard: ClosedRange<Double>, in limits: ClosedRange<Double>
  ) throws(ImageError) -> ClosedRange<Double> {
    let range: ClosedRange<Double>
    switch values.first(where: { $0.name == name })?.value {
    case nil: return standard
    case .number(let number): range = number...number
    case .range(let given): range = given
    }
    guard limits.contains(range.lowerBound), limits.contains(range.upperBound) else {
      throw ImageError(.invalidArgument, "\(name) must lie in \(Self.text(.range(limits)))")
    }
    return range
  }

  static func text(_ value: Value) -> String {
    func text(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }
    return switch value {
    case .number(let number): text(number)
    case .range(let range): "\(text(range.lowerBound))...\(text(range.upperBound))"
    }
  }

  public static func == (a: AugmentationSettings, b: AugmentationSettings) -> Bool {
    a.values.count == b.values.count
      && zip(a.values, b.values).allSatisfy { $0.name == $1.name && $0.value == $1.value }
  }

  public func hash(into hasher: inout Hasher) {
    for (name, value) in values {
      hasher.combine(name)
      hasher.combine(value)
    }
  }
}

extension AugmentationSettings: CustomStringConvertible {
  /// For example `(scale: 0.08...1, ratio: 0.75...1.25)`; empty for no settings.
  public var description: String {
    values.isEmpty
      ? "" : "(" + values.map { "\($0.name): \(Self.text($0.value))" }.joined(separator: ", ") + ")"
  }
}
