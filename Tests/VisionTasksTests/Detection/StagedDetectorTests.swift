import Foundation
import Testing
import VisionCompute
import VisionData
import VisionImage
import VisionModel
import VisionSystem

@testable import VisionTasks

@Suite struct StagedDetectorTests {
  /// An ONNX file (opset 16) whose shapes follow from the image C×H×W: for each pixel whose mean is above 0.5 a box of
  /// 2 × 2 pixels, the class 3, and the mean as score. Made with `onnx.helper` of ReduceMean, Greater, NonZero, Transpose,
  /// GatherND, Cast, Gather, Add, Concat, Shape and Expand.
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

  private static func program() throws -> Program {
    let bytes = try #require(Data(base64Encoded: file))
    return try OnnxReader.readProgram(bytes: Array(bytes))
  }

  /// A black image with gray pixels.
  private static func image(_ width: Int, _ height: Int, _ spots: [(x: Int, y: Int, value: UInt8)]) throws
    -> Image
  {
    try Image(width: width, height: height) { pixels in
      pixels.update(repeating: 0)
      for spot in spots {
        for channel in 0..<3 { pixels[(spot.y * width + spot.x) * 3 + channel] = spot.value }
      }
    }
  }

  @Test func eachImageRunsAtItsOwnSize() throws {
    let detector = try StagedDetector(Self.program(), labels: nil, on: Executor(threads: 1))
    #expect(detector.note.contains("torchvision") && detector.task.selection.overlap == 1)
    for (width, height) in [(8, 6), (31, 17), (8, 6)] {
      let spots: [(x: Int, y: Int, value: UInt8)] = [(5, 2, 204), (width - 1, 3, 255)]
      let found = try detector.predict([Self.image(width, height, spots)])[0]
      #expect(
        found.map(\.box) == [
          Box(x: Double(width - 1), y: 3, width: 1, height: 2), Box(x: 5, y: 2, width: 2, height: 2),
        ])
      #expect(found.map { ($0.score * 255).rounded() } == [255, 204])
      #expect(found.map(\.label) == ["class 3", "class 3"] && found.map(\.index) == [3, 3])
    }
    #expect(try detector.predict([Self.image(9, 9, [])])[0].isEmpty)
  }

  @Test func boxesAreChosenByScoreAndClassAlone() throws {
    var detector = try StagedDetector(
      Self.program(), labels: ["none", "a", "b", "spot"], on: Executor(threads: 1))
    detector.task.selection.confidence = 0.9
    let image = try Self.image(8, 6, [(5, 2, 204), (5, 3, 250), (4, 3, 240)])
    let found = try detector.predict([image])[0]
    // Overlapping ones stay: the network has selected them.
    #expect(found.map(\.label) == ["spot", "spot"])
    detector.task.chosenClasses = [1]
    #expect(try detector.predict([image])[0].isEmpty)
  }

  @Test func otherOutputsAreRefused() throws {
    #expect(throws: RoleError.self) {
      try StagedDetector(Self.program(), labels: nil, head: .yunet, on: Executor(threads: 1))
    }
  }
}
