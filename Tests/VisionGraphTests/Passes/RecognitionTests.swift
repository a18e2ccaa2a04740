import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Operators that exporters write as several nodes.
@Suite struct RecognitionTests {
  /// A graph under construction, with its numbers.
  private struct Network {
    let builder = GraphBuilder()
    var parameters = Parameters()
    var inputs: [String: Tensor] = [:]

    mutating func input(_ name: String, _ tensor: Tensor) throws -> Value {
      inputs[name] = tensor
      return try builder.input(name, dimensions: tensor.shape.map { .fixed($0) })
    }

    mutating func parameter(_ name: String, _ tensor: Tensor) throws -> Value {
      parameters[name] = tensor
      return try builder.parameter(name, shape: tensor.shape, initializer: .zeros)
    }

    func number(_ value: Float) -> Value { builder.constant(Tensor(scalar: value)) }
    func integers(_ values: [Int64]) -> Value { builder.constant(Tensor(values)) }

    func add(_ op: some Operator, _ inputs: Value?...) throws -> Value { try builder.add(op, inputs)[0] }

    /// Checks that passes make the last value the result of one node, and that it keeps its numbers.
    @discardableResult
    func expect(
      _ form: String, as operation: (any Operator)?, _ result: Value, found: Bool = false,
      tolerance: Double = 2e-6,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Graph {
      try builder.output("y", result)
      let graph = try builder.graph.applying([ConstantFolding(), Recognition()])
      #expect(
        graph.recognized == (operation == nil && !found ? [:] : [form: 1]), sourceLocation: sourceLocation)
      let last = try #require(graph.producer(of: graph.outputs[0].value), sourceLocation: sourceLocation)
      if let operation {
        #expect(
          last.operation.isEqual(to: operation), "\(last.operation), not \(operation)",
          sourceLocation: sourceLocation)
        #expect(
          graph.nodes.filter { !($0.operation is Reshape) }.count == 1, sourceLocation: sourceLocation)
      }
      let before = try Interpreter(builder.graph, parameters: parameters).run(inputs)
      let after = try Interpreter(graph, parameters: parameters).run(inputs)
      expectClose(
        try #require(after["y"]), try #require(before["y"]), tolerance: tolerance, form,
        sourceLocation: sourceLocation)
      return graph
    }
  }

  /// How deviations become factors.
  enum Division: CaseIterable { case divided, reciprocal, oneDivided }

  @Test(arguments: Division.allCases, [true, false]) func findsLayerNormalization(
    division: Division, isScaled: Bool
  )
    throws
  {
    var network = Network()
    let x = try network.input("x", pattern([2, 3, 5]))
    let mean = try network.add(ReduceMean(axes: [-1]), x)
    let difference = try network.add(Sub(), x, mean)
    let square =
      division == .divided
      ? try network.add(Pow(), difference, network.number(2)) : try network.add(Mul(), difference, difference)
    let variance = try network.add(ReduceMean(axes: [2]), square)
    let root = try network.add(Sqrt(), network.add(Add(), variance, network.number(1e-3)))
    var y: Value
    switch division {
    case .divided: y = try network.add(Div(), difference, root)
    case .reciprocal: y = try network.add(Mul(), difference, network.add(Reciprocal(), root))
    case .oneDivided: y = try network.add(Mul(), difference, network.add(Div(), network.number(1), root))
    }
    if isScaled {
      y = try network.add(Mul(), y, network.parameter("scale", pattern([5], seed: 1)))
      y = try network.add(Add(), network.parameter("bias", pattern([5], seed: 2)), y)
    }
    try network.expect("LayerNormalization", as: LayerNormalization(axis: 2, epsilon: 1e-3), y)
  }

  @Test(arguments: [true, false]) func findsRMSNormalization(isDivided: Bool) throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 3, 5]))
    let variance = try network.add(ReduceMean(axes: [-1]), network.add(Pow(), x, network.number(2)))
    let root = try network.add(Sqrt(), network.add(Add(), variance, network.number(1e-5)))
    let y =
      isDivided ? try network.add(Div(), x, root) : try network.add(Mul(), x, network.add(Reciprocal(), root))
    let scaled = try network.add(Mul(), network.parameter("scale", pattern([5], seed: 1)), y)
    try network.expect("RMSNormalization", as: RMSNormalization(axis: 2), scaled)
  }

  @Test(arguments: 0..<3) func findsGelu(grouping: Int) throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 7]))
    let inner =
      grouping == 0
      ? try network.add(Div(), x, network.number(1.4142135))
      : try network.add(Mul(), network.number(0.70710677), x)
    let sum = try network.add(Add(), network.add(Erf(), inner), network.number(1))
    let half = network.number(0.5)
    let y: Value
    switch grouping {
    case 0: y = try network.add(Mul(), network.add(Mul(), x, sum), half)
    case 1: y = try network.add(Mul(), network.add(Mul(), half, x), sum)
    default: y = try network.add(Mul(), x, network.add(Mul(), half, sum))
    }
    try network.expect("Gelu", as: Gelu(), y)
  }

  @Test(arguments: 0..<3) func findsItsApproximation(form: Int) throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 7]))
    let (slope, cubic) = (network.number(0.7978846), network.number(0.044715))
    let inner: Value
    switch form {
    case 0:
      let cube = try network.add(Pow(), x, network.number(3))
      inner = try network.add(Mul(), slope, network.add(Add(), x, network.add(Mul(), cubic, cube)))
    case 1:
      let cube = try network.add(Mul(), network.add(Mul(), x, x), x)
      inner = try network.add(Mul(), network.add(Add(), network.add(Mul(), cube, cubic), x), slope)
    default:
      let square = try network.add(Mul(), cubic, network.add(Mul(), x, x))
      inner = try network.add(
        Mul(), network.add(Mul(), x, slope), network.add(Add(), square, network.number(1)))
    }
    let sum = try network.add(Add(), network.add(Tanh(), inner), network.number(1))
    let y = try network.add(Mul(), network.add(Mul(), network.number(0.5), x), sum)
    try network.expect("Gelu (tanh)", as: Gelu(approximation: .tanh), y)
  }

  @Test func findsSwishes() throws {
    var first = Network()
    let x = try first.input("x", pattern([2, 7]))
    let gate = try first.add(Sigmoid(), x)
    try first.expect("SiLU", as: ActivationOperator(ElementFunction(.silu, 1)), first.add(Mul(), gate, x))

    var second = Network()
    let z = try second.input("x", pattern([2, 7]))
    let clipped = try second.add(
      Clip(), second.add(Add(), z, second.number(3)), second.number(0), second.number(6))
    try second.expect(
      "HardSwish", as: HardSwish(), second.add(Div(), second.add(Mul(), z, clipped), second.number(6)))

    var third = Network()
    let w = try third.input("x", pattern([2, 7]))
    try third.expect(
      "HardSwish", as: HardSwish(), third.add(Mul(), w, third.add(HardSigmoid(alpha: 1 / 6), w)))
  }

  @Test func findsGroupNormalization() throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 6, 2, 3]))
    let parts = try network.add(Reshape(), x, network.integers([0, 3, -1]))
    let normalized = try network.add(
      InstanceNormalization(epsilon: 1e-3), parts,
      network.builder.constant(Tensor(repeating: Float(1), shape: [3])),
      network.builder.constant(Tensor(repeating: Float(0), shape: [3])))
    let back = try network.add(Reshape(), normalized, network.add(ShapeOf(), x))
    let scaled = try network.add(Mul(), back, network.parameter("scale", pattern([6, 1, 1], seed: 1)))
    let y = try network.add(Add(), scaled, network.parameter("bias", pattern([6, 1, 1], seed: 2)))
    try network.expect("GroupNormalization", as: GroupNormalization(groups: 3, epsilon: 1e-3), y)
  }

  /// Newer exporters write what is ones and zeros as weights, which passes do not see.
  @Test(arguments: [true, false]) func keepsScalesOfGroups(isScaled: Bool) throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 6, 4]))
    let parts = try network.add(Reshape(), x, network.integers([0, 3, -1]))
    let normalized = try network.add(
      InstanceNormalization(), parts, network.parameter("group scale", pattern([3], seed: 3)),
      network.parameter("group bias", pattern([3], seed: 4)))
    var y = try network.add(Reshape(), normalized, network.integers([2, 6, 4]))
    if isScaled {
      y = try network.add(Mul(), y, network.parameter("scale", pattern([6, 1], seed: 1)))
      y = try network.add(Add(), y, network.parameter("bias", pattern([6, 1], seed: 2)))
    }
    try network.builder.output("y", y)
    let graph = try network.builder.graph.applying([ConstantFolding(), Recognition()])
    #expect(graph.recognized == ["GroupNormalization": 1])
    #expect(graph.nodes.last?.operation.isEqual(to: GroupNormalization(groups: 3)) == true)
    let before = try Interpreter(network.builder.graph, parameters: network.parameters).run(network.inputs)
    let after = try Interpreter(graph, parameters: network.parameters).run(network.inputs)
    expectClose(try #require(after["y"]), try #require(before["y"]), tolerance: 2e-6)
  }

  @Test(arguments: DepthToSpace.Mode.allCases) func findsPixelShuffle(mode: DepthToSpace.Mode) throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 12, 2, 3]))
    let isFirst = mode == .channelsFirst
    let parts = try network.add(
      Reshape(), x, network.integers(isFirst ? [0, 3, 2, 2, 2, 3] : [2, 2, 2, 3, 2, 3]))
    let turned = try network.add(Transpose(isFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]), parts)
    let y = try network.add(Reshape(), turned, network.integers([2, 3, 4, 6]))
    try network.expect("PixelShuffle", as: DepthToSpace(block: 2, mode: mode), y, tolerance: 0)
  }

  @Test func findsChannelShuffle() throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 6, 2, 3]))
    let parts = try network.add(Reshape(), x, network.integers([2, 3, 2, 2, 3]))
    let turned = try network.add(Transpose([0, 2, 1, 3, 4]), parts)
    try network.expect(
      "channel shuffle", as: ChannelShuffle(groups: 3),
      network.add(Reshape(), turned, network.integers([2, 6, 2, 3])), tolerance: 0)
  }

  /// Where the scale is, and whether keys are turned by a node of their own.
  @Test(arguments: [true, false]) func findsTokensThatAreAnImage(hasChannelsOfItsOwn: Bool) throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 12, 5]))
    let turned = try network.add(Transpose([0, 2, 1]), x)
    // With other channels the elements are no pixels.
    let shape: [Int64] = hasChannelsOfItsOwn ? [2, 5, 3, 4] : [2, 3, 5, 4]
    let result = try network.add(Reshape(), turned, network.integers(shape))
    try network.expect(
      "tokens as an image", as: hasChannelsOfItsOwn ? Transpose([0, 3, 1, 2]) : nil, result, tolerance: 0)
  }

  @Test func findsAnImageThatBecomesTokens() throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 5, 3, 4]))
    let flat = try network.add(Reshape(), x, network.integers([2, 5, 12]))
    let graph = try network.expect(
      "image as tokens", as: nil, network.add(Transpose([0, 2, 1]), flat), found: true, tolerance: 0)
    #expect(graph.nodes.map { type(of: $0.operation).name } == ["Transpose", "Reshape"])
    let turn = graph.nodes.first?.operation as? Transpose
    #expect(turn?.permutation == [0, 2, 3, 1])
  }

  @Test(arguments: 0..<6) func findsAttention(form: Int) throws {
    var network = Network()
    var q = try network.input("q", pattern([1, 2, 3, 4]))
    let v = try network.input("v", pattern([1, 2, 5, 6], seed: 2))
    var k: Value
    if form == 3 {
      k = try network.input("k", pattern([1, 2, 4, 5], seed: 1))
    } else if form == 4 {
      let flat = try network.add(
        Reshape(), network.input("k", pattern([1, 2, 5, 4], seed: 1)), network.integers([-1, 5, 4]))
      k = try network.add(
        Reshape(), network.add(Transpose([0, 2, 1]), flat), network.integers([1, 2, 4, 5]))
    } else {
      k = try network.add(Transpose([0, 1, 3, 2]), network.input("k", pattern([1, 2, 5, 4], seed: 1)))
    }
    var scale: Float = 0.5
    switch form {
    case 0:
      q = try network.add(Mul(), q, network.number(0.5))
      k = try network.add(Mul(), k, network.number(0.5))
      scale = 0.25
    case 1: q = try network.add(Div(), q, network.number(2))
    default: break
    }
    var scores = try network.add(MatMul(), q, k)
    if form >= 2 { scores = try network.add(Mul(), scores, network.number(0.5)) }
    if form == 1 { scores = try network.add(Add(), scores, network.input("mask", pattern([3, 5], seed: 3))) }
    var weights = try network.add(Softmax(), scores)
    if form == 5 {
      weights = try network.add(Where(), network.add(IsNaN(), weights), network.number(0), weights)
    }
    let y = try network.add(MatMul(), weights, v)
    let operation = ScaledDotProductAttention(
      scale: scale, hasKeysInColumns: form == 3, givesZerosForNaN: form == 5)
    try network.expect("attention", as: operation, y)
  }

  /// Windows of images, each of which has a mask of its own.
  @Test(arguments: [1, 2], [true, false]) func findsAttentionWithAMaskForGroups(images: Int, hasBias: Bool)
    throws
  {
    var network = Network()
    let (windows, groups) = (images * 3, [Int64(images), 3, 2, 4, 5])
    let q = try network.input("q", pattern([windows, 2, 4, 3]))
    let k = try network.input("k", pattern([windows, 2, 5, 3], seed: 1))
    let v = try network.input("v", pattern([windows, 2, 5, 3], seed: 2))
    var scores = try network.add(MatMul(), q, network.add(Transpose([0, 1, 3, 2]), k))
    if hasBias {
      scores = try network.add(Add(), scores, network.input("bias", pattern([1, 2, 4, 5], seed: 3)))
    }
    let grouped = try network.add(Reshape(), scores, network.integers(groups))
    let masked = try network.add(Add(), grouped, network.input("mask", pattern([1, 3, 1, 4, 5], seed: 4)))
    let flat = try network.add(Reshape(), masked, network.integers([Int64(windows), 2, 4, 5]))
    try network.builder.output("y", network.add(MatMul(), network.add(Softmax(), flat), v))
    let graph = try network.builder.graph.applying([ConstantFolding(), Recognition()])
    #expect(graph.recognized == ["attention": 1])
    #expect(!graph.nodes.contains { $0.operation is Softmax || $0.operation is MatMul })
    let before = try Interpreter(network.builder.graph, parameters: network.parameters).run(network.inputs)
    let after = try Interpreter(graph, parameters: network.parameters).run(network.inputs)
    expectClose(try #require(after["y"]), try #require(before["y"]), tolerance: 2e-6)
  }

  @Test func leavesWhatSomebodyElseReads() throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 7]))
    let gate = try network.add(Sigmoid(), x)
    let y = try network.add(Mul(), x, gate)
    try network.builder.output("gate", gate)
    try network.expect("SiLU", as: nil, y)
  }

  @Test func leavesOtherNumbersAndAxes() throws {
    var network = Network()
    let x = try network.input("x", pattern([2, 7]))
    let sum = try network.add(
      Add(), network.add(Erf(), network.add(Mul(), x, network.number(0.6))), network.number(1))
    try network.expect("Gelu", as: nil, network.add(Mul(), network.add(Mul(), x, sum), network.number(0.5)))

    var second = Network()
    let z = try second.input("x", pattern([2, 3, 5]))
    let difference = try second.add(Sub(), z, second.add(ReduceMean(axes: [1]), z))
    let variance = try second.add(ReduceMean(axes: [1]), second.add(Mul(), difference, difference))
    let root = try second.add(Sqrt(), second.add(Add(), variance, second.number(1e-5)))
    try second.expect("LayerNormalization", as: nil, second.add(Div(), difference, root))
  }
}
