import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Gradients of convolution, pooling and resizing.
@Suite struct WindowGradientTests {
  private static func random(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    Tensor(Philox(seed: seed).normal(count: shape.elementCount), shape: shape)
  }

  static let convolutions: [GradientCase] = [
    GradientCase(
      Conv(window: Window(kernel: [3])), [random([2, 2, 6]), random([3, 2, 3], seed: 2), random([3])]),
    GradientCase(
      Conv(window: Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))),
      [random([2, 2, 4, 3]), random([3, 2, 3, 3], seed: 2), random([3])]),
    GradientCase(
      Conv(window: Window(kernel: [3, 2], strides: [2, 3], padding: .explicit([2, 0, 0, 1]))),
      [random([1, 2, 6, 7]), random([2, 2, 3, 2], seed: 2)]),
    GradientCase(
      Conv(
        window: Window(
          kernel: [2, 3], strides: [1, 2], dilations: [2, 2], padding: .explicit([1, 2, 0, 1])), groups: 2),
      [random([1, 4, 5, 7]), random([6, 2, 2, 3], seed: 2), random([6])]),
    GradientCase(
      Conv(window: Window(kernel: [3, 3], strides: [2, 2], padding: .sameUpper), groups: 3),
      [random([2, 3, 4, 6]), random([3, 1, 3, 3], seed: 2)]),
    GradientCase(
      Conv(window: Window(kernel: [2, 4], strides: [3, 1], padding: .sameLower)),
      [random([1, 1, 7, 5]), random([2, 1, 2, 4], seed: 2)]),
    GradientCase(
      Conv(window: Window(kernel: [2, 1, 2], strides: [1, 2, 1], padding: .explicit([0, 0, 1, 1, 0, 0]))),
      [random([1, 2, 3, 3, 2]), random([2, 2, 2, 1, 2], seed: 2), random([2])]),
    GradientCase(
      ConvInputGradient(window: Window(kernel: [3], strides: [2]), groups: 2),
      [random([1, 4, 3]), random([4, 2, 3], seed: 2), Tensor([1, 4, 8] as [Int64])], constants: [2]),
    GradientCase(
      ConvWeightGradient(window: Window(kernel: [3], strides: [2])),
      [random([2, 2, 7]), random([2, 3, 3], seed: 2)]),
    GradientCase(
      ConvTranspose(window: Window(kernel: [3])),
      [random([2, 2, 4]), random([2, 3, 3], seed: 2), random([3])]),
    GradientCase(
      ConvTranspose(
        window: Window(
          kernel: [3, 2], strides: [2, 3], dilations: [1, 2], padding: .explicit([1, 0, 0, 1])), groups: 2,
        outputPadding: [1, 2]),
      [random([1, 4, 3, 2]), random([4, 2, 3, 2], seed: 2), random([4])]),
    GradientCase(
      ConvTranspose(window: Window(kernel: [4, 3], strides: [2, 2], padding: .sameUpper)),
      [random([1, 2, 3, 2]), random([2, 1, 4, 3], seed: 2)]),
    GradientCase(
      ConvTranspose(window: Window(kernel: [3, 3], strides: [2, 2]), outputShape: [6, 5]),
      [random([1, 1, 3, 2]), random([1, 2, 3, 3], seed: 2)]),
  ]

  static let poolings: [GradientCase] = [
    GradientCase(MaxPool(window: Window(kernel: [2, 2], strides: [2, 2])), [random([2, 2, 4, 5])]),
    GradientCase(
      MaxPool(window: Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([1, 1, 1, 1]))),
      [random([1, 2, 5, 6])]),
    GradientCase(
      MaxPool(
        window: Window(
          kernel: [2, 3], strides: [2, 2], dilations: [2, 1], padding: .explicit([0, 1, 1, 0])), ceiling: true
      ),
      [random([1, 1, 6, 7])]),
    GradientCase(
      MaxPoolWithIndices(MaxPool(window: Window(kernel: [2, 2], strides: [2, 1]))), [random([1, 2, 5, 4])],
      outputs: [0]),
    GradientCase(MaxPool(window: Window(kernel: [3], padding: .sameLower)), [random([1, 2, 5])]),
    GradientCase(AveragePool(window: Window(kernel: [2, 2], strides: [2, 1])), [random([2, 2, 4, 5])]),
    GradientCase(
      AveragePool(
        window: Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([1, 1, 1, 1])), countsPadding: true
      ),
      [random([1, 2, 5, 6])]),
    GradientCase(
      AveragePool(
        window: Window(kernel: [3, 2], strides: [2, 2], padding: .explicit([1, 0, 1, 1])), ceiling: true),
      [random([1, 2, 4, 6])]),
    GradientCase(
      AveragePool(window: Window(kernel: [2, 1, 2], padding: .sameUpper)), [random([1, 1, 2, 3, 2])]),
    GradientCase(LpPool(window: Window(kernel: [2, 2])), [random([1, 2, 3, 4])]),
    GradientCase(
      LpPool(window: Window(kernel: [3], strides: [2], padding: .explicit([1, 1])), p: 3),
      [random([1, 2, 5])]),
    GradientCase(LpPool(window: Window(kernel: [2]), p: 1), [random([1, 2, 5])]),
    GradientCase(GlobalAveragePool(), [random([2, 3, 2, 3])]),
    GradientCase(GlobalAveragePool(), [random([2, 1, 4])]),
    GradientCase(GlobalMaxPool(), [random([2, 3, 2, 3])]),
    GradientCase(GlobalLpPool(), [random([2, 3, 2, 3])]),
    GradientCase(GlobalLpPool(p: 3), [random([2, 1, 4])]),
  ]

  private static func sizes(_ sampling: ResizeSampling, _ x: Tensor, _ sizes: [Int64]) -> GradientCase {
    GradientCase(Resize(sampling), [x, nil, nil, Tensor(sizes)], constants: [3])
  }

  static let resizings: [GradientCase] = [
    sizes(ResizeSampling(), random([1, 2, 3, 4]), [1, 2, 6, 7]),
    sizes(ResizeSampling(coordinates: .asymmetric, rounding: .floor), random([1, 2, 5, 4]), [1, 2, 3, 8]),
    sizes(ResizeSampling(mode: .linear), random([1, 2, 3, 4]), [1, 2, 5, 3]),
    sizes(ResizeSampling(mode: .linear, coordinates: .alignCorners), random([1, 1, 3, 4]), [1, 1, 6, 6]),
    sizes(ResizeSampling(mode: .cubic), random([1, 1, 4, 5]), [1, 1, 7, 3]),
    sizes(ResizeSampling(mode: .cubic, excludesOutside: true), random([1, 1, 4, 5]), [1, 1, 7, 3]),
    GradientCase(
      Resize(ResizeSampling(mode: .linear)), [random([1, 2, 3]), nil, Tensor([1, 1, 2.5] as [Float])],
      constants: [2]),
    GradientCase(
      Resize(ResizeSampling(mode: .linear, coordinates: .tensorFlowCropAndResize, extrapolation: 2)),
      [
        random([1, 4, 5]), Tensor([0, 0.2, -0.3, 1, 0.8, 0.9] as [Double]), nil,
        Tensor([1, 3, 6] as [Int64]),
      ],
      constants: [1, 3]),
    sizes(ResizeSampling(mode: .linear, antialiases: true), random([1, 2, 7, 4]), [1, 2, 3, 5]),
    sizes(ResizeSampling(mode: .cubic, antialiases: true), random([1, 1, 7, 6]), [1, 1, 3, 4]),
    GradientCase(
      Resize(ResizeSampling(mode: .linear), axes: [3, 2], aspect: .notLarger),
      [random([1, 2, 3, 4]), nil, nil, Tensor([7, 8] as [Int64])], constants: [3]),
    GradientCase(Upsample(), [random([1, 2, 2, 3]), Tensor([1, 1, 2, 3] as [Float])], constants: [1]),
    GradientCase(
      Upsample(mode: .linear), [random([1, 2, 2, 3]), Tensor([1, 1, 2, 2] as [Float])], constants: [1]),
  ]

  static let cases = convolutions + poolings + resizings

  @Test(arguments: cases) func agreesWithCentralDifferences(_ gradient: GradientCase) throws {
    try gradient.check()
  }

  @Test func givesAllToTheFirstOfEqualElements() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(1), .fixed(2), .fixed(3)])
    let pool = try builder.add(MaxPool(window: Window(kernel: [2, 2])), x)
    let global = try builder.add(GlobalMaxPool(), x)
    try builder.output(
      "loss", builder.add(ReduceSum(keepsDimensions: false), builder.add(Add(), pool, global)))
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["x"])
    let ties = Tensor([1, 2, 2, 2, 2, 0] as [Float], shape: [1, 1, 2, 3])
    let result = try Interpreter(graph, parameters: Parameters()).run(["x": ties])
    // Both windows, and the global pooling twice as there are two sums, meet the 2 in the first row first.
    #expect(result["gradient of x"]?.floats == [0, 4, 0, 0, 0, 0])
  }
}
