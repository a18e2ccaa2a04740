import Testing
import VisionTestSupport
import VisionTraining

@Suite struct GivenSettingsTests {
  /// A value of each setting that is not what suits any data.
  static let values: [(name: String, text: String)] = [
    ("data", "photos/my dogs: \"best\""), ("task", "detection"), ("annotations", "boxes.json"),
    ("label-column", "2"), ("model", "true"),
    ("embedding", "pool"), ("preprocessing", "imagenet"), ("architecture", "lenet5"),
    ("from-scratch", "true"), ("fine-tune", "last-3"), ("validation", "0.35"), ("strict", "false"),
    ("strict-decoding", "true"), ("seed", "18446744073709551615"), ("with-selection", "true"),
    ("image-size", "48x32"),
    ("decoding", "scaled"), ("black", "16"), ("white", "4095"),
    ("augment", "strong"), ("mixup", "0.3"),
    ("cutmix", "1.0"), ("mosaic", "0.25"), ("copy-paste", "0.5"), ("loss", "focal"),
    ("class-weights", "balanced"),
    ("label-smoothing", "0.15"),
    ("epochs", "7"), ("batch-size", "33"), ("optimizer", "rmsprop"), ("lr", "0.0003"),
    ("schedule", "one-cycle"), ("warmup", "1.5"), ("weight-decay", "1e-05"), ("momentum", "0.85"),
    ("ema", "0.999"), ("clip", "1.5"), ("patience", "4"), ("threads", "3"), ("image-hashes", "false"),
    ("cache", "false"),
    ("offline", "true"), ("output", "runs/mine"), ("minutes", "12.5"), ("dry-run", "true"),
    ("find-lr", "false"),
  ]

  private func configured(_ values: [(name: String, text: String)]) throws -> GivenSettings {
    var configuration = GivenSettings()
    for (name, text) in values { try configuration.set(name, to: text) }
    return configuration
  }

  private func error(_ yaml: String) throws -> ConfigurationError {
    try #require(
      #expect(throws: ConfigurationError.self) { try GivenSettings(yaml: yaml, name: "run.yaml") })
  }

  @Test func everySettingIsTested() {
    #expect(Self.values.map(\.name) == GivenSettings.settings.map(\.name))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let configuration = try configured(Self.values)
    var kept = configuration
    (kept[.output], kept[.isDryRun], kept[.findsRate], kept[.minutes]) = (nil, nil, nil, nil)
    #expect(kept != configuration)
    #expect(try GivenSettings(yaml: configuration.yaml, name: "config.yaml") == kept)
    for (name, text) in Self.values {
      let one = try configured([(name, text)])
      #expect(one != GivenSettings(), "\(name)")
      let isKept = try #require(GivenSettings.setting(name)).role != .call
      #expect(try (GivenSettings(yaml: one.yaml, name: "") == one) == isKept, "\(name)")
    }
    #expect(GivenSettings().yaml == "")
  }

  @Test(arguments: [
    "no", "007", "1.5", "~", "null", "a b", "- x", "x # y", "ü", "a\nb\t\"c\"\\", "\u{1}\u{2028}", "'", "#",
    "{a}", "*a*b*c*d*e*f*g*h*i*j*k*l*m*n*o*p*q*r",
  ]) func anyNameSurvives(_ name: String) throws {
    var configuration = GivenSettings()
    configuration[.data] = name
    #expect(try GivenSettings(yaml: configuration.yaml, name: "")[.data] == name)
  }

  @Test func flagsOverrideFiles() throws {
    let file = try GivenSettings(yaml: "epochs: 3\nlr: 0.1\nstrict: true", name: "")
    let both = file.overridden(by: try configured([("epochs", "5"), ("strict", "false")]))
    #expect(both[.epochs] == 5)
    #expect(both[.rate] == 0.1)
    #expect(both[.isStrict] == false)
  }

  @Test func nothingIsNothing() throws {
    for text in ["", "# only a word\n", "~\n", "epochs:\nlr: ~\nmodel: null\n"] {
      #expect(try GivenSettings(yaml: text, name: "") == GivenSettings())
    }
  }

