import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Gradients of operators that read between elements.
@Suite struct SamplingGradientTests {
  private static func random(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    Tensor(Philox(seed: seed).normal(count: shape.elementCount), shape: shape)
  }

  private static func sample(_ sampling: GridSampling) -> GradientCase {
    GradientCase(GridSample(sampling), [random([2, 2, 4, 5]), random([2, 2, 3, 2], seed: 2)])
  }

  private static let regions = Tensor([0.3, 0.4, 3.7, 4.2, -2, -1, 3.3, 2.1] as [Double], shape: [2, 4])
  private static let images = Tensor([1, 0] as [Int64])

  private static func align(_ align: RoiAlign) -> GradientCase {
    GradientCase(align, [random([2, 2, 5, 4]), regions, images], fixed: [1])
  }

  static let cases: [GradientCase] = [
    sample(GridSampling()), sample(GridSampling(alignsCorners: true)),
    sample(GridSampling(padding: .border)), sample(GridSampling(padding: .border, alignsCorners: true)),
    sample(GridSampling(padding: .reflection)),
    sample(GridSampling(padding: .reflection, alignsCorners: true)),
    sample(GridSampling(mode: .nearest)), sample(GridSampling(mode: .cubic)),
    sample(GridSampling(mode: .cubic, padding: .border)),
    sample(GridSampling(mode: .cubic, padding: .reflection, alignsCorners: true)),
    GradientCase(
      GridSample(isVolumetric: true), [random([1, 2, 3, 2, 4]), random([1, 2, 2, 1, 3], seed: 2)]),
    GradientCase(AffineGrid(), [random([2, 2, 3]), Tensor([2, 1, 3, 4] as [Int64])], constants: [1]),
    GradientCase(
      AffineGrid(alignsCorners: true), [random([1, 3, 4]), Tensor([1, 1, 2, 1, 3] as [Int64])],
      constants: [1]),
    align(RoiAlign(height: 2, width: 3, scale: 0.9)),
    align(RoiAlign(height: 2, width: 2, samples: 2, isHalfPixel: false)),
    align(RoiAlign(mode: .maximum, height: 2, width: 2, samples: 2)),
    GradientCase(
      MaxRoiPool(height: 2, width: 2, scale: 0.9),
      [
        random([2, 2, 5, 4]),
        Tensor([1, 0.3, 0.4, 3.7, 4.2, 0, -2, -1, 3.3, 2.1] as [Double], shape: [2, 5]),
      ], fixed: [1]),
    GradientCase(
      DeformConv(window: Window(kernel: [2, 2], padding: .explicit([1, 0, 0, 1])), offsetGroups: 2),
      [
        random([1, 2, 3, 3]), random([3, 2, 2, 2], seed: 2), random([1, 16, 3, 3], seed: 3),
        random([3], seed: 4), random([1, 8, 3, 3], seed: 5),
      ]),
    GradientCase(
      DeformConv(window: Window(kernel: [2]), groups: 2),
      [random([2, 2, 4]), random([4, 1, 2], seed: 2), random([2, 2, 3], seed: 3)]),
  ]

  @Test(arguments: cases) func agreesWithCentralDifferences(_ gradient: GradientCase) throws {
    try gradient.check()
  }

  @Test func hasNoDerivativeByRegions() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [1, 1, 4, 4].map { .fixed($0) })
    let regions = try builder.input("regions", dimensions: [1, 4].map { .fixed($0) })
    let images = builder.constant(Tensor([0] as [Int64]))
    try builder.output(
      "loss",
      builder.add(ReduceSum(keepsDimensions: false), builder.add(RoiAlign(), x, regions, images)))
    #expect(
      graphErrorKind {
        try builder.graph.differentiated(loss: "loss", withRespectTo: ["regions"])
      } == .derivative)
  }
}
