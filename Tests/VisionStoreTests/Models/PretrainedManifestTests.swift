import Foundation
import VisionLayers
import Testing

@testable import VisionStore

@Suite struct PretrainedManifestTests {
  private static let entry = """
    {"name": "tiny", "package": "tiny-model", "version": "1.0", "file": "tiny_model/models/lenet5.pth",
     "sha256": "\(TinyWheel.sha256)", "architecture": "lenet5", "labels": ["a", "b"], "license": "MIT",
     "preprocessing": {"version": 1, "width": 28, "height": 28, "fit": {"mode": "squash"}, "filter": "bilinear",
       "channels": "gray", "scale": [1], "mean": [0], "deviation": [1]},
     "parameters": 61706, "megabytes": 0.1, "top1": 0.99}
    """

  private func manifest(_ old: String = "", _ new: String = "") throws(StoreError) -> PretrainedManifest {
    let text = "{\"version\": 1, \"models\": [\(Self.entry)]}"
    return try PretrainedManifest(
      json: [UInt8](text.replacing(old, with: new, maxReplacements: old.isEmpty ? 0 : 1).utf8))
  }

  @Test func theBuiltInModelsPassTheChecksOfAnyOther() throws {
    let models = PretrainedManifest.builtIn.models
    #expect(
      models.filter { $0.task == "classification" }.map(\.name)
        == (0...2).map { "efficientnet-lite\($0)" } + ["fer"])
    #expect(models.filter { $0.task == "detection" }.map(\.name) == ["ssd-mobilenetv2", "yunet"])
    for model in models { try model.check() }
    for model in models where model.architecture != nil {
      let architecture = try #require(model.architecture.flatMap(Architecture.named))
      #expect(architecture.input.height == model.inputSize?.height)
      #expect(architecture.input.width == model.inputSize?.width)
      #expect(model.labels.names.count == architecture.classes)
    }
    #expect(models.filter { $0.architecture != nil }.count == 3)
  }

  @Test func aNetworkThatIsTheFileNeedsNoArchitecture() throws {
    let manifest = try manifest(
      "\"architecture\": \"lenet5\"", "\"task\": \"detection\", \"tag\": \"py2-none-any\"")
    #expect(manifest.models[0].architecture == nil)
    #expect(manifest.models[0].task == "detection")
    #expect(manifest.models[0].wheel.tag == "py2-none-any")
    let again = try PretrainedManifest(json: Array(JSONEncoder().encode(manifest)))
    #expect(again == manifest)
    #expect(
      storeError { _ = try self.manifest("\"architecture\": \"lenet5\"", "\"tag\": \"py2\"") }?.place
        == "tiny.tag")
  }

  @Test func aManifestIsReadAndWritten() throws {
    let manifest = try manifest()
    #expect(manifest.models.map(\.name) == ["tiny"])
    #expect(manifest.models[0].labels == .names(["a", "b"]))
    #expect(manifest.models[0].top1 == 0.99)
    #expect(manifest.models[0].top5 == nil)
    let imageNet = try self.manifest("[\"a\", \"b\"]", "\"imagenet\"")
    #expect(imageNet.models[0].labels == .imageNet)
  }

  @Test(arguments: [
    ("\"tiny\"", "\"../tiny\"", "name"), ("\"tiny\"", "\"Tiny\"", "name"), ("\"tiny\"", "\"\"", "name"),
    ("\"tiny-model\"", "\"--index-url=x\"", "tiny.package"), ("\"1.0\"", "\">=1\"", "tiny.version"),
    ("\"1.0\"", "\"-r\"", "tiny.version"), ("tiny_model/models", "../models", "tiny.file"),
    ("\"tiny_model/models", "\"/models", "tiny.file"), (TinyWheel.sha256, "abc", "tiny.sha256"),
    ("\"lenet5\"", "\"lenet6\"", "tiny.architecture"), ("[\"a\", \"b\"]", "[\"a\", \"a\"]", "tiny.labels"),
    ("[\"a\", \"b\"]", "[]", "tiny.labels"), ("[\"a\", \"b\"]", "\"cifar\"", "models.0.labels"),
    ("0.99", "99", "tiny.top1"), ("61706", "0", "tiny.parameters"), ("0.1,", "-1,", "tiny.megabytes"),
    ("\"width\": 28", "\"width\": 0", "width"), ("\"license\"", "\"lisense\"", "models.0.lisense"),
    ("\"version\": 1,", "\"version\": 2,", "version"), ("\"models\"", "\"model\"", "model"),
    ("\"parameters\": 61706, ", "", "models.0.parameters"), ("61706", "\"many\"", "models.0.parameters"),
  ])
  func aWrongValueIsRefusedByItsPlace(old: String, new: String, place: String) {
    let error = storeError { _ = try manifest(old, new) }
    #expect(error?.kind == .invalidManifest)
    #expect(error?.place == place)
  }

  @Test func malformedJSONIsRefused() {
    for text in ["", "{", "[]", "null", "{\"version\": 1}", String(repeating: "[", count: 100_000)] {
      #expect(storeError { _ = try PretrainedManifest(json: [UInt8](text.utf8)) }?.kind == .invalidManifest)
    }
    let twice = "{\"version\": 1, \"models\": [\(Self.entry), \(Self.entry)]}"
    let error = storeError { _ = try PretrainedManifest(json: [UInt8](twice.utf8)) }
    #expect(error?.kind == .invalidManifest)
    #expect(error?.place == "tiny")
  }

  @Test func aFileInTheConfigurationFolderIsMerged() throws {
    let sandbox = try StoreSandbox()
    let environment = ["XDG_CONFIG_HOME": sandbox.root, "HOME": "/nonexistent"]
    #expect(try PretrainedManifest.standard(environment: environment) == .builtIn)
    let text = "{\"version\": 1, \"models\": [\(Self.entry)]}"
    try sandbox.write([UInt8](text.utf8), "visionnet/models.json")
    let merged = try PretrainedManifest.standard(environment: environment)
    #expect(merged.models.map(\.name) == PretrainedManifest.builtIn.models.map(\.name) + ["tiny"])
    try sandbox.write([UInt8]("{]".utf8), "visionnet/models.json")
    let error = storeError { _ = try PretrainedManifest.standard(environment: environment) }
    #expect(error?.kind == .invalidManifest)
    #expect(error?.place == "\(sandbox.root)/visionnet/models.json")
  }

  @Test func anEntryOfTheSameNameTakesThePlaceOfTheOther() throws {
    let first = try PretrainedManifest([TinyWheel.model(name: "a"), TinyWheel.model(name: "b")])
    let second = try PretrainedManifest([
      TinyWheel.model(name: "c"), TinyWheel.model(name: "a", license: "BSD-3-Clause"),
    ])
    let merged = first.merging(second)
    #expect(merged.models.map(\.name) == ["a", "b", "c"])
    #expect(merged.models[0].license == "BSD-3-Clause")
  }

  @Test func anUnknownNameIsAnsweredWithTheNearest() {
    let error = storeError { _ = try PretrainedManifest.builtIn.model(named: "efficentnet-lite2") }
    #expect(error?.kind == .unknownModel)
    #expect(error?.remedy?.hasPrefix("did you mean efficientnet-lite2") == true)
    let other = storeError { _ = try PretrainedManifest.builtIn.model(named: "x\u{1b}[31m") }
    #expect(other?.message == "there is no pretrained model 'x[31m'")
    #expect(other?.remedy?.hasPrefix("known: efficientnet-lite0") == true)
  }
}
