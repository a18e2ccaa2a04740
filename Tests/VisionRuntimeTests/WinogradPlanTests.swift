import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

@Suite struct WinogradPlanTests {
  /// relu(conv(x, w) + b + x) with weights that do not change.
  private func block(channels: Int, side: Int, pads: [Int] = [1, 1, 1, 1]) throws -> (Graph, Parameters) {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(2), .fixed(channels), .fixed(side), .fixed(side)])
    let w = try builder.parameter("w", shape: [channels, channels, 3, 3], initializer: .zeros)
    let b = try builder.parameter("b", shape: [channels], initializer: .zeros)
    var y = try builder.add(Conv(window: Window(kernel: [3, 3], padding: .explicit(pads))), x, w, b)
    if pads == [1, 1, 1, 1] { y = try builder.add(Add(), y, x) }
    try builder.output("y", builder.add(Relu(), y))
    let numbers = Philox(seed: 3)
    var parameters = Parameters()
    parameters["w"] = Tensor(
      numbers.normal(count: channels * channels * 9), shape: [channels, channels, 3, 3])
    parameters["b"] = Tensor(numbers.normal(count: channels, stream: 1))
    return (builder.graph, parameters)
  }

  private func input(_ channels: Int, _ side: Int) -> [String: Tensor] {
    let shape: Shape = [2, channels, side, side]
    return ["x": Tensor(Philox(seed: 5).normal(count: shape.elementCount), shape: shape)]
  }

  @Test func isChosenWhereItPaysAndNotOtherwise() throws {
    func kernels(_ channels: Int, _ side: Int, _ convolutions: ConvolutionAlgorithm) throws -> [String] {
      let (graph, parameters) = try block(channels: channels, side: side)
      return try Plan(graph, parameters: parameters, convolutions: convolutions).explanation(threads: 1).steps
        .filter { $0.operatorName == "FusedConv" }.map(\.kernelName)
    }
    #expect(try kernels(32, 28, .automatic) == ["winograd"])
    #expect(try kernels(32, 28, .direct) == ["conv"])
    #expect(try kernels(4, 28, .automatic) == ["conv"])
    #expect(try kernels(4, 28, .winograd) == ["winograd"])
    // More than half of each tile would lie beyond the edge.
    #expect(try kernels(64, 2, .automatic) == ["conv"])
  }

  /// First layers as ResNets have them: 7 × 7, then 3 × 3, both with stride 2.
  @Test func stridesOfTwo() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(3), .fixed(77), .fixed(90)])
    let w = try builder.parameter("w", shape: [32, 3, 7, 7], initializer: .zeros)
    let v = try builder.parameter("v", shape: [40, 32, 3, 3], initializer: .zeros)
    let first = Window(kernel: [7, 7], strides: [2, 2], padding: .explicit([3, 3, 3, 3]))
    let second = Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([1, 1, 1, 1]))
    let y = try builder.add(Relu(), builder.add(Conv(window: first), x, w))
    try builder.output("y", builder.add(Conv(window: second), y, v))
    let numbers = Philox(seed: 4)
    var parameters = Parameters()
    parameters["w"] = Tensor(numbers.normal(count: 32 * 147), shape: [32, 3, 7, 7])
    parameters["v"] = Tensor(numbers.normal(count: 40 * 288, stream: 1), shape: [40, 32, 3, 3])
    let inputs = ["x": Tensor(numbers.normal(count: 3 * 77 * 90, stream: 2), shape: [1, 3, 77, 90])]
    let reference = try #require(Interpreter(builder.graph, parameters: parameters).run(inputs)["y"]).floats
    let largest = try #require(reference.map(abs).max())
    for convolutions in ConvolutionAlgorithm.allCases {
      let plan = try Plan(builder.graph, parameters: parameters, convolutions: convolutions)
      let kernels = plan.explanation(threads: 1).steps.filter { $0.operatorName == "FusedConv" }
      let expected =
        switch convolutions {
        case .direct: "conv"
        case .im2col: "im2col"
        case .automatic, .winograd: "winograd"
        }
      #expect(kernels.map(\.kernelName) == [expected, expected])
      let results = try [1, 2].map { threads in
        try #require(
          plan.run(inputs, on: Executor(threads: threads))["y"]
        ).floats
      }
      #expect(results[0] == results[1])
      let worst = try #require(zip(results[0], reference).map { abs($0 - $1) }.max())
      #expect(worst < 5e-6 * largest, "\(convolutions.rawValue): \(worst / largest)")
    }
  }

  /// Large tiles, then smaller ones whose maxima are taken, as in VGG.
  @Test func largeTilesAndMaxima() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(2), .fixed(32), .fixed(34), .fixed(29)])
    let window = Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))
    var parameters = Parameters()
    let numbers = Philox(seed: 6)
    var y = x
    for (index, (inputs, outputs)) in [(32, 34), (34, 40), (40, 33)].enumerated() {
      let w = try builder.parameter("w\(index)", shape: [outputs, inputs, 3, 3], initializer: .zeros)
      let b = try builder.parameter("b\(index)", shape: [outputs], initializer: .zeros)
      parameters["w\(index)"] = Tensor(
        numbers.normal(count: outputs * inputs * 9, stream: UInt64(2 * index)),
        shape: [outputs, inputs, 3, 3])
      parameters["b\(index)"] = Tensor(numbers.normal(count: outputs, stream: UInt64(2 * index + 1)))
      y = try builder.add(Relu(), builder.add(Conv(window: window), y, w, b))
      if index > 0 { y = try builder.add(MaxPool(window: Window(kernel: [2, 2], strides: [2, 2])), y) }
    }
    try builder.output("y", y)
    let inputs = [
      "x": Tensor(numbers.normal(count: 2 * 32 * 34 * 29, stream: 9), shape: [2, 32, 34, 29])
    ]
    let reference = try #require(Interpreter(builder.graph, parameters: parameters).run(inputs)["y"])
    let plan = try Plan(builder.graph, parameters: parameters)
    let steps = plan.explanation(threads: 1).steps.filter { $0.kernelName == "winograd" }
    #expect(
      steps.map(\.algorithm) == [
        "Winograd F(6×6, 3×3)", "Winograd F(6×6, 3×3)", "Winograd F(6×6, 3×3)",
      ])
    #expect(
      steps.map(\.parts) == [["Conv", "Relu"], ["Conv", "Relu", "MaxPool"], ["Conv", "Relu", "MaxPool"]])
    let results = try [1, 2, 3].map { threads in
      try #require(plan.run(inputs, on: Executor(threads: threads))["y"])
    }
    #expect(results[1] == results[0] && results[2] == results[0])
    expectClose(results[0], reference, tolerance: 5e-6)
  }

  /// A convolution whose weights change, and its gradients.
  private func training(_ channels: Int, _ outputs: Int, _ side: Int, pads: [Int]) throws -> (
    Graph, [String: Tensor]
  ) {
    let builder = GraphBuilder()
    let window = Window(kernel: [3, 3], padding: .explicit(pads))
    let result = [2, outputs, side + pads[0] + pads[2] - 2, side + pads[1] + pads[3] - 2]
    let shapes = [
      "x": [2, channels, side, side], "w": [outputs, channels, 3, 3], "b": [outputs], "g": result,
    ]
    func input(_ name: String) throws -> Value {
      try builder.input(name, dimensions: (shapes[name] ?? []).map { .fixed($0) })
    }
    let (x, w, b, g) = (try input("x"), try input("w"), try input("b"), try input("g"))
    let extents = builder.constant(Tensor([2, channels, side, side].map { Int64($0) }))
    try builder.output("y", builder.add(Conv(window: window), x, w, b))
    try builder.output("gx", builder.add(ConvInputGradient(window: window), g, w, extents))
    try builder.output("gw", builder.add(ConvWeightGradient(window: window), x, g))
    var inputs: [String: Tensor] = [:]
    for (stream, name) in shapes.keys.sorted().enumerated() {
      let shape = Shape(shapes[name] ?? [])
      inputs[name] = Tensor(
        Philox(seed: 7).normal(count: shape.elementCount, stream: UInt64(stream)), shape: shape)
    }
    return (builder.graph, inputs)
  }

  @Test(arguments: InstructionSet.supported)
  func trainingEqualsTheInterpreter(_ set: InstructionSet) throws {
    for (channels, outputs, side, pads) in [
      (5, 7, 9, [1, 1, 1, 1]), (16, 40, 13, [0, 2, 1, 0]), (33, 17, 8, [1, 1, 1, 1]),
      (20, 70, 6, [0, 0, 0, 0]),
    ] {
      let (graph, inputs) = try training(channels, outputs, side, pads: pads)
      let expected = try Interpreter(graph, parameters: Parameters()).run(inputs)
      let plan = try Plan(graph, parameters: Parameters(), instructionSet: set, convolutions: .winograd)
      #expect(plan.explanation(threads: 1).steps.filter { $0.algorithm.hasPrefix("Winograd") }.count == 3)
      var first: [String: Tensor] = [:]
      for threads in [1, 2, 3] {
        var workspace = plan.makeWorkspace(for: Executor(threads: threads))
        _ = try plan.run(inputs, in: &workspace)
        let results = try plan.run(inputs, in: &workspace)
        for name in ["y", "gx", "gw"] {
          expectClose(
            try #require(results[name]), try #require(expected[name]), tolerance: 5e-6,
            "\(name), \(set.rawValue), \(channels) channels")
        }
        if threads == 1 { first = results }
        #expect(results == first, "bits depend on threads")
      }
    }
  }

  @Test func trainingIsChosenWhereItPays() throws {
    func algorithms(_ channels: Int, _ side: Int, _ convolutions: ConvolutionAlgorithm) throws -> Int {
      let (graph, _) = try training(channels, channels, side, pads: [1, 1, 1, 1])
      return try Plan(graph, parameters: Parameters(), convolutions: convolutions).explanation(threads: 1)
        .steps.filter { $0.algorithm.hasPrefix("Winograd") }.count
    }
    #expect(try algorithms(32, 24, .automatic) == 3)
    #expect(try algorithms(32, 24, .direct) == 0)
    #expect(try algorithms(32, 8, .automatic) == 0)
    #expect(try algorithms(8, 24, .automatic) == 0)
  }

  @Test(arguments: InstructionSet.supported)
  func equalsTheInterpreter(_ set: InstructionSet) throws {
    for (channels, side, pads) in [
      (5, 7, [1, 1, 1, 1]), (16, 13, [0, 2, 1, 3]), (33, 9, [1, 1, 1, 1]), (48, 6, [0, 0, 0, 0]),
    ] {
      let (graph, parameters) = try block(channels: channels, side: side, pads: pads)
      let expected = try Interpreter(graph, parameters: parameters).run(input(channels, side))
      let plan = try Plan(graph, parameters: parameters, instructionSet: set, convolutions: .winograd)
      var first: [String: Tensor] = [:]
      for threads in [1, 2] {
        var workspace = plan.makeWorkspace(for: Executor(threads: threads))
        _ = try plan.run(input(channels, side), in: &workspace)
        let results = try plan.run(input(channels, side), in: &workspace)
        expectClose(
          try #require(results["y"]), try #require(expected["y"]), tolerance: 5e-6,
          "\(set.rawValue), \(channels) channels")
        if threads == 1 { first = results }
        #expect(results == first, "bits depend on threads")
      }
    }
  }

  /// Plans of both kinds that share a store do not take each other's weights.
  @Test func sharesAStoreWithTheDirectKernel() throws {
    let (graph, parameters) = try block(channels: 24, side: 12)
    let store = WeightStore()
    var results: [Tensor] = []
    for convolutions in [ConvolutionAlgorithm.direct, .winograd, .direct] {
      let plan = try Plan(graph, parameters: parameters, weights: store, convolutions: convolutions)
      let output = try plan.run(input(24, 12), on: Executor(threads: 1))
      results.append(try #require(output["y"]))
    }
    #expect(results[0] == results[2])
    #expect(results[0] != results[1])
    expectClose(results[0], results[1], tolerance: 5e-6)
  }

  @Test func isExplained() throws {
    let (graph, parameters) = try block(channels: 32, side: 12)
    let steps = try Plan(graph, parameters: parameters).explanation(threads: 2).steps
    let step = try #require(steps.first { $0.kernelName == "winograd" })
    #expect(step.algorithm == "Winograd F(4×4, 3×3)")
    #expect(step.details == "18 tiles, 36 products of 18 × 32 × 32")
    #expect(step.weightByteCount == (36 * (32 * 32 + 16) + 32) * 4)
    #expect(step.parts == ["Conv", "Add", "Relu"])
  }
}
