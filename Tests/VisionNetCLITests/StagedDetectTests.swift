import Foundation
import Testing
import VisionNet

/// Commands and library with a detector that selects boxes by itself, so that its shapes follow from the image: a box of 2 × 2
/// pixels and the class 3 for each pixel that is bright.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct StagedDetectTests {
  let folder: TemporaryFolder
  let model: String

  /// Made with `onnx.helper`, see `StagedDetectorTests`.
  private static let file = """
    CAgSADq3BAo3CgVpbWFnZRIEbWVhbiIKUmVkdWNlTWVhbioLCgRheGVzQACgAQcqDwoIa2VlcGRpbXMYAKABAgodCgRtZWFu\
    CgRoYWxmEgZicmlnaHQiB0dyZWF0ZXIKGQoGYnJpZ2h0EgZwbGFjZXMiB05vblplcm8KKAoGcGxhY2VzEgRyb3dzIglUcmFu\
    c3Bvc2UqDQoEcGVybUABQACgAQcKHgoEbWVhbgoEcm93cxIGc2NvcmVzIghHYXRoZXJORAoaCgRyb3dzEgFyIgRDYXN0KgkK\
    AnRvGAGgAQIKKAoBcgoGdHVybmVkEgZjb3JuZXIiBkdhdGhlcioLCgRheGlzGAGgAQIKFwoGY29ybmVyCgN0d28SA2VuZCID\
    QWRkCikKBmNvcm5lcgoDZW5kEgVib3hlcyIGQ29uY2F0KgsKBGF4aXMYAaABAgoSCgZzY29yZXMSAW4iBVNoYXBlChoKBXRo\
    cmVlCgFuEgZsYWJlbHMiBkV4cGFuZBIBZyoOEAFCBGhhbGZKBAAAAD8qHggCEAdCBnR1cm5lZEoQAQAAAAAAAAAAAAAAAAAA\
    ACoNEAFCA3R3b0oEAAAAQCoVCAEQB0IFdGhyZWVKCAMAAAAAAAAAWh0KBWltYWdlEhQKEggBEg4KAggDCgMSAWgKAxIBd2IY\
    CgVib3hlcxIPCg0IARIJCgMSAW4KAggEYhUKBmxhYmVscxILCgkIBxIFCgMSAW5iFQoGc2NvcmVzEgsKCQgBEgUKAxIBbkIE\
    CgAQEA==
    """

  init() throws {
    folder = try TemporaryFolder()
    model = folder.file("spots.onnx")
    try #require(Data(base64Encoded: Self.file)).write(to: URL(fileURLWithPath: model))
    for (name, x) in [("a.png", 3), ("b.png", 70)] {
      try Image(width: 90, height: 20) { pixels in
        pixels.update(repeating: 0)
        for channel in 0..<3 { pixels[(5 * 90 + x) * 3 + channel] = 204 }
      }.write(to: folder.file(name))
    }
    try folder.write("none\na\nb\nspot\n", to: "names.txt")
    try folder.write(
      "image,label,x,y,width,height\na.png,spot,3,5,2,2\nb.png,spot,70,5,2,2\n", to: "boxes.csv")
  }

  @Test func evaluateMeasuresIt() throws {
    let arguments = [
      "evaluate", model, folder.file("boxes.csv"), "--labels", folder.file("names.txt"), "--format",
    ]
    let result = try Tool.run(arguments + ["json"])
    #expect(result.status == 0, "\(result.messages)")
    let record = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect(record?["mAP50-95"] as? Double == 1)
    let page = try Tool.run(arguments + ["html"])
    #expect(page.status == 0 && page.output.contains("spot"), "\(page.messages)")
    // Without names, nobody knows what the classes are.
    let unnamed = try Tool.run(["evaluate", model, folder.file("boxes.csv")])
    #expect(unnamed.status != 0 && unnamed.messages.contains("spot"))
  }

  @Test func theLibraryReadsIt() throws {
    let detector = try ObjectDetector(contentsOf: model)
    #expect(detector.model == nil)
    let found = try detector.detect(contentsOf: folder.file("b.png"))
    #expect(found.map(\.box) == [Box(x: 70, y: 5, width: 2, height: 2)] && found.map(\.index) == [3])
  }

  @Test func tilesGiveTheSame() throws {
    func boxes(_ arguments: String...) throws -> [String] {
      let result = try Tool.run(
        ["detect", folder.file("a.png"), folder.file("b.png"), "-m", model] + arguments)
      #expect(result.status == 0, "\(result.messages)")
      return result.lines
    }
    #expect(try boxes("--tiles", "32") == boxes())
    #expect(try Tool.run(["detect", folder.file("a.png"), "-m", model, "--tiles", "5"]).status == 64)
  }

  @Test func runDecodesIt() throws {
    let result = try Tool.run([
      "run", model, "--decode", "--shape", "image=3,6,7", "--force", "--output-dir", folder.file("out"),
    ])
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.lines.count == 3 && result.messages.contains("torchvision"), "\(result.output)")
    let both = try Tool.run([
      "run", model, "--decode", "--interpreter", "--shape", "image=3,6,7", "--force", "--output-dir",
      folder.file("out"),
    ])
    #expect(both.status == 64)
  }
}
