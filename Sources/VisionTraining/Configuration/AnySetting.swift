package import VisionSystem

/// A setting whatever its choices are.
package protocol AnySetting: Sendable {
  /// Such as `batch-size`.
  var name: String { get }
  /// A sentence about it for the command line.
  var help: String { get }
  /// What a value must be, such as `a whole number from 1 to 65536`.
  var wanted: String { get }
  var role: SettingRole { get }
  /// The recipes that it means something to.
  var recipes: Set<Situation.Recipe> { get }
  /// The recipes whose configuration names the choice that was made where the setting was left open.
  var keptIn: Set<Situation.Recipe> { get }
  /// Why it cannot be given with a recipe that it means nothing to; nil for the general reason.
  var objection: String? { get }
  /// Whether any text is a value.
  var isText: Bool { get }

  /// Gives it the value that a text says, and answers whether the text is of its type and range.
  func read(_ text: String, into given: inout GivenSettings) -> Bool
  /// Adds what was given, or else what suits, to the choices of the situation.
  func resolve(_ given: GivenSettings, in situation: inout Situation)
  /// Its choice as text; nil where it leaves something to the data or the model.
  func text(_ settings: ResolvedSettings) -> String?
  /// Refuses choices of other settings that contradict its own.
  func check(_ settings: ResolvedSettings) throws(TrainingError)
}
