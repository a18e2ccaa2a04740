import Testing
import VisionGraph
import VisionSystem
import VisionTensor

@testable import VisionModel

@Suite struct DetectorFinderTests {
  private func refusal(_ model: Model, _ kind: DetectorKind? = nil) -> RoleError? {
    do {
      _ = try ForeignDetector(model, head: kind)
    } catch { return error as? RoleError }
    return nil
  }

  @Test func whatNobodyKnowsIsRefusedWithTheKinds() throws {
    let model = try DetectorFixture.model(height: 32, width: 32, [("y", DetectorFixture.zeros([1, 7, 3]))])
    let error = try #require(refusal(model))
    #expect(error.kind == .head && error.message.contains("'y' float32 1×7×3"))
    for kind in DetectorKind.allCases {
      #expect(error.remedy?.contains(kind.rawValue) ?? false)
      #expect(refusal(model, kind)?.kind == .head)
    }
  }

  /// No constants are made for cells that no image has.
  @Test func sidesThatNoImageHasAreRefused() throws {
    for (height, width) in [(0, 64), (32, 8193)] {
      let outputs = [("y", DetectorFixture.zeros([1, 0, 7]))]
      let model = try DetectorFixture.model(height: height, width: width, outputs)
      #expect(refusal(model)?.kind == .input && refusal(model, .fcos)?.kind == .input)
      #expect(ForeignDetector.kinds(fitting: model).isEmpty)
    }
  }

  /// An image of another size than the file's is taken where the network takes it.
  @Test func sidesThatTheFileFixesAreOpenedWhereTheyCanBe() throws {
    let builder = GraphBuilder()
    let x = try builder.input("image", dimensions: [.fixed(10), .fixed(3), .fixed(32), .fixed(32)])
    for (index, channels) in [1, 2, 2, 10].enumerated() {
      let weights = DetectorFixture.zeros([channels, 3, 4, 4])
      let map = try builder.add(
        Conv(window: Window(kernel: [4, 4], strides: [4, 4])), x, builder.constant(weights))
      try builder.output("y\(index)", map)
    }
    let detector = try ForeignDetector(Model(graph: builder.graph, parameters: Parameters()))
    let large = try detector.model(width: 96, height: 64)
    let boxes = try #require(large.graph.outputs.first { $0.name == "boxes" })
    #expect(large.graph.fact(boxes.value).shape == [1, 16 * 24, 4])
    #expect(large.preprocessing?.width == 96 && large.preprocessing?.height == 64)
    // Constant outputs are those of one size.
    let maps = [1, 2, 2, 10].map { DetectorFixture.zeros([1, $0, 2, 2]) }
    let outputs = maps.enumerated().map { (name: "y\($0)", tensor: $1) }
    let fixed = try ForeignDetector(DetectorFixture.model(height: 8, width: 8, outputs))
    #expect(throws: RoleError.self) { try fixed.model(width: 96, height: 64) }
  }

  /// Whatever shapes a file has, it is refused or gives boxes and scores of fitting shapes.
  @Test func anyOutputsAreRefusedOrDecoded() throws {
    let names = ["hm", "wh", "reg", "logits", "pred_boxes", "y", "cls"]
    let extents = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 16, 32, 36, 42, 43, 44, 126, 128, 300, 396]
    var fits = 0
    for seed in 0..<800 {
      let numbers = Philox(seed: UInt64(seed)).uniform(count: 40, stream: 0).map { Int(saturating: $0 * 997) }
      var outputs: [(name: String, tensor: Tensor)] = []
      var names = names
      for index in 0...numbers[0] % 4 {
        let rank = [3, 3, 3, 4, 5, 1][numbers[index * 8 + 1] % 6]
        // First extents of 1, as for one image, are the usual ones.
        let shape = (0..<rank).map {
          $0 == 0 && numbers[2] % 8 > 0 ? 1 : extents[numbers[index * 8 + 3 + $0] % extents.count]
        }
        let name = names.remove(at: numbers[index * 8 + 2] % names.count)
        guard shape.reduce(1, *) < 1 << 20 else { continue }
        outputs.append((name, DetectorFixture.zeros(Shape(shape))))
      }
      guard !outputs.isEmpty else { continue }
      let labels = ["cat", "dog", "cow"].prefix(numbers[35] % 4)
      let model = try DetectorFixture.model(height: 32, width: 64, outputs, labels: Array(labels))
      for kind in DetectorKind.allCases {
        guard let detector = try? ForeignDetector(model, head: kind) else { continue }
        fits += 1
        let results = try DetectorFixture.decoded(model, kind)
        let (boxes, scores) = (try #require(results["boxes"]).shape, try #require(results["scores"]).shape)
        #expect(
          boxes.rank == 3 && boxes[2] == 4 && scores.rank == 3 && scores[1] == boxes[1], "\(detector.kind)")
      }
    }
    #expect(fits > 0)
  }

  @Test func labelsMustBeThoseOfTheScores() throws {
    let maps = [1, 2, 2, 10].map { DetectorFixture.zeros([1, $0, 2, 2]) }
    let outputs = maps.enumerated().map { (name: "y\($0)", tensor: $1) }
    let good = try DetectorFixture.model(height: 8, width: 8, outputs, labels: ["head"])
    #expect(try ForeignDetector(good).model.labels == ["head"])
    let bad = try DetectorFixture.model(height: 8, width: 8, outputs, labels: ["a", "b"])
    #expect(refusal(bad)?.kind == .head)
  }
}
