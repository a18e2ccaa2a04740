/// Every setting of a run: the given values, and defaults for the rest.
public struct ResolvedSettings: Sendable {
  package let recipe: Situation.Recipe
  private var choices: [String: any Sendable] = [:]
  private var given: Set<String> = []

  init(_ recipe: Situation.Recipe) { self.recipe = recipe }

  /// The chosen value of any setting.
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

  /// Whether the setting was given, not left open.
  package func isGiven<Choice>(_ setting: Setting<Choice>) -> Bool { given.contains(setting.name) }

  /// The choices as texts, in the order of `GivenSettings.settings`, without choices that are nil.
  package var values: [(name: String, value: String)] {
    GivenSettings.settings.compactMap { setting in setting.text(self).map { (setting.name, $0) } }
  }

  /// The settings of the run as a configuration file, one line each: the given ones, and the defaults needed
  /// to repeat the run.
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
