/// What a setting has to do with a run.
package enum SettingRole: Sendable, Hashable {
  /// The run depends on it, however it is trained.
  case run
  /// The run depends on it when it starts from a pretrained network.
  case pretrained
  /// The run depends on it when weights are learned step by step.
  case learning
  /// Of one call of the command; runs do not keep it.
  case call

  /// The recipes that a setting of this role means something to, unless it says otherwise.
  var recipes: Set<Situation.Recipe> {
    switch self {
    case .run, .call: [.head, .fineTune, .scratch]
    case .pretrained: [.head, .fineTune]
    case .learning: [.fineTune, .scratch]
    }
  }

  /// The recipes whose configuration names its choice also where it was left open, unless it says otherwise.
  var keptIn: Set<Situation.Recipe> {
    switch self {
    case .run, .pretrained: recipes
    case .learning: [.scratch]
    case .call: []
    }
  }
}
