import Testing
import VisionCompute
import VisionGraph
import VisionTensor
import VisionTestSupport

@testable import VisionRuntime

/// Plans whose convolutions and dense layers multiply bfloat16.
@Suite struct BFloat16PlanTests {
  private struct Network {
    let builder = GraphBuilder()
    var parameters = Parameters()

    mutating func weights(_ name: String, _ shape: Shape) throws -> Value {
      let depth = max(shape.elementCount / max(shape[0], 1), 1)
      let numbers = Philox(seed: UInt64(shape.elementCount)).normal(count: shape.elementCount)
      parameters[name] = Tensor(numbers.map { $0 / Float(depth).squareRoot() }, shape: shape)
      return try builder.parameter(name, shape: shape, initializer: .zeros)
    }

    mutating func conv(
      _ x: Value, _ name: String, from inputs: Int, to outputs: Int, kernel: Int = 1, stride: Int = 1,
      groups: Int = 1
    ) throws -> Value {
      let pad = kernel / 2
      let window = Window(
        kernel: [kernel, kernel], strides: [stride, stride], padding: .explicit([pad, pad, pad, pad]))
      return try builder.add(
        Conv(window: window, groups: groups), x, weights(name, [outputs, inputs / groups, kernel, kernel]),
        weights("\(name).bias", [outputs]))
    }

    func plan(_ set: InstructionSet = .preferred, _ precision: ComputePrecision = .bfloat16) throws -> Plan {
      try Plan(builder.graph, parameters: parameters, instructionSet: set, precision: precision)
    }

    /// The reference: what the passes make of the graph, node by node.
    func reference(_ set: InstructionSet) throws -> Graph {
      try builder.graph.applying(
        Graph.inferencePasses + ComputePrecision.bfloat16.passes(set.kernels, .automatic))
    }
  }

  private func run(_ plan: Plan, _ x: Tensor, threads: Int = 2) throws -> [String: Tensor] {
    try plan.run(["x": x], on: Executor(threads: threads))
  }

  private func numbers(_ shape: Shape) -> Tensor {
    Tensor(Philox(seed: 4).normal(count: shape.elementCount), shape: shape)
  }

  private func largest(_ tensor: Tensor) -> Float { tensor.floats.map(abs).max() ?? 0 }

  /// A residual block with a layer of stride 2, a depthwise one and a classifier. `taps` names values that are outputs, too.
  private func network(taps: Set<String> = []) throws -> Network {
    var network = Network()
    let builder = network.builder
    func tap(_ value: Value, _ name: String) throws -> Value {
      if taps.contains(name) { try builder.output(name, value) }
      return value
    }
    let x = try builder.input("x", dimensions: [.fixed(2), .fixed(3), .fixed(17), .fixed(13)])
    let stem = try tap(
      builder.add(Relu(), network.conv(x, "stem", from: 3, to: 24, kernel: 5, stride: 2)), "a")
    let reduce = try tap(builder.add(Relu(), network.conv(stem, "reduce", from: 24, to: 10)), "b")
    let middle = try tap(
      builder.add(Relu(), network.conv(reduce, "middle", from: 10, to: 10, kernel: 3, stride: 1, groups: 1)),
      "c")
    let sum = try tap(
      builder.add(Relu(), builder.add(Add(), network.conv(middle, "expand", from: 10, to: 24), stem)), "d")
    let half = try tap(network.conv(sum, "half", from: 24, to: 32, stride: 2), "e")
    let depthwise = try builder.add(
      HardSwish(), network.conv(half, "depthwise", from: 32, to: 32, kernel: 3, groups: 32))
    let last = try network.conv(depthwise, "last", from: 32, to: 48)
    let pooled = try builder.add(Flatten(axis: 1), builder.add(GlobalAveragePool(), last))
    let hidden = try builder.add(
      Gemm(transposesB: true), pooled, network.weights("w1", [9, 48]), network.weights("b1", [9]))
    try builder.output("y", builder.add(MatMul(), hidden, network.weights("w2", [9, 7])))
    return network
  }

  private let shape: Shape = [2, 3, 17, 13]

