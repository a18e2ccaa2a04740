import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Gradients of operators that move, repeat or drop elements.
@Suite struct MovementGradientTests {
  private static let x = pattern([2, 3, 4], seed: 1)
  private static func ints(_ numbers: Int64...) -> Tensor { Tensor(numbers) }

  /// Places along axis 1, some of them twice.
  private static let scattered = Tensor(
    [0, 2, 1, 1, 0, 1, -1, 0, 2, 2, 0, 0, 2, 1, 0, 1] as [Int64], shape: [2, 2, 4])
  private static let coordinates = Tensor([0, 1, 1, 2, 0, -2] as [Int64], shape: [3, 2])

  static let cases: [GradientCase] = [
    GradientCase(Reshape(), [x, ints(4, -1)], constants: [1]),
    GradientCase(Flatten(), [x]), GradientCase(Flatten(axis: -1), [x]),
    GradientCase(Squeeze(), [pattern([1, 3, 1, 2]), ints(0)], constants: [1]),
    GradientCase(Squeeze(), [pattern([1, 3, 1, 2])]),
    GradientCase(Unsqueeze(), [x, ints(1, -1)], constants: [1]),
    GradientCase(Expand(), [pattern([3, 1]), ints(2, 1, 4)], constants: [1]),
    GradientCase(Expand(), [Tensor(scalar: Double(1)), ints(2, 2)], constants: [1]),
    GradientCase(Transpose(), [x]), GradientCase(Transpose([1, 2, 0]), [x]),
    GradientCase(Concat(axis: 1), [x, pattern([2, 1, 4]), pattern([2, 2, 4], seed: 7)]),
    GradientCase(Concat(axis: -1), [x, x]),
    GradientCase(Split(axis: 1, into: 3), [x]),
    GradientCase(Split(axis: -1, into: 2), [x, ints(3, 1)], constants: [1]),
    GradientCase(Split(axis: 1, into: 3), [x], outputs: [1]),
    GradientCase(Slice(), [x, ints(1, 0), ints(3, 4), ints(1, 2), ints(1, 2)], constants: [1, 2, 3, 4]),
    GradientCase(Slice(), [x, ints(-1), ints(-9), ints(2), ints(-2)], constants: [1, 2, 3, 4]),
    GradientCase(Gather(axis: 1), [x, Tensor([2, 0, 2, -1] as [Int64], shape: [2, 2])], constants: [1]),
    GradientCase(Gather(axis: 0), [x, Tensor(scalar: Int64(1))], constants: [1]),
    GradientCase(Gather(axis: 2), [x, ints(3, 3)]),
    GradientCase(
      GatherElements(axis: 1), [x, Tensor([0, 2, 1, 1, 2, 2, 0, 0] as [Int64], shape: [2, 1, 4])]),
    GradientCase(GatherND(), [x, Tensor([0, 1, 1, 2, 0, 1] as [Int64], shape: [3, 2])]),
    GradientCase(GatherND(batchAxes: 1), [x, Tensor([0, 2] as [Int64], shape: [2, 1])]),
    GradientCase(Scatter(axis: 1), [x, scattered, pattern([2, 2, 4], seed: 5)]),
    GradientCase(ScatterElements(axis: 1), [x, scattered, pattern([2, 2, 4], seed: 5)]),
    GradientCase(
      ScatterElements(axis: 1, reduction: .add), [x, scattered, pattern([2, 2, 4], seed: 5)]),
    GradientCase(
      ScatterElements(axis: 1, reduction: .mul), [x, scattered, pattern([2, 2, 4], seed: 5)]),
    GradientCase(
      ScatterElements(axis: 1, reduction: .min), [x, scattered, pattern([2, 2, 4], seed: 6)]),
    GradientCase(
      ScatterElements(axis: 1, reduction: .max), [x, scattered, pattern([2, 2, 4], seed: 6)]),
    GradientCase(ScatterND(), [x, coordinates, pattern([3, 4], seed: 5)]),
    GradientCase(ScatterND(reduction: .add), [x, coordinates, pattern([3, 4], seed: 5)]),
    GradientCase(ScatterND(reduction: .mul), [x, coordinates, pattern([3, 4], seed: 5)]),
    GradientCase(CenterCropPad(axes: [1, -1]), [x, ints(2, 7)], constants: [1]),
    GradientCase(
      Col2Im(strides: [2, 1], dilations: [1, 2], pads: [1, 0, 0, 1]),
      [pattern([2, 8, 6]), ints(4, 4), ints(2, 2)], constants: [1, 2]),
    GradientCase(
      MaxUnpool(window: Window(kernel: [2], strides: [2])),
      [pattern([1, 2, 3]), Tensor([0, 3, 5, 6, 9, 10] as [Int64], shape: [1, 2, 3])]),
    GradientCase(Tile(), [x, ints(2, 1, 3)], constants: [1]),
    GradientCase(Trilu(), [x]), GradientCase(Trilu(isUpper: false), [x, ints(-1)], constants: [1]),
    GradientCase(Pad(), [x, ints(0, 1, 2, 1, 0, 1)], constants: [1]),
    GradientCase(
      Pad(), [x, ints(1, -1, 0, 0, 2, -2), Tensor(scalar: Double(3))], constants: [1], fixed: [2]),
    GradientCase(Pad(mode: .edge), [x, ints(0, 1, 2, 1, 0, 1)], constants: [1]),
    GradientCase(Pad(mode: .reflect), [x, ints(0, 1, 2, 0, 2, 3)], constants: [1]),
    GradientCase(Pad(mode: .wrap), [x, ints(0, 1, 2, 0, 2, 3)], constants: [1]),
    GradientCase(DepthToSpace(block: 2), [pattern([1, 8, 2, 3])]),
    GradientCase(DepthToSpace(block: 2, mode: .channelsFirst), [pattern([2, 8, 1, 3])]),
    GradientCase(SpaceToDepth(block: 2), [pattern([1, 2, 4, 2])]),
    GradientCase(TopK(), [pattern([2, 7]), ints(3)], constants: [1]),
    GradientCase(TopK(axis: 0, largest: false), [pattern([5, 2]), ints(2)], constants: [1]),
    GradientCase(CumSum(), [x, Tensor(scalar: Int64(1))], constants: [1]),
    GradientCase(CumSum(isExclusive: true, isReverse: true), [x, Tensor(scalar: Int64(-1))], constants: [1]),
    GradientCase(SumToShape(), [x, ints(3, 1)], constants: [1]),
    GradientCase(ReverseSequence(), [x, ints(2, 0, 1)]),
    GradientCase(ReverseSequence(batchAxis: 0, timeAxis: 1), [x, ints(3, 2)], constants: [1]),
    GradientCase(TensorScatter(), [pattern([2, 4, 2]), pattern([2, 2, 2], seed: 1), ints(1, 2)]),
    GradientCase(
      TensorScatter(mode: .circular), [pattern([2, 4, 2]), pattern([2, 3, 2], seed: 1), ints(1, 3)]),
    GradientCase(TensorScatter(axis: 1), [pattern([2, 4]), pattern([2, 2], seed: 1)]),
  ]

  @Test(arguments: cases) func agreesWithCentralDifferences(_ gradient: GradientCase) throws {
    try gradient.check()
  }
}
