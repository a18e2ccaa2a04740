package import VisionSystem

extension GivenSettings {
  /// The recipe that follows from the settings.
  package var recipe: Situation.Recipe {
    if self[.task] == .detection { return .detector }
    if self[.isFromScratch] == true { return .scratch }
    guard let tuning = self[.fineTuning], tuning != .none else { return .head }
    return .fineTune
  }

  /// Every setting: the given values, and defaults for the rest.
  ///
  /// - Throws: `TrainingError`: `settings` if two settings contradict each other, `architecture` for an
  ///   unknown network, `network` for one that cannot take the images.
  package func resolved(in situation: Situation) throws(TrainingError) -> ResolvedSettings {
    let result = try choices(in: situation)
    for setting in Self.settings { try setting.check(result) }
    return result
  }

  /// The same without checking for contradictions, for a situation that is only partly known.
  package func choices(in situation: Situation) throws(TrainingError) -> ResolvedSettings {
    var situation = situation
    for setting in Self.start + Self.images { setting.resolve(self, in: &situation) }
    if let survey = situation.survey {
      let network = try survey.network(situation.resolved)
      situation.resolved.set(.architecture, to: network.name)
      situation.isNormalized = network.isNormalized
    }
    for setting in Self.learning + Self.call { setting.resolve(self, in: &situation) }
    return situation.resolved
  }

  /// Throws for given settings that the recipe does not use.
  ///
  /// - Throws: `ConfigurationError` `conflict`.
  package func check() throws(ConfigurationError) {
    let recipe = recipe
    // A flag of the call that is false has no effect with any recipe.
    let idle = Self.settings.filter { setting in
      guard let value = values[setting.name], !setting.recipes.contains(recipe) else { return false }
      return setting.role != .call || value.text != "false"
    }
    guard let first = idle.first else { return }
    if let own = idle.first(where: { $0.recipes == [.detector] }), let objection = own.objection {
      throw ConfigurationError(.conflict, objection, place: "--\(own.name)", remedy: "omit it")
    }
    switch recipe {
    case .scratch:
      throw ConfigurationError(
        .conflict, first.objection ?? "no effect on a network with random weights",
        place: "--\(first.name)", remedy: "omit it or --from-scratch")
    case .detector:
      throw ConfigurationError(
        .conflict, first.objection ?? "no effect on a detector", place: "--\(first.name)",
        remedy: "omit it")
    case .fineTune:
      throw ConfigurationError(
        .conflict, first.objection ?? "no effect on fine-tuning", place: "--\(first.name)",
        remedy: "omit it, or train a whole network by --from-scratch")
    case .head:
      throw ConfigurationError(
        .conflict,
        "--\(idle.map(\.name).joined(separator: ", --")) \(idle.count == 1 ? "needs" : "need") --fine-tune or --from-scratch",
        remedy: "by default only a new last layer is fitted, to the end and without epochs")
    }
  }
}