  @Test func unknownSettingsAreNamedWithTheNearest() throws {
    let wrong = try error("data: x\n\nepoch: 3\n")
    #expect(wrong.kind == .unknownSetting)
    #expect(wrong.place == "run.yaml, line 3")
    #expect(wrong.remedy?.contains("did you mean epochs") == true)
    #expect(try error("zzzzzzzzzzzzzzz: 3").remedy?.contains("batch-size") == true)
    #expect(try error("resume: runs/x").remedy?.contains("--resume") == true)
  }

  @Test(arguments: [
    "epochs: 0", "epochs: 1.5", "epochs: many", "epochs: \"5\"", "epochs: [5]", "epochs: {a: 1}",
    "epochs: 99999999999999999999", "lr: 0", "lr: -1", "lr: .nan", "lr: .inf", "lr: nan", "validation: 1",
    "validation: given", "strict: yes", "strict: 1", "optimizer: SGD", "optimizer: lion", "augment: heavy",
    "fine-tune: last-0", "fine-tune: last", "image-size: 0", "image-size: 32x", "image-size: 2000",
    "momentum: 1", "seed: -1", "threads: 0", "warmup: -1", "data: \"\"", "data: [a, b]",
  ]) func wrongValuesAreNamedWithTheLine(_ line: String) throws {
    let wrong = try error("model: x\n\(line)\n")
    #expect(wrong.kind == .invalidValue)
    #expect(wrong.place == "run.yaml, line 2")
    #expect(wrong.message.hasPrefix(String(line.prefix { $0 != ":" })))
  }

  @Test func whatIsNoListOfSettingsIsRefused() throws {
    for text in [
      "just words", "- a\n- b", "a: b: c", "\"open", "[1]: 2", "\tdata: x", "data: x\n  y: z\n",
      "a: 1\n---\na: 2\n", "data: *none",
    ] {
      #expect(try error(text).kind == .syntax, "\(text)")
    }
    let twice = try error("epochs: 1\nlr: 2\nepochs: 3")
    #expect(twice.kind == .repeated)
    #expect(twice.message == "given twice, on line 1 too: epochs")
    #expect(twice.place == "run.yaml, line 3")
  }

  /// A key of 250 bytes that stands for 10^9 words; comparing it with others would take hours.
  @Test func aliasesThatMultiplyTakeNoTime() throws {
    var text = "? &a0 [x, x, x, x, x, x, x, x, x, x]\n: 1\n"
    for level in 1...8 {
      let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "? &a\(level) [\(aliases)]\n: 1\n"
    }
    #expect(try error(text).message == "the name of a setting must be text")
    let deep = String(repeating: "[", count: 30_000)
    for text in [deep, "a: " + deep, String(repeating: "{a: ", count: 10_000), "? " + deep] {
      #expect(try error(text).kind == .syntax)
    }
    #expect(try GivenSettings(yaml: "data: &a x\nmodel: *a", name: "")[.model] == "x")
  }

  @Test func rangesAreThoseThatAreSaid() throws {
    for (name, text) in [
      ("epochs", "1"), ("lr", "1e9"), ("validation", "0"), ("fine-tune", "last-1000"), ("ema", "0"),
      ("image-size", "1024"), ("seed", "0"), ("data", "123"), ("optimizer", "\"adamw\""),
    ] {
      #expect(throws: Never.self) { try GivenSettings(yaml: "\(name): \(text)", name: "") }
    }
  }

  @Test func filesThatCannotBeReadAreNamed() throws {
    let folder = try SampleFolder()
    #expect(throws: ConfigurationError.self) { try GivenSettings(contentsOf: folder.file("none.yaml")) }
    #expect(throws: ConfigurationError.self) { try GivenSettings(contentsOf: folder.path) }
    try folder.write([0x61, 0x3a, 0xff], to: "bytes.yaml")
    let wrong = #expect(throws: ConfigurationError.self) {
      try GivenSettings(contentsOf: folder.file("bytes.yaml"))
    }
    #expect(wrong?.kind == .syntax)
    try folder.write([UInt8](repeating: 0x0a, count: 1 << 17), to: "long.yaml")
    #expect(throws: ConfigurationError.self) { try GivenSettings(contentsOf: folder.file("long.yaml")) }
    try folder.write(Array("epochs: 12".utf8), to: "right.yaml")
    #expect(try GivenSettings(contentsOf: folder.file("right.yaml"))[.epochs] == 12)
  }
}
