import VisionImage
import Foundation
import Testing
import VisionNet

@testable import VisionNetCLI

@Suite(.enabled(if: Tool.isBuilt, "the executable is not built"))
struct PreprocessingCommandTests {
  private func show(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(["preprocessing", "show"] + arguments)
  }

  @Test func presetsAreListed() throws {
    for arguments in [["preprocessing"], ["preprocessing", "list"]] {
      let result = try Tool.run(arguments)
      #expect(result.status == 0)
      for preset in PreprocessingPreset.allCases { #expect(result.output.contains("\(preset.rawValue) ")) }
    }
  }

  @Test func whatIsShownIsWhatIsRead() throws {
    for preset in PreprocessingPreset.allCases {
      let result = try show(preset.rawValue, "--size", "96x64")
      #expect(result.status == 0)
      #expect(try Preprocessing(json: result.output) == preset.resolved(height: 96, width: 64, channels: 3))
    }
    #expect(try Preprocessing(json: show("imagenet").output) == .imageNet(224))
    let gray = try show("bytes", "--size", "28", "--channels", "1")
    #expect(try Preprocessing(json: gray.output).channels == .gray)
    let published = try show("efficientnet-lite0")
    #expect(try Preprocessing(json: published.output) == .efficientNetLite(224))
  }

  @Test func modelsAndFilesAreShown() throws {
    let colors = try ColorFolder()
    #expect(try Preprocessing(json: show(colors.model).output) == ColorModel.preprocessing())
    let hub = """
      {"image_processor_type": "ViTImageProcessor", "size": 32, "resample": 2, "image_mean": 0.5, "image_std": [0.5, 0.5, 0.25]}
      """
    try colors.folder.write("\u{FEFF}" + hub, to: "preprocessor_config.json")
    let shown = try show(colors.path("preprocessor_config.json"))
    #expect(try Preprocessing(json: shown.output).deviation == [0.5, 0.5, 0.25])
    try colors.folder.write(shown.output, to: "own.json")
    #expect(try show(colors.path("own.json")).output == shown.output)
    try ColorModel.model(isForeign: true).write(to: colors.path("foreign.onnx"))
    let foreign = try show(colors.path("foreign.onnx"))
    #expect(foreign.status == 65)
    #expect(foreign.messages.contains("does not say how images become its input"))
  }

  @Test func whatIsNotThereOrMalformedIsToldWithItsPlace() throws {
    let folder = try TemporaryFolder()
    try folder.write("{\n \"version\": 1,\n \"width\": 8,,\n}", to: "bad.json")
    let bad = try show(folder.file("bad.json"))
    #expect(bad.status == 65)
    #expect(bad.messages.contains("bad.json: line 3, column 13: malformed JSON"))
    try folder.write(#"{"image_processor_type": "ViTImageProcessor", "do_pad": true}"#, to: "pad.json")
    #expect(try show(folder.file("pad.json")).messages.contains("pad.json: do_pad: images are padded"))
    let typo = try show("imagenet-inceptoin")
    #expect(typo.status == 66)
    #expect(typo.messages.contains("did you mean imagenet-inception?"))
    #expect(try show("none.json").status == 66)
    #expect(try show(folder.path).status == 66)
    #expect(try show("imagenet", "--size", "0").status == 64)
    #expect(try show("imagenet", "--size", "8x8x8").status == 64)
    #expect(try show("imagenet", "--channels", "2").status == 64)
    #expect(try show("efficientnet-lite0", "--size", "32").status == 64)
    #expect(try show("imagenet", "--channels", "1").status == 65)
  }

  /// A model of others, with labels and preprocessing as other programs write them.
  @Test func filesOfOthersServeAModelOfOthers() throws {
    let colors = try ColorFolder()
    try ColorModel.model(isForeign: true).write(to: colors.path("foreign.onnx"))
    let hub = """
      {"feature_extractor_type": "ViTFeatureExtractor", "size": 8, "resample": 4, "rescale_factor": 0.02, "do_normalize": false}
      """
    try colors.folder.write(hub, to: "preprocessor_config.json")
    try colors.folder.write("nc: 3\nnames:\n  0: red\n  1: green\n  2: 'blue, dark'\n", to: "data.yaml")
    let result = try Tool.run([
      "classify", colors.path("blue.jpg"), "-m", colors.path("foreign.onnx"), "--labels",
      colors.path("data.yaml"),
      "--preprocessing", colors.path("preprocessor_config.json"),
    ])
    let own = try colors.classify(colors.path("blue.jpg"))
    #expect(result.status == 0)
    #expect(result.output == own.output)
  }
}
