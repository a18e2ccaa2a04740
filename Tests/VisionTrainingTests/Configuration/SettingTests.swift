import Testing
import VisionData
import VisionSystem
import VisionTestSupport

@testable import VisionTraining

@Suite struct SettingTests {
  /// What suits is a value that could be given, in every situation: it is in the range, and reads back as it is.
  @Test(arguments: Situation.Recipe.allCases, [0, 1, 7, 40, 900, 5_000, 1_000_000])
  func whatSuitsCouldBeGiven(_ recipe: Situation.Recipe, _ samples: Int) throws {
    try check(Situation(recipe, samples: samples))
  }

  private struct Images: SurveyedData {
    let samples = 12
    let heldBack = 0.1
    let root = "photos"
    let isGray: Bool
    let architecture = "mlp"
    func imageSize(for architecture: String?) -> ImageSize { ImageSize(architecture == nil ? 128 : 20) }
    func network(_ settings: ResolvedSettings) -> (name: String?, isNormalized: Bool) {
      (settings[.architecture] ?? "", settings[.architecture] != "mlp")
    }
  }

  @Test(arguments: [true, false]) func whatSuitsExaminedImagesCouldBeGiven(isGray: Bool) throws {
    for architecture in [nil, "mlp", "simple-cnn"] {
      var given = GivenSettings()
      given[.architecture] = architecture
      try check(Situation(Images(isGray: isGray)), given)
    }
  }

  private func check(_ situation: Situation, _ given: GivenSettings = GivenSettings()) throws {
    let settings = try given.resolved(in: situation)
    var all = GivenSettings()
    for setting in GivenSettings.settings {
      guard let text = setting.text(settings) else { continue }
      try all.set(setting.name, to: text)
      #expect(!setting.help.isEmpty)
    }
    let again = try all.resolved(in: situation)
    for setting in GivenSettings.settings {
      #expect(setting.text(again) == setting.text(settings), "\(setting.name)")
    }
    // Nothing is left open but what the data or the model says.
    let open = GivenSettings.settings.filter { setting in
      !settings.values.contains { $0.name == setting.name }
    }
    let loose: Set = [
      "data", "task", "annotations", "label-column", "embedding", "preprocessing", "architecture",
      "image-size", "decoding",
      "black",
      "white", "output", "minutes",
    ]
    #expect(Set(open.map(\.name)).isSubset(of: loose))
    #expect(GivenSettings.settings.allSatisfy { !$0.recipes.isEmpty && $0.keptIn.isSubset(of: $0.recipes) })
  }

  @Test func namesAreUnique() {
    let names = GivenSettings.settings.map(\.name)
    #expect(Set(names).count == names.count)
  }

  private func settings(for recipe: Situation.Recipe) -> GivenSettings {
    var given = GivenSettings()
    given[.task] = recipe == .detector ? .detection : .classification
    given[.isFromScratch] = recipe == .scratch
    given[.fineTuning] = recipe == .fineTune ? .all : FineTuning.none
    if [.scratch, .detector].contains(recipe) { given[.fineTuning] = nil }
    return given
  }

  /// A setting that means nothing to a recipe is refused there, by name, and no other is.
  @Test(arguments: Situation.Recipe.allCases) func whatMeansNothingIsRefused(_ recipe: Situation.Recipe)
    throws
  {
    for (name, text) in GivenSettingsTests.values where !["task", "from-scratch", "fine-tune"].contains(name)
    {
      let setting = try #require(GivenSettings.setting(name))
      var given = settings(for: recipe)
      try given.set(name, to: setting.role == .call && text == "false" ? "true" : text)
      #expect(given.recipe == recipe)
      let refusal: ConfigurationError?
      do throws(ConfigurationError) {
        try given.check()
        refusal = nil
      } catch { refusal = error }
      #expect((refusal == nil) == setting.recipes.contains(recipe), "\(name)")
      if let refusal, setting.objection == nil { #expect(refusal.description.contains("--\(name)")) }
    }
  }

  /// Rules between settings hold wherever weights learn by steps, before anything is read.
  @Test(arguments: [Situation.Recipe.fineTune, .scratch])
  func contradictionsAreRefused(_ recipe: Situation.Recipe) throws {
    let situation = Situation(recipe, samples: 100)
    func refusal(_ change: (inout GivenSettings) -> Void) throws -> String {
      var given = settings(for: recipe)
      change(&given)
      let error = try #require(throws: TrainingError.self) { try given.resolved(in: situation) }
      #expect(error.kind == .settings)
      return error.message
    }
    func focal(_ change: (inout GivenSettings) -> Void) throws -> String {
      try refusal {
        $0[.loss] = .focal
        change(&$0)
      }
    }
    #expect(try focal { $0[.mixup] = 1 }.contains("one class"))
    #expect(try focal { $0[.cutmix] = 0.5 }.contains("one class"))
    #expect(try focal { $0[.labelSmoothing] = 0.1 }.contains("one class"))
    #expect(try refusal { ($0[.epochs], $0[.warmup]) = (2, 2) }.hasPrefix("a warm-up of 2.0 epochs"))
    // Alone, the focal loss has what suits it.
    var given = settings(for: recipe)
    given[.loss] = .focal
    #expect(try given.resolved(in: situation)[.labelSmoothing] == 0)
  }

  /// The epochs of a detector are given, or follow from a time.
  @Test func epochsAndMinutesContradictEachOther() throws {
    var given = settings(for: .detector)
    given[.minutes] = 5
    #expect(try given.resolved(in: Situation(.detector, samples: 9))[.minutes] == 5)
    given[.epochs] = 3
    #expect(throws: TrainingError.self) { try given.resolved(in: Situation(.detector, samples: 9)) }
  }

  /// Data may have defaults of their own.
  @Test func defaultsOfTheDataComeFirst() throws {
    struct Boxes: SurveyedData {
      let samples = 12
      let heldBack = 0.1
      let root = "boxes"
      let isGray = false
      let architecture = "mlp"
      func imageSize(for architecture: String?) -> ImageSize { ImageSize(320) }
      func network(_ settings: ResolvedSettings) -> (name: String?, isNormalized: Bool) { ("mlp", true) }
      func choice(of setting: String, in situation: Situation) -> (any Sendable)? {
        setting == "epochs" ? situation[.imageSize]?.width : setting == "data" ? "elsewhere" : nil
      }
    }
    var given = settings(for: .detector)
    let settings = try given.resolved(in: Situation(Boxes(), .detector))
    #expect(settings[.validation] == 0.1)
    #expect(settings[.epochs] == 320 && settings[.data] == "elsewhere" && !settings.isGiven(.epochs))
    #expect(settings.yaml.contains("task: detection\n") && settings.yaml.contains("mosaic: 0.5\n"))
    #expect(!settings.yaml.contains("cutmix") && !settings.yaml.contains("label-smoothing"))
    given[.epochs] = 4
    #expect(try given.resolved(in: Situation(Boxes(), .detector))[.epochs] == 4)
  }

  /// A choice that may be none is given, taken back and left open like any other.
  @Test func choicesThatMayBeNone() throws {
    var given = GivenSettings()
    #expect(given[.black] == nil)
    given[.black] = 16
    given[.embedding] = "pool"
    #expect(given.names == ["embedding", "black"])
    let settings = try given.resolved(in: Situation(.head))
    #expect(settings[.black] == 16)
    #expect(settings[.embedding] == "pool")
    #expect(settings[.white] == nil)
    #expect(settings.isGiven(.black))
    #expect(!settings.isGiven(.white))
    given[.black] = nil
    #expect(given.names == ["embedding"])
  }
}
