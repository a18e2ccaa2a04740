import Testing
import VisionImage
import VisionTensor

@testable import VisionModel

/// The networks of YOLO's family whose outputs are decoded.
@Suite struct YOLOHeadTests {
  private static let metadata: [(key: String, value: String)] = [
    ("task", "detect"), ("names", "{0: 'cat', 1: 'dog'}"), ("stride", "32"),
  ]

  private static func model(
    _ output: Tensor, labels: [String] = ["cat", "dog"], metadata: [(key: String, value: String)] = [],
    height: Int = 32, width: Int = 64
  ) throws -> Model {
    try DetectorFixture.model(
      height: height, width: width, [("output0", output)], labels: labels, metadata: metadata)
  }

  /// 32 + 8 + 2 cells of 64×32 pixels; the columns are places.
  @Test func rowsOfAnchorsAreColumns() throws {
    var numbers = [Float](repeating: 0, count: 6 * 42)
    for (row, value) in [Float(20), 10, 8, 4, 0.25, 0.75].enumerated() { numbers[row * 42 + 7] = value }
    let model = try Self.model(Tensor(numbers, shape: [1, 6, 42]), metadata: Self.metadata)
    let detector = try ForeignDetector(model)
    #expect(detector.kind == .yolov8 && detector.evidence.contains("task detect"))
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.row(results["boxes"], 7) == [16, 8, 24, 12])
    #expect(DetectorFixture.row(results["scores"], 7) == [0.25, 0.75])
    // Without metadata, the number of places shows the cells.
    let bare = try Self.model(Tensor(numbers, shape: [1, 6, 42]), labels: [])
    #expect(try ForeignDetector(bare).kind == .yolov8)
    // Labels of another number are others'.
    let other = try Self.model(Tensor(numbers, shape: [1, 6, 42]), labels: ["a", "b", "c"])
    #expect(throws: RoleError.self) { try ForeignDetector(other) }
  }

  @Test func imagesAreLetterboxedOnGray() throws {
    let model = try Self.model(DetectorFixture.zeros([1, 6, 42]), metadata: Self.metadata)
    let steps = try #require(ForeignDetector(model).model.preprocessing)
    #expect(steps.channels == .rgb && steps.scale == [Double](repeating: 1.0 / 255, count: 3))
    // 64×32 from 100×20: 0.64 of the sides, 13 rows in the middle of 32.
    let geometry = steps.geometry(width: 100, height: 20)
    #expect(geometry.map(x: 0, y: 0).y == 9 && geometry.map(x: 100, y: 20).y == 22)
  }

  @Test func threeBoxesACellAreYOLOv5() throws {
    let output = DetectorFixture.rows(126, 7, [100: [20, 10, 8, 4, 0.5, 0.25, 0.75]])
    let model = try Self.model(output)
    #expect(try ForeignDetector(model).kind == .yolov5)
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.row(results["boxes"], 100) == [16, 8, 24, 12])
    #expect(DetectorFixture.row(results["scores"], 100) == [0.125, 0.375])
    // Older exports have the levels before decoding, too.
    let levels = [(8, 4), (4, 2), (2, 1)].enumerated().map { index, sides in
      (name: "y\(index)", tensor: DetectorFixture.zeros([1, 3, sides.1, sides.0, 7]))
    }
    let old = try DetectorFixture.model(height: 32, width: 64, [("output", output)] + levels)
    #expect(try ForeignDetector(old).kind == .yolov5)
  }

  @Test func selectedBoxesSaveASelection() throws {
    let output = DetectorFixture.rows(300, 6, [0: [1, 2, 30, 20, 0.75, 1], 1: [3, 4, 5, 6, 0.5, 0]])
    // Two classes could also be 4 + 2 numbers of Ultralytics' RT-DETR: newer files say which head they have.
    let unclear = try Self.model(output, metadata: Self.metadata)
    #expect(ForeignDetector.kinds(fitting: unclear) == [.yoloEndToEnd, .rtDetr])
    let model = try Self.model(output, metadata: Self.metadata + [("head", "v10Detect")])
    let detector = try ForeignDetector(model)
    #expect(detector.kind == .yoloEndToEnd && detector.model.signature.number("overlap") == 1)
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.row(results["boxes"], 0) == [1, 2, 30, 20])
    #expect(DetectorFixture.row(results["scores"], 0) == [0, 0.75])
    #expect(DetectorFixture.row(results["scores"], 1) == [0.5, 0])
    // Nobody knows how many classes there are.
    let bare = try Self.model(output, labels: [])
    #expect(throws: RoleError.self) { try ForeignDetector(bare) }
  }

  /// Classes that are not among the labels would never be found.
  @Test func asManyLabelsAsNamesAreWanted() throws {
    let output = DetectorFixture.zeros([1, 300, 6])
    for labels in [["a"], ["a", "b", "c"]] {
      let model = try Self.model(output, labels: labels, metadata: Self.metadata + [("head", "Detect")])
      #expect(throws: RoleError.self) { try ForeignDetector(model) }
    }
    let renamed = try Self.model(output, labels: ["a", "b"], metadata: Self.metadata + [("head", "Detect")])
    #expect(try ForeignDetector(renamed).model.labels == ["a", "b"])
  }

  @Test func otherTasksAreRefusedByName() throws {
    let metadata = [(key: "task", value: "segment"), (key: "names", value: "{0: 'cat', 1: 'dog'}")]
    let model = try Self.model(DetectorFixture.zeros([1, 6, 42]), metadata: metadata)
    do {
      _ = try ForeignDetector(model)
      Issue.record("recognized")
    } catch let error as RoleError {
      #expect(error.kind == .head && error.message.contains("'segment'"))
    }
    #expect(try ForeignDetector(model, head: .yolov8).kind == .yolov8)
  }
}
