import Foundation
import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

/// YOLOX, NanoDet and PicoDet, whose boxes are decoded here.
@Suite struct GridHeadTests {
  /// A network for 64×32 pixels whose one output is joined from parts of those columns, as exporters write it.
  private static func joined(_ cells: Int, _ columns: [Int], _ rows: [Int: [Float]], labels: [String] = [])
    throws -> Model
  {
    let builder = GraphBuilder()
    _ = try builder.input("image", dimensions: [.fixed(1), .fixed(3), .fixed(32), .fixed(64)])
    var first = 0
    var parts: [Value] = []
    for count in columns {
      let part = rows.mapValues { Array($0[first..<first + count]) }
      parts.append(builder.constant(DetectorFixture.rows(cells, count, part), name: "part"))
      first += count
    }
    let output = try builder.add(Concat(axis: 2), parts, name: "output")[0]
    try builder.output("output", builder.add(Identity(), output))
    return Model(graph: builder.graph, parameters: Parameters(), labels: labels)
  }

  /// Cell 32 + 5 is that of row 1 and column 1 of the stride 16.
  @Test func yoloxIsDecodedByHand() throws {
    let row: [Float] = [0.25, -0.5, Float(log(2.0)), Float(log(0.5)), 0.5, 1, 0.25]
    let model = try Self.joined(42, [4, 1, 2], [37: row])
    let detector = try ForeignDetector(model)
    #expect(detector.kind == .yolox && detector.model.preprocessing?.channels == .bgr)
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["boxes"], 37), [4, 4, 36, 12]))
    #expect(DetectorFixture.row(results["scores"], 37) == [0.5, 0.125])
  }

  /// Eight bins: a distribution that is all on bin 3, one that is equal on bins 1 and 2, and equal ones.
  private static let distances: [Float] = {
    var logits = [Float](repeating: 0, count: 32)
    logits[3] = 100
    (logits[8 + 1], logits[8 + 2]) = (100, 100)
    return logits
  }()

  /// The stride is 16: 48 pixels to the left, 24 upward, 56 to the right and down.
  private static func box(_ x: Float, _ y: Float) -> [Float] { [x - 48, y - 24, x + 56, y + 56] }

  @Test func nanoDetsAreToldByTheirLevels() throws {
    let row: [Float] = [0.25, 0.75, 0.5] + Self.distances
    let old = try Self.joined(42, [3, 32], [37: row])
    #expect(try ForeignDetector(old).kind == .nanodet)
    var results = try DetectorFixture.decoded(old)
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["boxes"], 37), Self.box(24, 24)))
    #expect(DetectorFixture.row(results["scores"], 37) == [0.25, 0.75, 0.5])
    // Stride 64 adds a cell; the points of NanoDet-Plus are the cells' corners.
    let plus = try Self.joined(43, [3, 32], [37: row])
    #expect(try ForeignDetector(plus).kind == .nanodetPlus)
    results = try DetectorFixture.decoded(plus)
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["boxes"], 37), Self.box(16, 16)))
  }

  /// 5 + 36 columns, or 9 classes and 32: the network does not show it, but the labels do.
  @Test func whatCannotBeToldIsRefused() throws {
    let output = [(name: "output", tensor: DetectorFixture.zeros([1, 42, 41]))]
    let open = try DetectorFixture.model(height: 32, width: 64, output)
    do {
      _ = try ForeignDetector(open)
      Issue.record("recognized")
    } catch let error as RoleError {
      #expect(error.message.contains("several heads (yolox, nanodet)"))
    }
    #expect(ForeignDetector.kinds(fitting: open) == [.yolox, .nanodet])
    #expect(try ForeignDetector(open, head: .yolox).kind == .yolox)
    let labels = (0..<9).map { "\($0)" }
    let known = try DetectorFixture.model(height: 32, width: 64, output, labels: labels)
    #expect(try ForeignDetector(known).kind == .nanodet)
    // With 15 classes, 26 columns would be left, which are no four distributions.
    let others = (0..<15).map { "\($0)" }
    let wrong = try DetectorFixture.model(height: 32, width: 64, output, labels: others)
    #expect(throws: RoleError.self) { try ForeignDetector(wrong) }
  }

  @Test func picoDetHasOutputsByLevel() throws {
    let cells = [32, 8, 2, 1]
    let classes = cells.enumerated().map { level, count in
      (name: "cls\(level)", tensor: DetectorFixture.rows(count, 3, level == 1 ? [5: [-100, 100, 0]] : [:]))
    }
    let boxes = cells.enumerated().map { level, count in
      (name: "box\(level)", tensor: DetectorFixture.rows(count, 32, level == 1 ? [5: Self.distances] : [:]))
    }
    let metadata = [(key: "character", value: "text\ntitle\nfigure")]
    let model = try DetectorFixture.model(height: 32, width: 64, classes + boxes, metadata: metadata)
    let detector = try ForeignDetector(model)
    #expect(detector.kind == .picodet && detector.model.labels == ["text", "title", "figure"])
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["boxes"], 37), Self.box(24, 24)))
    // The network does not show probabilities, so these are logits.
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["scores"], 37), [0, 1, 0.5]))
  }
}
