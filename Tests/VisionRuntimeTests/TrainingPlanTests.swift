import Testing
import VisionCompute
import VisionGraph
import VisionLayers
import VisionRuntime
import VisionTensor
import VisionTestSupport

/// Plans of differentiated graphs.
@Suite struct TrainingPlanTests {
  /// Convolution, BatchNormalization, ReLU6, dropout, pooling with a residual, a dense layer and cross-entropy.
  private func graph() throws -> Graph {
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 3, height: 8, width: 8)
    func parameter(_ name: String, _ shape: Shape, _ start: Initializer) throws -> Value {
      try builder.parameter(name, shape: shape, initializer: start)
    }
    let same = Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))
    var y = try builder.add(Conv(window: same), x, parameter("conv", [8, 3, 3, 3], .kaimingUniform))
    y = try builder.add(
      BatchNormalization(), y, parameter("weight", [8], .ones), parameter("bias", [8], .zeros),
      parameter("mean", [8], .zeros), parameter("variance", [8], .ones))
    y = try builder.add(
      Clip(), y, builder.constant(Tensor(scalar: Float(0))), builder.constant(Tensor(scalar: Float(6))))
    y = try builder.add(DropoutOperator(), y, builder.constant(Tensor(scalar: Float(0.3))))
    y = try builder.add(MaxPool(window: Window(kernel: [2, 2], strides: [2, 2])), y)
    let z = try builder.add(
      Conv(window: same, groups: 8), y, parameter("depthwise", [8, 1, 3, 3], .kaimingUniform))
    y = try builder.add(Flatten(), builder.add(GlobalAveragePool(), builder.add(Add(), y, z)))
    y = try builder.add(
      Gemm(transposesB: true), y, parameter("dense", [5, 8], .kaimingUniform),
      parameter("offset", [5], .uniform(0.3)))
    let labels = try builder.input("labels", type: .int64, dimensions: [.symbolic("N")])
    try builder.output("loss", SoftmaxCrossEntropy()(y, labels))
    return builder.graph
  }

  @Test func agreeWithTheInterpreter() throws {
    let trained = ["conv", "weight", "bias", "depthwise", "dense", "offset", "x"]
    let graph = try graph().applying([TrainingMode()])
      .differentiated(loss: "loss", withRespectTo: trained).bound(batch: 4)
    let parameters = graph.initialParameters(seed: 3)
    let inputs = [
      "x": Tensor(Philox(seed: 1).normal(count: 4 * 192), shape: [4, 3, 8, 8]),
      "labels": Tensor([3, 0, 4, 1] as [Int64]),
      TrainingMode.keysName: Tensor((0..<4).flatMap { [9, 1, $0 as Int64] }, shape: [4, 3]),
    ]
    let expected = try Interpreter(graph, parameters: parameters).run(inputs)
    #expect(expected.count == 10)
    for convolutions in [ConvolutionAlgorithm.automatic, .im2col] {
      let plan = try Plan(graph, parameters: parameters, convolutions: convolutions)
      var bits: [String: Tensor]?
      for threads in [1, 2] {
        let results = try plan.run(inputs, on: Executor(threads: threads))
        for (name, tensor) in expected.sorted(by: { $0.key < $1.key }) {
          expectClose(try #require(results[name]), tensor, tolerance: 1e-5, name)
        }
        #expect(bits == nil || bits == results)
        bits = results
      }
    }
  }

  /// Residual blocks: what is fused before differentiation gives the same loss, gradients and statistics, on a plan too.
  @Test(arguments: [false, true]) func fusedNormalizationsChangeNothing(keepsStatistics: Bool) throws {
    let network = try Sequential {
      Conv2D(5, kernel: 3, bias: false).named("stem")
      BatchNorm()
      ReLU6()
      BasicBlock(5)
      BasicBlock(7, stride: 2)
      GlobalAveragePool()
      Dense(3).named("head")
    }.graph(input: (3, 9, 8))
    func step(_ passes: [any Pass]) throws -> Graph { try network.trainingStep(after: passes, batch: 6) }
    let mode = TrainingMode { _ in keepsStatistics }
    let plain = try step([mode])
    let fused = try step([mode, TrainingFusion()])
    let ofBatch = fused.nodes.compactMap { $0.operation as? BatchNormalizationTraining }
    let given = fused.nodes.compactMap { $0.operation as? BatchNormalizationFixed }
    // One of the six has nothing after it, and stays what it was when it keeps its statistics.
    #expect(ofBatch.count == (keepsStatistics ? 0 : 6))
    #expect(given.count == (keepsStatistics ? 5 : 0))
    #expect((ofBatch.map(\.clamp) + given.map(\.clamp)).count { $0 != nil } == 5)
    #expect((ofBatch.map(\.hasResidual) + given.map(\.hasResidual)).count { $0 } == 2)
    if keepsStatistics {
      let frozen = try step([mode, TrainingFusion { _ in false }])
      #expect(!frozen.nodes.contains { $0.operation is BatchNormalizationFixed })
    }
    let forward = fused.nodes.filter { !$0.name.contains("gradient") }
    #expect(!forward.contains { $0.operation is Relu || $0.operation is Add })
    let parameters = plain.initialParameters(seed: 4)
    let inputs = [
      "input": Tensor(Philox(seed: 1).normal(count: 6 * 216), shape: [6, 3, 9, 8]),
      "labels": Tensor([2, 0, 1, 1, 2, 0] as [Int64]),
    ]
    let expected = try Interpreter(plain, parameters: parameters).run(inputs)
    let reference = try Interpreter(fused, parameters: parameters).run(inputs)
    let plan = try Plan(fused, parameters: parameters)
    let results = try plan.run(inputs, on: Executor(threads: 2))
    #expect(expected.count == plain.outputs.count)
    for (name, tensor) in expected.sorted(by: { $0.key < $1.key }) {
      expectClose(try #require(reference[name]), tensor, tolerance: 1e-5, name)
      expectClose(try #require(results[name]), tensor, tolerance: 1e-4, name)
    }
  }
}
