import Foundation
import Testing
import VisionCompute
import VisionData
import VisionImage
import VisionModel
import VisionSystem
import VisionTensor

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

  /// The same for images 1×3×32×64 as Ultralytics pads its results: 1×300×6 with corners, score and the class 1, and the
  /// metadata `task` detect, `head` Detect and two `names`.
  private static let padded = """
    CAgSADrSBgo5CgVpbWFnZRIEbWVhbiIKUmVkdWNlTWVhbioNCgRheGVzQABAAaABByoPCghrZWVwZGltcxgAoAECCh0KBG1l\
    YW4KBGhhbGYSBmJyaWdodCIHR3JlYXRlcgoZCgZicmlnaHQSBnBsYWNlcyIHTm9uWmVybwooCgZwbGFjZXMSBHJvd3MiCVRy\
    YW5zcG9zZSoNCgRwZXJtQAFAAKABBwoZCgRtZWFuCgRyb3dzEgFzIghHYXRoZXJORAoaCgFzCgNvbmUSBXNjb3JlIglVbnNx\
    dWVlemUKGgoEcm93cxIBciIEQ2FzdCoJCgJ0bxgBoAECCigKAXIKBnR1cm5lZBIGY29ybmVyIgZHYXRoZXIqCwoEYXhpcxgB\
    oAECChcKBmNvcm5lcgoDdHdvEgNlbmQiA0FkZAoUCgVzY29yZQoDbmlsEgF6IgNNdWwKFgoBegoFZmlyc3QSBWNsYXNzIgNB\
    ZGQKNwoGY29ybmVyCgNlbmQKBXNjb3JlCgVjbGFzcxIFZm91bmQiBkNvbmNhdCoLCgRheGlzGAGgAQIKHAoEc2l6ZRIDcGFk\
    Ig9Db25zdGFudE9mU2hhcGUKJgoFZm91bmQKA3BhZBIDYWxsIgZDb25jYXQqCwoEYXhpcxgAoAECCiQKA2FsbAoEemVybwoF\
    bGltaXQKBHplcm8SA2N1dCIFU2xpY2UKHgoDY3V0CgVzaGFwZRIHb3V0cHV0MCIHUmVzaGFwZRIBZyoOEAFCBGhhbGZKBAAA\
    AD8qHggCEAdCBnR1cm5lZEoQAQAAAAAAAAAAAAAAAAAAACoNEAFCA3R3b0oEAAAAQCoTCAEQB0IDb25lSggBAAAAAAAAACoN\
    EAFCA25pbEoEAAAAACoPEAFCBWZpcnN0SgQAAIA/KhwIAhAHQgRzaXplShAsAQAAAAAAAAYAAAAAAAAAKhQIARAHQgR6ZXJv\
    SggAAAAAAAAAACoVCAEQB0IFbGltaXRKCCwBAAAAAAAAKiUIAxAHQgVzaGFwZUoYAQAAAAAAAAAsAQAAAAAAAAYAAAAAAAAA\
    Wh8KBWltYWdlEhYKFAgBEhAKAggBCgIIAwoCCCAKAghAYh4KB291dHB1dDASEwoRCAESDQoCCAEKAwisAgoCCAZCBAoAEBBy\
    DgoEdGFzaxIGZGV0ZWN0cg4KBGhlYWQSBkRldGVjdHIcCgVuYW1lcxITezA6ICdhJywgMTogJ3Nwb3QnfQ==
    """

  /// The same for images 1×H×W×3 in bytes with the names and units of TensorFlow's Object Detection API; the class is 3.
  private static let named = """
    CAgSADrKBgobCgVpbWFnZRIBZiIEQ2FzdCoJCgJ0bxgBoAECCjUKAWYSBG1lYW4iClJlZHVjZU1lYW4qDQoEYXhlc0AAQAOg\
    AQcqDwoIa2VlcGRpbXMYAKABAgodCgRtZWFuCgRoYWxmEgZicmlnaHQiB0dyZWF0ZXIKGQoGYnJpZ2h0EgZwbGFjZXMiB05v\
    blplcm8KKAoGcGxhY2VzEgRyb3dzIglUcmFuc3Bvc2UqDQoEcGVybUABQACgAQcKGgoEbWVhbgoEcm93cxICczAiCEdhdGhl\
    ck5EChIKAnMwCgRmdWxsEgFzIgNEaXYKJgoBcwoEemVybxIQZGV0ZWN0aW9uX3Njb3JlcyIJVW5zcXVlZXplCh8KBHJvd3MS\
    BmNvcm5lciIEQ2FzdCoJCgJ0bxgBoAECChcKBmNvcm5lcgoDdHdvEgNlbmQiA0FkZAomCgZjb3JuZXIKA2VuZBICcHgiBkNv\
    bmNhdCoLCgRheGlzGAGgAQIKEQoEbWVhbhICaHciBVNoYXBlChoKAmh3EgNod2YiBENhc3QqCQoCdG8YAaABAgolCgNod2YK\
    A2h3ZhIEaHdodyIGQ29uY2F0KgsKBGF4aXMYAKABAgoUCgJweAoEaHdodxIDcmVsIgNEaXYKJwoDcmVsCgR6ZXJvEg9kZXRl\
    Y3Rpb25fYm94ZXMiCVVuc3F1ZWV6ZQofChBkZXRlY3Rpb25fc2NvcmVzCgNuaWwSAXoiA011bAoiCgF6CgV0aGlyZBIRZGV0\
    ZWN0aW9uX2NsYXNzZXMiA0FkZBIBZyoOEAFCBGhhbGZKBAAA/0IqDhABQgRmdWxsSgQAAH9DKg0QAUIDdHdvSgQAAABAKg0Q\
    AUIDbmlsSgQAAAAAKg8QAUIFdGhpcmRKBAAAQEAqFAgBEAdCBHplcm9KCAAAAAAAAAAAWiEKBWltYWdlEhgKFggCEhIKAggB\
    CgMSAWgKAxIBdwoCCANiJgoPZGV0ZWN0aW9uX2JveGVzEhMKEQgBEg0KAggBCgMSAW4KAggEYiQKEWRldGVjdGlvbl9jbGFz\
    c2VzEg8KDQgBEgkKAggBCgMSAW5iIwoQZGV0ZWN0aW9uX3Njb3JlcxIPCg0IARIJCgIIAQoDEgFuQgQKABAQ
    """

  private static func program(_ text: String = file) throws -> Program {
    let bytes = try #require(Data(base64Encoded: text))
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

  @Test func tensorFlowsNamesAreKnown() throws {
    let detector = try StagedDetector(Self.program(Self.named), labels: nil, on: Executor(threads: 1))
    #expect(detector.note.contains("tensorflow") && detector.task.selection.overlap == 1)
    let found = try detector.predict([Self.image(8, 6, [(5, 2, 204), (1, 0, 255)])])[0]
    // Classes are counted from 1.
    #expect(found.map(\.index) == [2, 2] && found.map(\.label) == ["class 2", "class 2"])
    #expect(found.map { ($0.score * 255).rounded() } == [255, 204])
    let boxes = found.map { [$0.box.x, $0.box.y, $0.box.right, $0.box.bottom] }
    for (box, wanted) in zip(boxes.joined(), [1, 0, 3, 2, 5, 2, 7, 4]) {
      #expect(abs(box - Double(wanted)) < 1e-5)
    }
  }

  @Test func paddedBoxesHaveAHead() throws {
    let detector = try StagedDetector(Self.program(Self.padded), labels: nil, on: Executor(threads: 1))
    #expect(detector.note.contains("yolo-end-to-end") && detector.task.labels == ["a", "spot"])
    #expect(detector.task.selection.overlap == 1)
    // Half of the input's sides: the image is enlarged, and a pixel becomes some that are bright enough.
    let found = try detector.predict([Self.image(32, 16, [(5, 2, 255)])])[0]
    #expect(!found.isEmpty)
    for spot in found {
      #expect(spot.label == "spot" && spot.index == 1 && spot.score > 0.5 && spot.score <= 1)
      #expect(spot.box.x >= 4.5 && spot.box.right <= 7 && spot.box.y >= 1.5 && spot.box.bottom <= 4)
      #expect(spot.box.width == 1 && spot.box.height == 1)
    }
    #expect(throws: RoleError.self) {
      try StagedDetector(Self.program(Self.padded), labels: ["a"], on: Executor(threads: 1))
    }
  }

  /// What the outputs mean, as `run --decode` gives it.
  @Test func outputsAreDecoded() throws {
    let detector = try StagedDetector(Self.program(), labels: nil, on: Executor(threads: 1))
    #expect(detector.inputSize == nil && detector.inputs.map(\.name) == ["image"])
    let pixels = Tensor([0.75, 0, 0.75, 0, 0.75, 0] as [Float], shape: [3, 2, 1])
    let results = try detector.decoded(pixels)
    #expect(results["boxes"]?.floats == [0, 0, 2, 2] && results["boxes"]?.shape == [1, 4])
    #expect(results["scores"]?.floats == [0.75] && results["classes"]?.integers == [3])
    let named = try StagedDetector(Self.program(Self.named), labels: nil, on: Executor(threads: 1))
    let bytes = Tensor([UInt8](repeating: 0, count: 15) + [255, 255, 255], shape: [1, 2, 3, 3])
    let found = try named.decoded(bytes)
    #expect(found["boxes"]?.floats.map { $0.rounded() } == [2, 1, 4, 3] && found["classes"]?.integers == [2])
    let padded = try StagedDetector(Self.program(Self.padded), labels: nil, on: Executor(threads: 1))
    #expect(padded.inputSize == ImageSize(width: 64, height: 32))
    let places = try padded.decoded(Tensor([Float](repeating: 0, count: 3 * 32 * 64), shape: [1, 3, 32, 64]))
    #expect(places["boxes"]?.shape == [1, 300, 4] && places["scores"]?.shape == [1, 300, 2])
  }

  /// Others may run the same network on other threads.
  @Test func aCopyHasItsOwnMemory() throws {
    for text in [Self.file, Self.padded] {
      let detector = try StagedDetector(Self.program(text), labels: nil, on: Executor(threads: 1))
      let other = detector.running(on: Executor(threads: 2))
      let image = try Self.image(32, 16, [(5, 2, 255)])
      #expect(try other.predict([image]) == detector.predict([image]))
    }
  }

  @Test func otherOutputsAreRefused() throws {
    #expect(throws: RoleError.self) {
      try StagedDetector(Self.program(), labels: nil, head: .yunet, on: Executor(threads: 1))
    }
  }
}
