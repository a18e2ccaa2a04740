package import VisionSystem

/// A setting of any type.
package protocol AnySetting: Sendable {
  /// Such as `batch-size`.
  var name: String { get }
  /// A sentence about it for the command line.
  var help: String { get }
  /// What a value must be, such as `a whole number from 1 to 65536`.
  var wanted: String { get }
  var role: SettingRole { get }
  /// The recipes that use the setting.
  var recipes: Set<Situation.Recipe> { get }
  /// The recipes whose configuration also keeps the default chosen for an open setting.
  var keptIn: Set<Situation.Recipe> { get }
  /// Why it cannot be given with a recipe that does not use it; nil for the general reason.
  var objection: String? { get }
  /// Whether any text is a value.
  var isText: Bool { get }

  /// Sets the value from a text; returns false for a text that is not of its type and range.
  func read(_ text: String, into given: inout GivenSettings) -> Bool
  /// Adds the given value, or else the default, to the choices of the situation.
  func resolve(_ given: GivenSettings, in situation: inout Situation)
  /// The choice as text; nil for a choice that is nil.
  func text(_ settings: ResolvedSettings) -> String?
  /// Throws if choices of other settings contradict this one.
  func check(_ settings: ResolvedSettings) throws(TrainingError)
}
