import Testing
import VisionCompute
import VisionGraph
import VisionLayers
import VisionRuntime
import VisionTensor
import VisionTestSupport

/// Convolutions that do parts of the normalizations beside them, in whole training steps.
@Suite struct NormalizedConvolutionTests {
  private func step(_ network: Graph, batch: Int) throws -> Graph {
    try network.trainingStep(after: [TrainingMode(), TrainingFusion()], batch: batch)
  }

  private func inverted() throws -> Graph {
    try Sequential {
      Conv2D(16, kernel: 3, stride: 2, bias: false).named("stem")
      BatchNorm()
      ReLU6()
      InvertedResidual(8, expansion: 1)
      InvertedResidual(12, stride: 2, expansion: 6)
      InvertedResidual(12, expansion: 6)
      GlobalAveragePool()
      Dense(3).named("head")
    }.graph(input: (3, 43, 38))
  }

  /// Equal but for rounding: an element at the edge of a clamp may fall to either side, which its derivative shows, and what
  /// is zero but for rounding, such as the gradient of a bias before another normalization, has no range of its own.
  private func expectAgreement(_ a: Tensor, _ b: Tensor, _ name: String) {
    let range = max(b.doubles.map(abs).max() ?? 0, 0.01)
    let worst = zip(a.doubles, b.doubles).map { abs($0 - $1) }.max() ?? .infinity
    #expect(a.shape == b.shape && worst <= 2e-3 * range, "\(name): \(worst) of \(range)")
  }

  /// Details of the steps whose operator has a name, by the name of the node.
  private func details(_ plan: Plan, _ operatorName: String) -> [String: String] {
    Dictionary(
      plan.explanation(threads: 2).steps.filter { $0.operatorName == operatorName }.map {
        ($0.name, $0.details)
      }
    ) { first, _ in first }
  }

