/// Every setting of a run: what was given, and for the rest what suits. None is left open.
public struct ResolvedSettings: Sendable {
  package let recipe: Situation.Recipe
  private var choices: [String: any Sendable] = [:]
  private var given: Set<String> = []

  init(_ recipe: Situation.Recipe) { self.recipe = recipe }

  /// What was chosen. Every setting that there is can be asked for.
  public subscript<Choice>(setting: Setting<Choice>) -> Choice {
    guard let choice = choices[setting.name] as? Choice else {
      preconditionFailure("the setting \(setting.name) is asked for before it is resolved")
    }
    return choice
  }

  mutating func set<Choice>(_ setting: Setting<Choice>, to choice: Choice, isGiven: Bool = false) {
    choices[setting.name] = choice
    if isGiven { given.insert(setting.name) }
  }

  /// Whether the setting was given, and not left open.
  package func isGiven<Choice>(_ setting: Setting<Choice>) -> Bool { given.contains(setting.name) }

  /// The choices as texts, in the order of the list; those that leave something to the data or the model are left away.
  package var values: [(name: String, value: String)] {
    GivenSettings.settings.compactMap { setting in setting.text(self).map { (setting.name, $0) } }
  }

  /// The settings of the run as a configuration file, a line each: what was given, and what the run chose and needs again.
  public var yaml: String {
    GivenSettings.yaml(
      GivenSettings.settings.compactMap { setting in
        guard setting.role != .call, given.contains(setting.name) || setting.keptIn.contains(recipe) else {
          return nil
        }
        return setting.text(self).map { (setting, $0) }
      })
  }
}
