/// How a run depends on a setting.
package enum SettingRole: Sendable, Hashable {
  /// Every run depends on it.
  case run
  /// Runs that start from a pretrained network depend on it.
  case pretrained
  /// Runs that train by gradient descent depend on it.
  case learning
  /// It applies to a single call of the command; runs do not keep it.
  case call

  /// The recipes that use a setting of this role, unless the setting overrides it.
  var recipes: Set<Situation.Recipe> {
    switch self {
    case .run, .call: [.head, .fineTune, .scratch, .detector]
    case .pretrained: [.head, .fineTune]
    case .learning: [.fineTune, .scratch, .detector]
    }
  }

  /// The recipes whose configuration also keeps the default of the setting, unless the setting overrides it.
  var keptIn: Set<Situation.Recipe> {
    switch self {
    case .run, .pretrained, .learning: recipes
    case .call: []
    }
  }
}