  @Test func agreeWithTheInterpreter() throws {
    let graph = try step(inverted(), batch: 8)
    let parameters = graph.initialParameters(seed: 4)
    let inputs = [
      "input": Tensor(Philox(seed: 1).normal(count: 8 * 3 * 43 * 38), shape: [8, 3, 43, 38]),
      "labels": Tensor([2, 0, 1, 1, 2, 0, 0, 1] as [Int64]),
    ]
    let expected = try Interpreter(graph, parameters: parameters).run(inputs)
    for (algorithm, merges) in [
      (ConvolutionAlgorithm.automatic, nil), (.direct, nil), (.automatic, true), (.automatic, false),
    ] as [(ConvolutionAlgorithm, Bool?)] {
      let plan = try plan(graph, parameters, algorithm, mergesGradients: merges)
      var bits: [String: Tensor]?
      for threads in [1, 2, 3] {
        var workspace = plan.makeWorkspace(for: Executor(threads: threads))
        // Twice, since memory is used again.
        _ = try plan.run(inputs, in: &workspace)
        let results = try plan.run(inputs, in: &workspace)
        for (name, tensor) in expected.sorted(by: { $0.key < $1.key }) {
          expectAgreement(try #require(results[name]), tensor, name)
        }
        #expect(bits == nil || bits == results)
        bits = results
      }
    }
  }

  private func plan(
    _ graph: Graph, _ parameters: Parameters, _ algorithm: ConvolutionAlgorithm = .automatic,
    mergesGradients: Bool?, on set: InstructionSet = .preferred
  ) throws -> Plan {
    try Plan(
      graph, parameters: parameters, passes: Graph.inferencePasses, variables: [], outlets: [:],
      instructionSet: set, convolutions: algorithm, mergesGradients: mergesGradients)
  }

  /// Gradients of input and weights in one walk over the pixels: neither the gradient that they read nor the input is in
  /// memory.
  @Test(arguments: InstructionSet.supported)
  func gradientsThatAreOneStepKeepNothing(_ set: InstructionSet) throws {
    let graph = try step(inverted(), batch: 8)
    let apart = try plan(graph, graph.initialParameters(seed: 4), mergesGradients: false, on: set)
    #expect(details(apart, "ConvGradients").isEmpty)
    let plan = try plan(graph, graph.initialParameters(seed: 4), mergesGradients: true, on: set)
    // The widths of the blocks are 16, 16, 8; 8, 48, 12; 12, 72, 12. All but the first layer, which has no gradient of its
    // input; of 1×1 those whose wider side is whole vectors, which 72 is not of 16.
    let gradients = details(plan, "ConvGradients").values
    #expect(gradients.count == (set == .avx512 ? 6 : 8))
    #expect(gradients.count { $0.contains("normalizes its operand, which is not kept") } >= 5)
    #expect(gradients.count { $0.contains("normalizes its input, which is not kept") } >= 5)
    #expect(gradients.count { $0.contains("sums gradients up") } >= 5)
    #expect(plan.flops == apart.flops)
  }

  /// How many convolutions compute what they read depends on how their pixels and panels are cut, which vectors decide.
  @Test(arguments: InstructionSet.supported)
  func whatOnlyConvolutionsReadIsNotKept(_ set: InstructionSet) throws {
    let graph = try step(inverted(), batch: 8)
    let plan = try plan(graph, graph.initialParameters(seed: 4), mergesGradients: false, on: set)
    let (notKept, gradients) =
      switch set {
      case .avx512: (6, 6)
      case .avx2: (7, 7)
      default: (5, 6)
      }
    let forward = details(plan, "FusedConv").values
    let backward = details(plan, "ConvInputGradient").values
    let weights = details(plan, "ConvWeightGradient").values
    // With vectors of 16 the depthwise convolutions of three blocks, and the projections behind them.
    #expect(forward.count { $0.contains("which is not kept") } == notKept)
    #expect(weights.count { $0.contains("which is not kept") } == notKept)
    #expect(forward.count { $0.contains("sums moments up") } == 9)
    #expect(backward.count { $0.contains("normalizes its operand") } == gradients)
    #expect(backward.count { $0.contains("sums gradients up") } >= 6)
  }

  /// A result that something else reads too is in memory; an output is there before anybody reads it.
  @Test(arguments: [false, true]) func whatOthersReadIsKept(isOutput: Bool) throws {
    let builder = GraphBuilder()
    let x = try builder.image("input", channels: 16, height: 33, width: 32)
    func parameter(_ name: String, _ shape: Shape, _ start: Initializer) throws -> Value {
      try builder.parameter(name, shape: shape, initializer: start)
    }
    func normalized(_ x: Value, _ name: String) throws -> Value {
      let channels = 16
      return try builder.add(
        BatchNormalization(), x, parameter("\(name).weight", [channels], .ones),
        parameter("\(name).bias", [channels], .zeros), parameter("\(name).running_mean", [channels], .zeros),
        parameter("\(name).running_var", [channels], .ones))
    }
    let window = Window(kernel: [1, 1])
    let first = try normalized(
      builder.add(Conv(window: window), x, parameter("first", [16, 16, 1, 1], .kaimingUniform)), "one")
    let second = try builder.add(
      Conv(window: window), first, parameter("second", [16, 16, 1, 1], .kaimingUniform))
    let sum = try builder.add(Add(), normalized(second, "two"), builder.add(Sigmoid(), first))
    if isOutput { try builder.output("features", first) }
    let flat = try builder.add(Flatten(), builder.add(GlobalAveragePool(), sum))
    try builder.output(
      "logits",
      builder.add(
        Gemm(transposesB: true), flat, parameter("dense", [5, 16], .kaimingUniform),
        parameter("offset", [5], .uniform(0.3))))
    let graph = try step(builder.graph, batch: 16)
    let parameters = graph.initialParameters(seed: 2)
    let plan = try Plan(graph, parameters: parameters)
    let forward = details(plan, "FusedConv").values
    #expect(forward.count { $0.contains("normalizes its operand") } == (isOutput ? 0 : 1))
    #expect(!forward.contains { $0.contains("not kept") })
    let inputs = [
      "input": Tensor(Philox(seed: 1).normal(count: 16 * 16 * 33 * 32), shape: [16, 16, 33, 32]),
      "labels": Tensor((0..<16).map { Int64($0 % 5) }),
    ]
    let expected = try Interpreter(graph, parameters: parameters).run(inputs)
    let results = try plan.run(inputs, on: Executor(threads: 2))
    for (name, tensor) in expected.sorted(by: { $0.key < $1.key }) {
      expectAgreement(try #require(results[name]), tensor, name)
    }
  }
}
