import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Gradients of operators that work element by element. Values keep away from kinks.
@Suite struct ElementwiseGradientTests {
  /// Numbers on both sides of 0, of 3 and of the usual thresholds.
  private static let mixed = Tensor(
    [-4.3, -3.2, -2.6, -1.1, -0.7, -0.3, 0.2, 0.4, 0.9, 1.3, 2.1, 2.9, 3.4, 5.2] as [Double], shape: [2, 7])
  /// Numbers between −1 and 1.
  private static let inside = Tensor([-0.8, -0.45, -0.1, 0.2, 0.6, 0.9] as [Double], shape: [2, 3])
  private static let a = pattern([2, 3, 4], seed: 3)
  private static let b = pattern([3, 1], seed: 5)
  private static let positive = positivePattern([2, 3, 4], seed: 2)

  static let cases: [GradientCase] = [
    GradientCase(Abs(), [mixed]), GradientCase(Neg(), [mixed]), GradientCase(Relu(), [mixed]),
    GradientCase(LeakyRelu(alpha: 0.1), [mixed]), GradientCase(LeakyRelu(alpha: -0.2), [mixed]),
    GradientCase(Elu(alpha: 1.5), [mixed]), GradientCase(Celu(alpha: 0.7), [mixed]),
    GradientCase(Selu(), [mixed]), GradientCase(ThresholdedRelu(alpha: 0.6), [mixed]),
    GradientCase(HardSigmoid(), [mixed]), GradientCase(HardSigmoid(alpha: 0.1, beta: 0.3), [mixed]),
    GradientCase(HardSwish(), [mixed]), GradientCase(Mish(), [mixed]),
    GradientCase(Swish(), [mixed]), GradientCase(Swish(alpha: 1.7), [mixed]),
    GradientCase(Gelu(), [mixed]), GradientCase(Gelu(approximation: .tanh), [mixed]),
    GradientCase(Sigmoid(), [mixed]), GradientCase(Tanh(), [mixed]), GradientCase(Softplus(), [mixed]),
    GradientCase(Softsign(), [mixed]), GradientCase(Exp(), [mixed]), GradientCase(Erf(), [mixed]),
    GradientCase(Sin(), [mixed]), GradientCase(Cos(), [mixed]), GradientCase(Reciprocal(), [mixed]),
    GradientCase(Tan(), [inside]), GradientCase(Asin(), [inside]), GradientCase(Acos(), [inside]),
    GradientCase(Atan(), [mixed]), GradientCase(Sinh(), [mixed]), GradientCase(Cosh(), [mixed]),
    GradientCase(Asinh(), [mixed]), GradientCase(Atanh(), [inside]),
    GradientCase(Acosh(), [Tensor([1.1, 1.7, 3.4] as [Double])]),
    GradientCase(Bernoulli(seed: 4), [Tensor([0.1, 0.4, 0.6, 0.9] as [Double])]),
    GradientCase(Shrink(bias: 0.3, threshold: 0.8), [mixed]),
    GradientCase(Sqrt(), [positive]), GradientCase(Log(), [positive]),
    GradientCase(Floor(), [mixed]), GradientCase(Ceil(), [mixed]), GradientCase(Round(), [mixed]),
    GradientCase(Sign(), [mixed]), GradientCase(Identity(), [mixed]),
    GradientCase(DropoutOperator(), [mixed]),
    GradientCase(DropoutOperator(), [mixed, Tensor(scalar: Float(0.3))], constants: [1]),
    GradientCase(
      DropoutOperator(seed: 3), [mixed, Tensor(scalar: Float(0.3)), Tensor(scalar: Bool(true))],
      constants: [1, 2]),
    GradientCase(Cast(to: .float64), [a]), GradientCase(Cast(to: .float32), [a]),
    GradientCase(CastLike(), [a, Tensor(scalar: Double(1))], constants: [1]),

    GradientCase(Add(), [a, b]), GradientCase(Add(), [b, a]), GradientCase(Add(), [a, a]),
    GradientCase(Add(), [a, Tensor(scalar: Double(2))]),
    GradientCase(Sub(), [a, b]), GradientCase(Sub(), [b, a]),
    GradientCase(Mul(), [a, b]),
    GradientCase(Mul(), [pattern([1, 3, 1, 4]), pattern([2, 1, 2, 1], seed: 4)]),
    GradientCase(Div(), [a, positivePattern([3, 1])]), GradientCase(Div(), [b, positive]),
    GradientCase(Pow(), [positive, b]), GradientCase(Pow(), [positivePattern([4]), a]),
    GradientCase(Pow(), [a, Tensor(scalar: Double(2))], constants: [1]),
    GradientCase(Pow(), [a, Tensor([3, 0, 1, 2] as [Int64])]),
    GradientCase(Mod(fmod: true), [mixed, Tensor([0.75, -1.5, 2.25, 0.6, 1.2, -0.9, 3.3] as [Double])]),
    GradientCase(Max(), [pattern([2, 3]), pattern([3], seed: 1), pattern([2, 1], seed: 2)]),
    GradientCase(Min(), [pattern([2, 3]), pattern([3], seed: 1), pattern([2, 1], seed: 2)]),
    GradientCase(Sum(), [a, b, pattern([4])]), GradientCase(Mean(), [a, b, pattern([4])]),
    GradientCase(Sum(), [a]),
    GradientCase(
      Where(), [Tensor([true, false, true] as [Bool], shape: [3, 1]), a, pattern([4], seed: 9)]),
    GradientCase(Where(), [Tensor([true, false] as [Bool], shape: [2, 1, 1]), b, pattern([1, 4])]),
    GradientCase(PRelu(), [mixed, pattern([7], seed: 3)]), GradientCase(PRelu(), [mixed, pattern([2, 1])]),
    GradientCase(
      Clip(), [mixed, Tensor(scalar: Double(-1)), Tensor(scalar: Double(2.5))], constants: [1, 2]),
    GradientCase(Clip(), [mixed, nil, Tensor(scalar: Double(2.5))], constants: [2]),
    GradientCase(Clip(), [mixed]),
    GradientCase(ActivationOperator(ElementFunction(.silu, 1)), [mixed]),
    GradientCase(ActivationOperator(ElementFunction(.relu)), [mixed]),
    GradientCase(ActivationOperator(ElementFunction(.clip, -1, 2.5)), [mixed]),
    GradientCase(ActivationOperator(ElementFunction(.leakyRelu, 0.2)), [mixed]),
    GradientCase(ActivationOperator(ElementFunction(.sigmoid)), [mixed]),
    GradientCase(ActivationOperator(ElementFunction(.tanh)), [mixed]),
    GradientCase(ActivationOperator(ElementFunction(.hardSigmoid, 0.2, 0.5)), [mixed]),
    GradientCase(ActivationOperator(ElementFunction(.hardSwish)), [mixed]),
  ]

