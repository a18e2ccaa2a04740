import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Gradients of reductions, softmax and products of matrices.
@Suite struct ReductionGradientTests {
  private static let x = pattern([2, 3, 4], seed: 3)
  private static let positive = positivePattern([2, 3, 4], seed: 2)
  private static let zeros = Tensor([0, 2, 3, 0, 0, 5, -1, 2, 4] as [Double], shape: [3, 3])

  static let cases: [GradientCase] = [
    GradientCase(ReduceSum(), [x]), GradientCase(ReduceSum(keepsDimensions: false), [x]),
    GradientCase(ReduceSum(keepsDimensions: false), [x, Tensor([0, -1] as [Int64])], constants: [1]),
    GradientCase(ReduceSum(keepsWithoutAxes: true), [x]),
    GradientCase(ReduceMean(axes: [1]), [x]), GradientCase(ReduceMean(keepsDimensions: false), [x]),
    GradientCase(ReduceMean(axes: [-1, 0], keepsDimensions: false), [x]),
    GradientCase(ReduceMax(axes: [2]), [pattern([2, 3, 4])]),
    GradientCase(ReduceMin(axes: [0, 2], keepsDimensions: false), [pattern([2, 3, 4])]),
    GradientCase(ReduceMax(keepsDimensions: false), [pattern([2, 3, 4])]),
    GradientCase(ReduceL1(axes: [1]), [positive]),
    GradientCase(ReduceL1(keepsDimensions: false), [pattern([7])]),
    GradientCase(ReduceL2(axes: [1], keepsDimensions: false), [x]), GradientCase(ReduceL2(), [x]),
    GradientCase(ReduceLogSum(axes: [2], keepsDimensions: false), [positive]),
    GradientCase(ReduceLogSumExp(axes: [0]), [x]), GradientCase(ReduceLogSumExp(keepsDimensions: false), [x]),
    GradientCase(ReduceSumSquare(axes: [-1], keepsDimensions: false), [x]),
    GradientCase(ReduceProd(axes: [1]), [positive]),
    GradientCase(ReduceProd(axes: [1], keepsDimensions: false), [zeros]),
    GradientCase(ReduceProd(), [positivePattern([5])]),
    GradientCase(Softmax(), [x]), GradientCase(Softmax(axis: 1), [x]), GradientCase(Hardmax(), [x]),
    GradientCase(Einsum("bij,bjk->bik"), [pattern([2, 3, 4]), pattern([2, 4, 2], seed: 1)]),
    GradientCase(Einsum("...ij,jk->...ik"), [pattern([2, 1, 2, 3]), pattern([3, 2], seed: 1)]),
    GradientCase(Einsum("ij,kj,k->i"), [pattern([2, 3]), pattern([4, 3], seed: 1), pattern([4], seed: 2)]),
    GradientCase(Einsum("iji,jk->ki"), [pattern([2, 3, 2]), pattern([3, 2], seed: 1)]),
    GradientCase(Einsum("ij,ij->ij"), [pattern([1, 3]), pattern([2, 3], seed: 1)]),
    GradientCase(Einsum("ij->"), [pattern([2, 3])]),
    GradientCase(Einsum("...ii->...i"), [pattern([2, 3, 3])]),
    GradientCase(DFT(), [pattern([2, 5, 1])]), GradientCase(DFT(isOneSided: true), [pattern([2, 5, 1])]),
    GradientCase(
      DFT(isInverse: true), [pattern([2, 3, 2]), Tensor(scalar: Int64(5)), Tensor(scalar: Int64(0))],
      constants: [1, 2]),
    GradientCase(DFT(), [pattern([1, 6, 2]), Tensor(scalar: Int64(4))], constants: [1]),
    GradientCase(
      STFT(), [pattern([2, 9, 1]), Tensor(scalar: Int64(2)), pattern([4], seed: 1)], constants: [1]),
    GradientCase(
      STFT(isOneSided: false),
      [pattern([1, 7, 2]), Tensor(scalar: Int64(2)), nil, Tensor(scalar: Int64(3))],
      constants: [1, 3]),
    GradientCase(
      STFT(isOneSided: false), [pattern([1, 7, 2]), Tensor(scalar: Int64(3)), pattern([4], seed: 1)],
      constants: [1]),
    GradientCase(LpNormalization(), [x]), GradientCase(LpNormalization(axis: 1, p: 1), [x]),
    GradientCase(Det(), [pattern([2, 3, 3])]),
    GradientCase(Det(), [Tensor([1, 2, 2, 4] as [Double], shape: [2, 2])]),
    GradientCase(
      NegativeLogLikelihoodLoss(reduction: .none),
      [pattern([2, 3, 2]), Tensor([0, 2, 1, 1] as [Int64], shape: [2, 2])]),
    GradientCase(
      NegativeLogLikelihoodLoss(ignored: -1),
      [pattern([2, 3, 2]), Tensor([0, 2, 1, -1] as [Int64], shape: [2, 2]), positivePattern([3])], fixed: [2]),
    GradientCase(
      NegativeLogLikelihoodLoss(reduction: .sum, ignored: 1),
      [pattern([3, 4]), Tensor([0, 2, 1] as [Int64])]),
    GradientCase(Inverse(), [golden([2, 2, 2], "2 1 1 3 0 2 4 1")]),
    GradientCase(LogSoftmax(), [x]), GradientCase(LogSoftmax(axis: 0), [x]),

    GradientCase(Gemm(), [pattern([3, 4]), pattern([4, 2], seed: 1), pattern([2], seed: 2)]),
    GradientCase(
      Gemm(alpha: 0.5, beta: 2, transposesA: true),
      [pattern([4, 3]), pattern([4, 2], seed: 1), pattern([3, 1], seed: 2)]),
    GradientCase(Gemm(alpha: -1.5, transposesB: true), [pattern([3, 4]), pattern([2, 4], seed: 1)]),
    GradientCase(
      Gemm(alpha: 3, transposesA: true, transposesB: true),
      [pattern([4, 3]), pattern([2, 4], seed: 1), Tensor(scalar: Double(2))]),
    GradientCase(MatMul(), [pattern([3, 4]), pattern([4, 2], seed: 1)]),
    GradientCase(MatMul(), [pattern([2, 3, 4]), pattern([4, 2], seed: 1)]),
    GradientCase(MatMul(), [pattern([2, 1, 3, 4]), pattern([3, 4, 2], seed: 1)]),
    GradientCase(MatMul(), [pattern([3, 4]), pattern([2, 4, 2], seed: 1)]),
    GradientCase(MatMul(), [pattern([4]), pattern([4], seed: 1)]),
    GradientCase(MatMul(), [pattern([4]), pattern([4, 3], seed: 1)]),
    GradientCase(MatMul(), [pattern([4]), pattern([2, 4, 3], seed: 1)]),
    GradientCase(MatMul(), [pattern([2, 3, 4]), pattern([4], seed: 1)]),
  ]

  @Test(arguments: cases) func agreesWithCentralDifferences(_ gradient: GradientCase) throws {
    try gradient.check()
  }

  @Test func givesZeroForTheNormOfZeros() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(3)])
    try builder.output("loss", builder.add(ReduceL2(keepsDimensions: false), x))
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["x"])
    let result = try Interpreter(graph, parameters: Parameters()).run(["x": Tensor([0, 0, 0] as [Float])])
    #expect(result["gradient of x"] == Tensor([0, 0, 0] as [Float]))
  }
}
