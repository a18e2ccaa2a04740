package import VisionSystem

/// A setting of a training, declared once: its name as a flag and as a key of configuration files, its
/// values, the recipes that use it, its rule, and its default.
///
/// ```swift
/// var given = GivenSettings()
/// given[.epochs] = 40
/// let settings = try given.resolved(for: survey)
/// print(settings[.optimizer])
/// ```
///
/// For an optional choice, nil leaves the decision to the data or the model.
public struct Setting<Choice: Sendable>: AnySetting {
  /// Such as `batch-size`.
  public let name: String
  /// A sentence about it for the command line.
  public let help: String
  let values: SettingValues<Choice>
  package let role: SettingRole
  package let recipes: Set<Situation.Recipe>
  package let keptIn: Set<Situation.Recipe>
  package let objection: String?
  private let suits: @Sendable (Situation) -> Choice
  private let rule: @Sendable (Choice, ResolvedSettings) throws(TrainingError) -> Void

  /// - Parameters:
  ///   - recipes: the recipes that use it; nil for those of the role.
  ///   - keptIn: the recipes whose configuration also keeps its default; nil for those of the role.
  ///   - objection: why it cannot be given with another recipe; nil for the general reason.
  ///   - suits: its default. The settings before it in the list are already resolved.
  ///   - rule: throws if other settings contradict its choice, which is the first argument.
  init(
    _ name: String, _ values: SettingValues<Choice>, _ role: SettingRole,
    recipes: Set<Situation.Recipe>? = nil, keptIn: Set<Situation.Recipe>? = nil, objection: String? = nil,
    help: String, suits: @escaping @Sendable (Situation) -> Choice,
    rule: @escaping @Sendable (Choice, ResolvedSettings) throws(TrainingError) -> Void = { _, _ in }
  ) {
    (self.name, self.values, self.role, self.help) = (name, values, role, help)
    self.recipes = recipes ?? role.recipes
    self.keptIn = keptIn ?? role.keptIn.intersection(self.recipes)
    (self.objection, self.suits, self.rule) = (objection, suits, rule)
  }

  package var wanted: String { values.wanted }
  package var isText: Bool { values.isText }

  package func read(_ text: String, into given: inout GivenSettings) -> Bool {
    guard let choice = values.read(text) else { return false }
    given[self] = choice
    return true
  }

  package func resolve(_ given: GivenSettings, in situation: inout Situation) {
    if let choice = given[self] {
      situation.resolved.set(self, to: choice, isGiven: true)
    } else if let own = situation.survey?.choice(of: name, in: situation), let choice = own as? Choice {
      situation.resolved.set(self, to: choice, isGiven: false)
    } else {
      situation.resolved.set(self, to: suits(situation), isGiven: false)
    }
  }

  package func text(_ settings: ResolvedSettings) -> String? { values.write(settings[self]) }

  package func check(_ settings: ResolvedSettings) throws(TrainingError) {
    try rule(settings[self], settings)
  }
}