  @Test(arguments: InstructionSet.supported)
  func equalsTheReferenceOfRoundedOperands(_ set: InstructionSet) throws {
    let network = try network()
    let x = numbers(shape)
    let graph = try network.reference(set)
    let expected = try #require(Interpreter(graph, parameters: network.parameters).run(["x": x])["y"])
    let plan = try network.plan(set)
    #expect(plan.referenceNodes.isEmpty)
    let y = try #require(try run(plan, x)["y"])
    // Where a sum falls beside the middle of two bfloat16, a layer's result may be the other one.
    expectClose(y, expected, tolerance: 2e-3 * Double(largest(expected)))
    for threads in [1, 3] { #expect(try run(plan, x, threads: threads)["y"] == y) }
    // It is another computation than that of float32, and near to it.
    let exact = try #require(try run(network.plan(set, .float32), x)["y"])
    #expect(exact != y)
    expectClose(y, exact, tolerance: 0.03 * Double(largest(exact)))
  }

  /// What only convolutions of bfloat16 read is stored so; the numbers are those that they would make of it themselves.
  @Test(arguments: InstructionSet.supported)
  func storingRoundedResultsChangesNoBit(_ set: InstructionSet) throws {
    let x = numbers(shape)
    let stored = try network()
    let plan = try stored.plan(set)
    let y = try #require(try run(plan, x)["y"])
    func count(_ plan: Plan) -> Int {
      plan.explanation(threads: 1).steps.filter {
        $0.details.contains("output") && $0.details.contains("bf16")
      }.count
    }
    #expect(count(plan) >= 3)
    let open = try network(taps: ["a", "b", "c", "d", "e"])
    let plain = try open.plan(set)
    #expect(count(plain) == 0)
    #expect(try run(plain, x)["y"] == y)
    #expect(plan.arenaByteCount < plain.arenaByteCount)
  }

  /// Inverted residual blocks, large ones row by row and small ones channels by channels.
  private func blocks(taps: Bool) throws -> Network {
    var network = Network()
    let builder = network.builder
    func clipped(_ x: Value) throws -> Value { try builder.add(Relu(), x) }
    func tapped(_ x: Value, _ name: String) throws -> Value {
      if taps { try builder.output(name, x) }
      return x
    }
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(3), .fixed(176), .fixed(160)])
    let stem = try clipped(network.conv(x, "stem", from: 3, to: 32, kernel: 3, stride: 2))
    let first = try clipped(network.conv(stem, "first", from: 32, to: 32, kernel: 3, groups: 32))
    let narrow = try tapped(network.conv(first, "narrow", from: 32, to: 16), "a")
    var wide = try clipped(network.conv(narrow, "wide", from: 16, to: 96))
    wide = try clipped(network.conv(wide, "strided", from: 96, to: 96, kernel: 3, stride: 2, groups: 96))
    let second = try tapped(network.conv(wide, "second", from: 96, to: 24), "b")
    wide = try clipped(network.conv(second, "again", from: 24, to: 144))
    wide = try clipped(network.conv(wide, "same", from: 144, to: 144, kernel: 5, groups: 144))
    let third = try tapped(builder.add(Add(), network.conv(wide, "third", from: 144, to: 24), second), "c")
    let small = try tapped(network.conv(third, "small", from: 24, to: 64, kernel: 3, stride: 4), "d")
    wide = try clipped(network.conv(small, "channels", from: 64, to: 384))
    wide = try tapped(clipped(network.conv(wide, "by", from: 384, to: 384, kernel: 3, groups: 384)), "e")
    try builder.output("y", network.conv(wide, "last", from: 384, to: 48))
    return network
  }

  @Test(arguments: InstructionSet.supported)
  func chainsRoundLikeConvolutionsApart(_ set: InstructionSet) throws {
    let x = numbers([1, 3, 176, 160])
    let network = try blocks(taps: false)
    let plan = try network.plan(set)
    let chains = plan.explanation(threads: 1).steps.filter { $0.kernelName == "bf16 chain" }
    #expect(chains.count == 4)
    #expect(Set(chains.map(\.algorithm)) == ["row by row", "channels by channels"])
    let y = try #require(try run(plan, x)["y"])
    for threads in [1, 3] { #expect(try run(plan, x, threads: threads)["y"] == y) }
    // Outputs are not rounded where they are stored, and the convolutions run one by one.
    let open = try blocks(taps: true)
    let apart = try Plan(
      open.builder.graph, parameters: open.parameters, instructionSet: set, convolutions: .direct,
      precision: .bfloat16)
    #expect(!apart.explanation(threads: 1).steps.contains { $0.kernelName == "bf16 chain" })
    #expect(try run(apart, x)["y"] == y)
  }

  /// Maxima between convolutions, and one whose operand nobody rounds.
  private func pools(taps: Bool) throws -> Network {
    var network = Network()
    let builder = network.builder
    func tapped(_ x: Value, _ name: String) throws -> Value {
      if taps { try builder.output(name, x) }
      return x
    }
    let pool = MaxPool(window: Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([1, 1, 1, 1])))
    let x = try builder.input("x", dimensions: [.fixed(2), .fixed(4), .fixed(21), .fixed(18)])
    let first = try tapped(
      builder.add(Relu(), network.conv(x, "first", from: 4, to: 38, kernel: 3, stride: 2)), "a")
    let pooled = try tapped(builder.add(pool, first), "b")
    let twice = try tapped(builder.add(pool, pooled), "c")
    let other = try builder.add(pool, x)
    let side = try network.conv(other, "side", from: 4, to: 6)
    try builder.output("z", side)
    try builder.output("y", network.conv(twice, "last", from: 38, to: 10))
    return network
  }

  @Test(arguments: InstructionSet.supported)
  func maximaOfRoundedResultsChangeNoBit(_ set: InstructionSet) throws {
    let x = numbers([2, 4, 21, 18])
    let plan = try pools(taps: false).plan(set)
    let names = plan.explanation(threads: 1).steps.map(\.kernelName)
    #expect(names.filter { $0 == "bf16 max pool" }.count == 2)
    #expect(names.filter { $0 == "max pool" }.count == 1)
    let results = try run(plan, x)
    let open = try pools(taps: true).plan(set)
    #expect(!open.explanation(threads: 1).steps.contains { $0.kernelName == "bf16 max pool" })
    let expected = try run(open, x)
    for name in ["y", "z"] { #expect(results[name] == expected[name]) }
    for threads in [1, 3] { #expect(try run(plan, x, threads: threads) == results) }
  }

  @Test func onlyWhatGainsIsRounded() throws {
    let graph = try network().reference(.preferred)
    for node in graph.nodes {
      guard let fused = node.operation as? FusedConv else { continue }
      #expect((fused.operands == .bfloat16) == (fused.conv.groups == 1), "\(node.name)")
    }
    #expect(graph.nodes.filter { $0.operation is BFloat16Product }.count == 2)
  }

  /// Factors and operands that change from run to run stay float32.
  @Test func changingWeightsAreNotRounded() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(4), .fixed(6)])
    let w = try builder.input("w", dimensions: [.fixed(6), .fixed(5)])
    let scaled = try builder.parameter("v", shape: [6, 5], initializer: .zeros)
    try builder.output("product", builder.add(MatMul(), x, w))
    try builder.output("scaled", builder.add(Gemm(alpha: 0.5), x, scaled))
    // An addend of its own for each row is no bias.
    let column = try builder.parameter("c", shape: [4, 1], initializer: .zeros)
    try builder.output("added", builder.add(Gemm(), x, scaled, column))
    let graph = try builder.graph.applying([BFloat16Operands()])
    #expect(!graph.nodes.contains { $0.operation is BFloat16Product })
  }

  @Test func weightsTakeHalfWherePairsAreMultiplied() throws {
    let network = try network()
    let half = try network.plan().explanation(threads: 1).weightByteCount
    let whole = try network.plan(.preferred, .float32).explanation(threads: 1).weightByteCount
    // Where floats multiply what was rounded, weights are floats still, odd channels with a zero beside them.
    if ComputePrecision.bfloat16.isFast(on: .preferred) {
      #expect(Double(half) < 0.65 * Double(whole))
    } else {
      #expect(Double(half) < 1.1 * Double(whole))
    }
  }
}