  @Test(arguments: cases) func agreesWithCentralDifferences(_ gradient: GradientCase) throws {
    try gradient.check()
  }

  /// The gradient of Σ y for one input.
  private func gradient(_ op: some Operator, _ inputs: [Tensor], of index: Int = 0) throws -> [Double] {
    let builder = GraphBuilder()
    var values: [Value?] = []
    var named: [String: Tensor] = [:]
    for (index, tensor) in inputs.enumerated() {
      values.append(
        try builder.input(
          "x\(index)", type: tensor.elementType, dimensions: tensor.shape.map { .fixed($0) }))
      named["x\(index)"] = tensor
    }
    let y = try builder.add(op, values)[0]
    try builder.output("loss", builder.add(ReduceSum(keepsDimensions: false), y))
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["x\(index)"])
    return try #require(
      try Interpreter(graph, parameters: Parameters()).run(named)["gradient of x\(index)"]
    ).doubles
  }

  @Test func isZeroWhereReLUCutsOff() throws {
    #expect(try gradient(Relu(), [Tensor([-1, 0, 1] as [Float])]) == [0, 0, 1])
    let bounds = [Tensor(scalar: Float(0)), Tensor(scalar: Float(6))]
    #expect(try gradient(Clip(), [Tensor([-1, 0, 3, 6, 7] as [Float])] + bounds) == [0, 0, 1, 0, 0])
  }

  @Test func sharesTheGradientAmongEqualExtremes() throws {
    let inputs = [[1, 2, 3], [1, 2, 0], [0, 2, 3]].map { Tensor($0 as [Float]) }
    #expect(try gradient(Max(), inputs) == [0.5, Double(Float(1) / 3), 0.5])
    #expect(try gradient(Min(), inputs, of: 2) == [1, Double(Float(1) / 3), 0])
  }

  @Test func givesFiniteGradientsFarOut() throws {
    let far = Tensor([-1000, -100, 100, 1000] as [Double])
    #expect(try gradient(Softplus(), [far]).map { Float($0) } == [0, Float(0x1.a8c202p-145 as Double), 1, 1])
    #expect(try gradient(Swish(), [far]).allSatisfy(\.isFinite))
    #expect(try gradient(Mish(), [far]).allSatisfy(\.isFinite))
    #expect(try gradient(Gelu(), [far]) == [0, 0, 1, 1])
    #expect(try gradient(Gelu(approximation: .tanh), [far]) == [0, 0, 1, 1])
  }
}
