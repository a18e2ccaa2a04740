import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct DeadTapRemovalTests {
  /// x → Conv → BatchNormalization, or the convolution alone, with weights that all differ.
  private func network(_ window: Window, height: Int, width: Int, normalized: Bool) throws -> (
    graph: Graph, parameters: Parameters
  ) {
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 3, height: height, width: width)
    let w = try builder.parameter("w", shape: Shape([4, 3] + window.kernel), initializer: .kaimingUniform)
    var y = try builder.add(Conv(window: window), x, w, name: "conv")
    if normalized {
      let names = ["scale", "shift", "mean", "variance"]
      let vectors = try names.map { try builder.parameter($0, shape: [4], initializer: .ones) }
      y = try builder.add(
        BatchNormalization(epsilon: 1e-3), y, vectors[0], vectors[1], vectors[2], vectors[3], name: "bn")
    }
    try builder.output("y", y)
    return (builder.graph, builder.graph.initialParameters(seed: 4))
  }

  private func check(
    _ window: Window, height: Int = 8, width: Int = 7, becomes expected: Window?, normalized: Bool = false,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let (graph, parameters) = try network(window, height: height, width: width, normalized: normalized)
    let passed = try graph.applying(Graph.inferencePasses)
    let conv = try #require(passed.nodes.compactMap { $0.operation as? FusedConv }.first?.conv)
    #expect(conv.window == expected ?? window, sourceLocation: location)
    let shape: Shape = [1, 3, height, width]
    let x = Tensor(Philox(seed: 2).normal(count: shape.elementCount), shape: shape)
    let wanted = try Interpreter(graph, parameters: parameters).run(["x": x])
    let result = try Interpreter(passed, parameters: parameters).run(["x": x])
    expectClose(try #require(result["y"]), try #require(wanted["y"]), tolerance: 1e-6)
  }

  private func dilated(_ gap: Int, pads: [Int]? = nil) -> Window {
    Window(kernel: [3, 3], dilations: [gap, gap], padding: .explicit(pads ?? [gap, gap, gap, gap]))
  }

  @Test(arguments: [false, true]) func wideGapsLeaveTheTapInTheMiddle(normalized: Bool) throws {
    try check(dilated(8), becomes: Window(kernel: [1, 1]), normalized: normalized)
    try check(dilated(30), becomes: Window(kernel: [1, 1]), normalized: normalized)
    // Rows of 9 pixels are read by all three taps, columns of 5 by one.
    try check(
      dilated(7), height: 9, width: 5,
      becomes: Window(kernel: [3, 1], dilations: [7, 1], padding: .explicit([7, 0, 7, 0])),
      normalized: normalized)
  }

  @Test func tapsThatReadAnythingStay() throws {
    try check(dilated(1), becomes: nil)
    try check(dilated(6), becomes: nil)
  }

  @Test func oneSideMayHaveMorePadding() throws {
    // The first tap reads rows −9…−2, the second −2…5, the third 5…12.
    try check(
      dilated(7, pads: [9, 7, 5, 7]), height: 8, width: 9,
      becomes: Window(kernel: [2, 3], dilations: [7, 7], padding: .explicit([2, 7, 5, 7])))
  }

  @Test func aWindowNeverBeginsInsideOfTheImage() throws {
    // The first tap reads rows −8…−6, but without it the window would begin in row 1.
    try check(
      dilated(9, pads: [8, 9, 10, 9]), height: 3, width: 10,
      becomes: Window(kernel: [2, 3], dilations: [9, 9], padding: .explicit([8, 9, 1, 9])))
  }

  @Test func otherConvolutionsStay() throws {
    try check(Window(kernel: [3, 3], dilations: [9, 9], padding: .sameUpper), becomes: nil)
    try check(Window(kernel: [1, 1], strides: [2, 2]), becomes: nil)
    try check(Window(kernel: [7, 7], strides: [2, 2], padding: .explicit([3, 3, 3, 3])), becomes: nil)
  }

  @Test func aRangeOutsideOfTheKernelIsRefused() {
    let w = Fact(.float32, [4, 3, 3, 3])
    #expect(throws: ShapeError.self) { try KernelTaps(ranges: [0..<4, 0..<3]).outputs([w]) }
    #expect(throws: ShapeError.self) { try KernelTaps(ranges: [0..<3]).outputs([w]) }
  }
}
