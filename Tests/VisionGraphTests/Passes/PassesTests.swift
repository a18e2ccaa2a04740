import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct PassesTests {
  /// x → Conv → BatchNormalization → (+ x) → Clip, and Identity and Dropout on the way.
  private func block(activation: Bool = true) throws -> (graph: Graph, parameters: Parameters) {
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 4, height: 5, width: 6)
    var parameters = Parameters()
    func parameter(_ name: String, _ shape: Shape, positive: Bool = false) throws -> Value {
      let values = Philox(seed: 5).uniform(count: shape.elementCount, stream: UInt64(parameters.count))
      parameters[name] = Tensor(values.map { positive ? $0 + 0.5 : $0 - 0.5 }, shape: shape)
      return try builder.parameter(name, shape: shape, initializer: .zeros)
    }
    let conv = Conv(window: Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1])))
    var y = try builder.add(conv, x, parameter("w", [4, 4, 3, 3]), parameter("b", [4]), name: "conv")
    y = try builder.add(
      BatchNormalization(epsilon: 1e-3), y, parameter("scale", [4]), parameter("shift", [4]),
      parameter("mean", [4]), parameter("variance", [4], positive: true), name: "bn")
    y = try builder.add(Identity(), y, name: "identity")
    y = try builder.add(Add(), y, x, name: "sum")
    if activation {
      y = try builder.add(
        Clip(), y, builder.constant(Tensor(scalar: Float(0))), builder.constant(Tensor(scalar: Float(0.6))),
        name: "clip")
    }
    try builder.output("y", y)
    return (builder.graph, parameters)
  }

  private func input() -> Tensor { Tensor(Philox(seed: 9).normal(count: 120), shape: [1, 4, 5, 6]) }

  @Test(arguments: [false, true]) func fuseAWholeBlockAndKeepItsMeaning(activation: Bool) throws {
    let (graph, parameters) = try block(activation: activation)
    let fused = try graph.applying(Graph.inferencePasses)
    let names = fused.nodes.map { type(of: $0.operation).name }
    #expect(names == ["BatchNormalizedWeights", "BatchNormalizedBias", "FusedConv"])
    let conv = try #require(fused.nodes.last?.operation as? FusedConv)
    #expect(conv.hasResidual)
    #expect(conv.activation == (activation ? ElementFunction(.clip, 0, 0.6) : nil))
    #expect(fused.nodes.last?.name == "conv")
    let expected = try Interpreter(graph, parameters: parameters).run(["x": input()])
    let result = try Interpreter(fused, parameters: parameters).run(["x": input()])
    expectClose(try #require(result["y"]), try #require(expected["y"]), tolerance: 1e-6)
  }

  @Test func normalizeAndActivateBeforeAConcatenation() throws {
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 4, height: 5, width: 6)
    var parameters = Parameters()
    func parameter(_ name: String, _ shape: Shape, positive: Bool = false) throws -> Value {
      let values = Philox(seed: 6).uniform(count: shape.elementCount, stream: UInt64(parameters.count))
      parameters[name] = Tensor(values.map { positive ? $0 + 0.5 : $0 - 0.5 }, shape: shape)
      return try builder.parameter(name, shape: shape, initializer: .zeros)
    }
    let a = try builder.add(
      Conv(window: Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))), x,
      parameter("wa", [3, 4, 3, 3]), name: "a")
    let b = try builder.add(
      Conv(window: Window(kernel: [1, 1])), x, parameter("wb", [5, 4, 1, 1]), parameter("bb", [5]), name: "b")
    var y = try builder.add(Concat(axis: 1), [a, b], name: "concat")[0]
    y = try builder.add(
      BatchNormalization(epsilon: 1e-3), y, parameter("scale", [8]), parameter("shift", [8]),
      parameter("mean", [8]), parameter("variance", [8], positive: true), name: "bn")
    try builder.output("y", builder.add(Relu(), y, name: "relu"))
    let fused = try builder.graph.applying(Graph.inferencePasses)
    let convolutions = fused.nodes.compactMap { $0.operation as? FusedConv }
    #expect(convolutions.map(\.activation) == [ElementFunction(.relu), ElementFunction(.relu)])
    #expect(fused.nodes.last?.operation is Concat)
    let expected = try Interpreter(builder.graph, parameters: parameters).run(["x": input()])
    let result = try Interpreter(fused, parameters: parameters).run(["x": input()])
    expectClose(try #require(result["y"]), try #require(expected["y"]), tolerance: 1e-6)
  }

  /// Branches as in RepVGG and MobileOne: 3 × 3, 1 × 1 and a normalized identity, then something else.
  @Test(arguments: [1, 2, 4], [1, 2]) func sumParallelConvolutions(groups: Int, stride: Int) throws {
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 4, height: 5, width: 6)
    var parameters = Parameters()
    func parameter(_ name: String, _ shape: Shape, positive: Bool = false) throws -> Value {
      let values = Philox(seed: 7).uniform(count: shape.elementCount, stream: UInt64(parameters.count))
      parameters[name] = Tensor(values.map { positive ? $0 + 0.5 : $0 - 0.5 }, shape: shape)
      return try builder.parameter(name, shape: shape, initializer: .zeros)
    }
    func normalized(_ value: Value, _ name: String) throws -> Value {
      try builder.add(
        BatchNormalization(epsilon: 1e-3), value, parameter("\(name) scale", [4]),
        parameter("\(name) shift", [4]), parameter("\(name) mean", [4]),
        parameter("\(name) variance", [4], positive: true), name: name)
    }
    func convolution(_ side: Int, _ name: String) throws -> Value {
      let window = Window(
        kernel: [side, side], strides: [stride, stride],
        padding: .explicit([Int](repeating: side / 2, count: 4)))
      return try builder.add(
        Conv(window: window, groups: groups), x, parameter(name, [4, 4 / groups, side, side]), name: name)
    }
    var y = try builder.add(
      Add(), normalized(convolution(3, "large"), "bn large"), normalized(convolution(1, "small"), "bn small"),
      name: "sum")
    if stride == 1 { y = try builder.add(Add(), normalized(x, "bn identity"), y, name: "all") }
    y = try builder.add(Add(), y, builder.constant(Tensor(scalar: Float(0.5))), name: "shifted")
    try builder.output("y", builder.add(Relu(), y, name: "relu"))
    let fused = try builder.graph.applying(Graph.inferencePasses)
    #expect(fused.nodes.count { $0.operation is FusedConv } == 1)
    #expect(!fused.nodes.contains { $0.operation is ChannelAffine })
    let expected = try Interpreter(builder.graph, parameters: parameters).run(["x": input()])
    let result = try Interpreter(fused, parameters: parameters).run(["x": input()])
    expectClose(try #require(result["y"]), try #require(expected["y"]), tolerance: 1e-6)
  }

  @Test(arguments: [([1, 3], [3, 1], 1), ([3, 3], [3, 3], 2)])
  func leaveParallelConvolutionsThatWouldCostMore(a: [Int], b: [Int], dilation: Int) throws {
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 2, height: 5, width: 6)
    var results: [Value] = []
    for (name, kernel) in [("a", a), ("b", b)] {
      let pads = kernel.map { ($0 - 1) / 2 * dilation }
      let window = Window(
        kernel: kernel, dilations: [dilation, dilation], padding: .explicit(pads + pads))
      let w = try builder.parameter(name, shape: Shape([2, 2] + kernel), initializer: .ones)
      results.append(try builder.add(Conv(window: window), x, w, name: "conv \(name)"))
    }
    try builder.output("y", builder.add(Add(), results[0], results[1], name: "sum"))
    let fused = try builder.graph.applying(Graph.inferencePasses)
    #expect(fused.nodes.count { $0.operation is FusedConv } == 2)
  }

  @Test func leaveAConvolutionAloneThatIsReadTwice() throws {
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 1, height: 3, width: 3)
    let w = try builder.parameter("w", shape: [1, 1, 1, 1], initializer: .ones)
    let conv = try builder.add(Conv(window: Window(kernel: [1, 1])), x, w, name: "conv")
    try builder.output("before", conv)
    try builder.output("after", builder.add(Relu(), conv, name: "relu"))
    let fused = try builder.graph.applying(Graph.inferencePasses)
    #expect(fused.nodes.map { type(of: $0.operation).name } == ["FusedConv", "Relu"])
    let parameters = builder.graph.initialParameters(seed: 0)
    let x1 = Tensor([-1, 2, -3, 4, -5, 6, -7, 8, -9] as [Float], shape: [1, 1, 3, 3])
    let result = try Interpreter(fused, parameters: parameters).run(["x": x1])
    #expect(result["before"] == x1)
    #expect(result["after"]?.floats == [0, 2, 0, 4, 0, 6, 0, 8, 0])
  }

  @Test func foldWhatFollowsFromShapesAndDropWhatIsDead() throws {
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 2, height: 3, width: 4)
    let shape = try builder.add(ShapeOf(), x, name: "shape")
    let target = try builder.add(
      Concat(axis: 0),
      [
        try builder.add(Gather(axis: 0), shape, builder.constant(Tensor([Int64(0)])), name: "batch"),
        builder.constant(Tensor([Int64(-1)])),
      ], name: "target")[0]
    try builder.output("y", builder.add(Reshape(), x, target, name: "flat"))
    _ = try builder.add(Relu(), x, name: "dead")
    let folded = try builder.graph.applying([ConstantFolding()])
    #expect(folded.nodes.map(\.name) == ["flat"])
    #expect(folded.fact(folded.outputs[0].value).shape == [1, 24])
    let bound = try builder.graph.bound(batch: 5).applying([ConstantFolding()])
    #expect(bound.fact(bound.outputs[0].value).shape == [5, 24])
  }

  @Test func turnALoneBatchNormalizationIntoOneAffineStep() throws {
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 3, height: 2, width: 2)
    var parameters = Parameters()
    for name in ["scale", "shift", "mean", "variance"] {
      parameters[name] = Tensor([0.5, 1.5, 2] as [Float])
    }
    let values = try ["scale", "shift", "mean", "variance"].map {
      try builder.parameter($0, shape: [3], initializer: .zeros)
    }
    let y = try builder.add(BatchNormalization(epsilon: 1e-5), [x] + values, name: "bn")[0]
    try builder.output("y", builder.add(Relu(), y, name: "relu"))
    let folded = try builder.graph.applying(Graph.inferencePasses)
    #expect(
      folded.nodes.last?.operation as? ChannelAffine == ChannelAffine(activation: ElementFunction(.relu)))
    let x1 = Tensor(Philox(seed: 2).normal(count: 12), shape: [1, 3, 2, 2])
    let expected = try Interpreter(builder.graph, parameters: parameters).run(["x": x1])
    let result = try Interpreter(folded, parameters: parameters).run(["x": x1])
    expectClose(try #require(result["y"]), try #require(expected["y"]), tolerance: 1e-6)
  }
}
