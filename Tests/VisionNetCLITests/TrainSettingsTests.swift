import VisionTraining
import Foundation
import Testing
import VisionNet

@testable import VisionNetCLI

/// The flags of `visionnet train` and the settings of its files.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct TrainSettingsTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (index, label) in ["dark", "light"].enumerated() {
      try FileManager.default.createDirectory(
        atPath: folder.file("data/\(label)"), withIntermediateDirectories: true)
      for number in 0..<4 {
        let value = UInt8(40 + 150 * index + number)
        try ColorModel.writeImage(value, value, value, to: folder.file("data/\(label)/\(number).png"))
      }
    }
  }

  private func train(_ arguments: String...) throws -> Tool.Result { try Tool.run(["train"] + arguments) }

  @Test func everyFlagIsASettingAndEverySettingAFlag() throws {
    let help = try train("--help").output
    let flags = Set(
      help.split(whereSeparator: { " \n/,(".contains($0) }).filter { $0.hasPrefix("--") }.map {
        String($0.dropFirst(2).prefix { $0.isLetter || $0 == "-" })
      })
    let settings = Set(GivenSettings.settings.map(\.name))
    for name in settings where name != "data" { #expect(flags.contains(name), "--\(name) is missing") }
    let ofTheCall: Set = ["config", "resume", "format", "quiet", "verbose", "color", "help", "version"]
    let others = flags.subtracting(settings).subtracting(ofTheCall).filter { !$0.hasPrefix("no-") }
    #expect(others.isEmpty, "no settings: \(others.sorted())")
  }

  /// A property is a flag, and what is given to the flag reaches the setting of its name.
  @Test func everyFlagIsReadIntoItsSetting() throws {
    for setting in GivenSettings.settings where setting.name != "data" {
      let text = ["text": "some", "true or false": "true"][setting.wanted]
      let example =
        try text ?? #require(
          Self.examples.first { (try? Self.given(setting.name, $0)) != nil }, "\(setting.name)")
      let flag = setting.wanted == "true or false" ? ["--\(setting.name)"] : ["--\(setting.name)", example]
      let given = try TrainFlags.parse(flag).given()
      #expect(given.names == [setting.name])
      #expect(try given == Self.given(setting.name, example), "\(setting.name)")
    }
    #expect(try TrainFlags.parse([]).given().names.isEmpty)
    #expect(try TrainFlags.parse(["--no-cache", "--no-strict"]).given()[.usesCache] == false)
  }

  private static func given(_ name: String, _ text: String) throws -> GivenSettings {
    var given = GivenSettings()
    try given.set(name, to: text)
    return given
  }

  /// Values of which each setting takes one.
  private static let examples = [
    "3", "0.5", "detection", "last-2", "64x32", "scaled", "strong", "focal", "balanced", "lamb", "cosine",
  ]

  @Test(arguments: [
    ("epochs", "0"), ("lr", "fast"), ("optimizer", "lion"), ("schedule", "cosin"), ("augment", "heavy"),
    ("image-size", "5x"), ("threads", "0"), ("validation", "1"), ("fine-tune", "some"), ("batch-size", "-3"),
    ("seed", "x"), ("mixup", "nan"), ("ema", "1"), ("loss", "hinge"), ("patience", "1.5"), ("momentum", "2"),
  ]) func flagsAreCheckedAsFilesAre(_ name: String, _ text: String) throws {
    let flag = try train(folder.file("data"), "--\(name)=\(text)")
    #expect(flag.status == 64)
    #expect(flag.messages.contains("error: --\(name): '\(text)' is not "))
    try folder.write("data: \(folder.file("data"))\n\(name): \(text)\n", to: "run.yaml")
    let file = try train("--config", folder.file("run.yaml"))
    #expect(file.status == 64)
    #expect(file.messages.contains("run.yaml, line 2: \(name): '\(text)' is not "))
  }

  @Test func filesThatAreWrongAreRefusedBeforeAnythingHappens() throws {
    #expect(try train("--config", folder.file("none.yaml")).status == 66)
    try folder.write("epoch: 3\n", to: "typo.yaml")
    let typo = try train(folder.file("data"), "--config", folder.file("typo.yaml"))
    #expect(typo.status == 64)
    #expect(typo.messages.contains("typo.yaml, line 1: there is no setting 'epoch' (did you mean epochs"))
    #expect(try train().status == 64)
    #expect(try train("--config", "x", "--resume", "y").status == 64)
  }

  @Test func settingsThatContradictEachOtherAreNamed() throws {
    func refusal(_ arguments: String...) throws -> String {
      let result = try Tool.run(["train", folder.file("data"), "--offline"] + arguments)
      #expect(result.status == 64 || result.status == 65, "\(arguments)")
      return result.messages
    }
    #expect(try refusal("--epochs", "3").contains("error: --epochs needs --fine-tune or --from-scratch"))
    #expect(try refusal("--find-lr").contains("--find-lr needs --fine-tune or --from-scratch"))
    #expect(
      try refusal("--from-scratch", "--model", "x").contains(
        "--model: no effect on a network with random weights"))
    #expect(try refusal("--architecture", "lenet5").contains("no pretrained weights of lenet5"))
    #expect(try refusal("--from-scratch", "--architecture", "resnet19").contains("did you mean resnet18"))
    let focal = ["--from-scratch", "--loss", "focal", "--mixup", "1", "--dry-run"]
    #expect(
      try Tool.run(["train", folder.file("data")] + focal).messages.contains("the focal loss wants one class")
    )
    #expect(
      try refusal("--from-scratch", "--epochs", "2", "--warmup", "2", "--dry-run").contains(
        "a warm-up of 2.0"))
    #expect(
      try refusal("--from-scratch", "--architecture", "vgg16", "--image-size", "40", "--dry-run")
        .contains("cannot take images of 40×40"))
  }
}
