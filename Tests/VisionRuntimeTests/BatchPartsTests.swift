import Testing
import VisionCompute
import VisionGraph
import VisionLayers
import VisionTensor
import VisionTestSupport

@testable import VisionRuntime

/// Large batches that are computed some images after the other.
@Suite struct BatchPartsTests {
  /// A network whose first results, 96 × 96 pixels of 32 channels, are too much for the caches in a batch of eight.
  private struct Network {
    let builder = GraphBuilder()
    var parameters = Parameters()
    let x: Value

    init(batch: Int, side: Int = 96) throws {
      x = try builder.input("x", dimensions: [batch, 4, side, side].map { .fixed($0) })
    }

    mutating func conv(_ x: Value, _ name: String, from inputs: Int, to outputs: Int, kernel: Int = 1) throws
      -> Value
    {
      let w = try weights(name, [outputs, inputs, kernel, kernel])
      let pads = [Int](repeating: kernel / 2, count: 4)
      return try builder.add(Conv(window: Window(kernel: [kernel, kernel], padding: .explicit(pads))), x, w)
    }

    mutating func weights(_ name: String, _ shape: Shape) throws -> Value {
      let value = try builder.parameter(name, shape: shape, initializer: .zeros)
      let numbers = Philox(seed: UInt64(shape.elementCount)).normal(count: shape.elementCount)
      parameters[name] = Tensor(numbers.map { $0 * 0.2 }, shape: shape)
      return value
    }

    /// conv, relu, and a pooling.
    mutating func start() throws -> Value {
      let y = try builder.add(Relu(), conv(x, "start", from: 4, to: 32))
      return try builder.add(MaxPool(window: Window(kernel: [2, 2], strides: [2, 2])), y)
    }

    /// A residual, a concatenation and a product of one number a channel, to the mean of each channel.
    mutating func middle(_ x: Value) throws -> Value {
      let a = try builder.add(Relu(), conv(x, "a", from: 32, to: 32, kernel: 3))
      let sum = try builder.add(Add(), conv(a, "b", from: 32, to: 32), x)
      let joined = try builder.add(
        Concat(axis: 1), conv(sum, "c", from: 32, to: 16), conv(sum, "d", from: 32, to: 16, kernel: 3))
      let gate = try builder.add(Sigmoid(), builder.add(GlobalAveragePool(), joined))
      return try builder.add(GlobalAveragePool(), builder.add(Mul(), joined, gate))
    }

    mutating func end(_ x: Value) throws {
      let flat = try builder.add(Flatten(), x)
      try builder.output("y", builder.add(Gemm(), flat, weights("dense", [32, 10])))
    }

    func plan(_ set: InstructionSet = .preferred) throws -> Plan {
      try Plan(builder.graph, parameters: parameters, instructionSet: set)
    }
  }

  private func images(_ batch: Int, side: Int = 96) -> Tensor {
    let shape: Shape = [batch, 4, side, side]
    return Tensor(Philox(seed: 11).normal(count: shape.elementCount), shape: shape)
  }

  /// Images of a batch, `index` being the first.
  private func part(_ x: Tensor, _ index: Int, _ count: Int) -> Tensor {
    var shape = x.shape
    let size = x.elementCount / shape[0]
    shape[0] = count
    return Tensor(Array(x.floats[(index * size)..<((index + count) * size)]), shape: shape)
  }

  @Test(arguments: InstructionSet.supported)
  func equalsTheInterpreterAndSmallerBatches(_ set: InstructionSet) throws {
    var network = try Network(batch: 8)
    try network.end(network.middle(network.start()))
    let plan = try network.plan(set)
    #expect(plan.partCount == 2)
    #expect(plan.partSteps < plan.steps.count)
    let x = images(8)
    let expected = try Interpreter(network.builder.graph, parameters: network.parameters).run(["x": x])
    var small = try Network(batch: 4)
    try small.end(small.middle(small.start()))
    let smallPlan = try small.plan(set)
    #expect(smallPlan.partCount == 1)
    var parts: [Float] = []
    for index in [0, 4] {
      var workspace = smallPlan.makeWorkspace(for: Executor(threads: 1))
      parts += try #require(smallPlan.run(["x": part(x, index, 4)], in: &workspace)["y"]).floats
    }
    for threads in 1...3 {
      var workspace = plan.makeWorkspace(for: Executor(threads: threads))
      for _ in 0..<2 {
        let y = try #require(try plan.run(["x": x], in: &workspace)["y"])
        expectClose(y, try #require(expected["y"]), tolerance: 5e-6)
        #expect(y.floats == parts)
      }
      workspace.withInput(0) { #expect(Array($0.bindMemory(to: Float.self)) == x.floats) }
    }
  }

  /// In bfloat16, and with every bit of the result that follows.
  @Test func worksInBFloat16() throws {
    var (network, small) = (try Network(batch: 8), try Network(batch: 4))
    try network.end(network.middle(network.start()))
    try small.end(small.middle(small.start()))
    let plan = try Plan(network.builder.graph, parameters: network.parameters, precision: .bfloat16)
    let smallPlan = try Plan(small.builder.graph, parameters: small.parameters, precision: .bfloat16)
    #expect(plan.partCount == 2)
    let x = images(8)
    var workspace = plan.makeWorkspace(for: Executor(threads: 2))
    let y = try #require(try plan.run(["x": x], in: &workspace)["y"])
    var smallWorkspace = smallPlan.makeWorkspace(for: Executor(threads: 2))
    let parts = try [0, 4].flatMap { index in
      try #require(try smallPlan.run(["x": part(x, index, 4)], in: &smallWorkspace)["y"]).floats
    }
    #expect(y.floats == parts)
  }

  /// Ranges of both batches are those of the large one.
  @Test(arguments: InstructionSet.supported)
  func worksOnBytes(_ set: InstructionSet) throws {
    let side = 192
    let x = images(8, side: side)
    var ranges: [ClosedRange<Float>] = []
    func quantized(_ batch: Int) throws -> Plan {
      var network = try Network(batch: batch, side: side)
      let pooled = try network.start()
      let sum = try network.builder.add(Add(), network.conv(pooled, "b", from: 32, to: 32, kernel: 3), pooled)
      try network.end(network.builder.add(GlobalAveragePool(), sum))
      let quantizer = try Quantizer(network.builder.graph, parameters: network.parameters)
      if ranges.isEmpty {
        let observer = try Plan(quantizer.observation(), parameters: quantizer.parameters)
        let seen = try observer.run(["x": x], on: Executor(threads: 2))
        ranges = (0..<quantizer.rangeCount).map { index in
          let values = seen["\(index)"]?.floats ?? []
          return (values.min() ?? 0)...(values.max() ?? 0)
        }
      }
      let bytes = try quantizer.quantized(ranges)
      return try Plan(bytes.graph, parameters: bytes.parameters, instructionSet: set)
    }
    let (plan, smallPlan) = (try quantized(8), try quantized(4))
    #expect(plan.partCount == 2 && smallPlan.partCount == 1)
    #expect(plan.steps.contains { $0.operatorName == "QuantizedConv" })
    var workspace = plan.makeWorkspace(for: Executor(threads: 2))
    var smallWorkspace = smallPlan.makeWorkspace(for: Executor(threads: 1))
    let parts = try [0, 4].flatMap { index in
      try #require(try smallPlan.run(["x": part(x, index, 4)], in: &smallWorkspace)["y"]).floats
    }
    #expect(try #require(try plan.run(["x": x], in: &workspace)["y"]).floats == parts)
  }

  @Test func takesLessMemory() throws {
    var network = try Network(batch: 16)
    try network.end(network.middle(network.start()))
    let plan = try network.plan()
    #expect(plan.partCount == 2)
    // What the first convolution alone reads and writes for the whole batch.
    let whole = 16 * (4 + 32) * 96 * 96 * 4
    #expect(plan.arenaByteCount < whole * 3 / 4)
  }

  /// What is not read one image by one ends the parts, or keeps a batch in one.
  @Test func endsBeforeWhatMixesImages() throws {
    func parts(_ batch: Int, side: Int = 96, _ body: (inout Network) throws -> Void) throws -> (
      count: Int, steps: Int
    ) {
      var network = try Network(batch: batch, side: side)
      try body(&network)
      let plan = try network.plan()
      return (plan.partCount, plan.partSteps)
    }
    // Small images and batches, and batches that cannot be divided.
    #expect(try parts(8, side: 24) { try $0.end($0.middle($0.start())) }.count == 1)
    #expect(try parts(4) { try $0.end($0.middle($0.start())) }.count == 1)
    #expect(try parts(7) { try $0.end($0.middle($0.start())) }.count == 1)
    #expect(try parts(10) { try $0.end($0.middle($0.start())) }.count == 2)
    // What follows the pooling may mix them.
    let first = try parts(8) { network in
      let pooled = try network.start()
      let moved = try network.builder.add(Transpose([1, 0, 2, 3]), pooled)
      try network.builder.output("y", moved)
    }
    #expect(first.count == 2)
    // The pooling's input is read afterwards, the images are, or an output is among what would be in parts.
    let read = try parts(8) { network in
      let y = try network.conv(network.x, "w", from: 4, to: 32)
      let pooled = try network.builder.add(GlobalAveragePool(), y)
      let moved = try network.builder.add(Transpose([1, 0, 2, 3]), y)
      try network.builder.output("p", pooled)
      try network.builder.output("y", moved)
    }
    #expect(read.count == 1)
    let again = try parts(8) { network in
      let pooled = try network.builder.add(GlobalAveragePool(), network.start())
      let moved = try network.builder.add(Transpose([1, 0, 2, 3]), network.x)
      try network.builder.output("p", network.builder.add(Flatten(), pooled))
      try network.builder.output("y", moved)
    }
    #expect(again.count == 1)
    let output = try parts(8) { network in
      let y = try network.conv(network.x, "w", from: 4, to: 32)
      try network.builder.output("y", y)
      try network.builder.output(
        "p", network.builder.add(Flatten(), network.builder.add(GlobalAveragePool(), y)))
    }
    #expect(output.count == 1)
  }

  /// Eight numbers, one an image, where one number for all would do no harm. Only what follows the first pooling is worth parts.
  @Test func aConstantForEachImageKeepsTheBatchWhole() throws {
    for (extent, parts) in [(1, 2), (8, 1)] {
      var network = try Network(batch: 8, side: 192)
      let y = try network.start()
      let scaled = try network.builder.add(Mul(), y, network.weights("scale", [extent, 1, 1, 1]))
      try network.end(network.builder.add(GlobalAveragePool(), scaled))
      let plan = try network.plan()
      #expect(plan.partCount == parts)
      let x = images(8, side: 192)
      let expected = try Interpreter(network.builder.graph, parameters: network.parameters).run(["x": x])
      var workspace = plan.makeWorkspace(for: Executor(threads: 1))
      let result = try #require(try plan.run(["x": x], in: &workspace)["y"])
      expectClose(result, try #require(expected["y"]), tolerance: 5e-6)
    }
  }

  /// The same for what a convolution adds, and for channels that are joined: both would be read as of every part.
  @Test(arguments: [true, false])
  func constantImagesKeepTheBatchWhole(_ adds: Bool) throws {
    let side = 192
    func network(_ batch: Int, _ images: Range<Int>) throws -> Network {
      var network = try Network(batch: batch, side: side)
      let pooled = try network.start()
      let y = try network.conv(pooled, "b", from: 32, to: adds ? 32 : 24)
      let channels = adds ? 32 : 8
      let size = channels * side * side / 4
      // Another number for each image.
      let numbers = images.flatMap { [Float](repeating: Float($0) / 4 - 1, count: size) }
      let shape: Shape = [batch, channels, side / 2, side / 2]
      let constant = network.builder.constant(Tensor(numbers, shape: shape))
      let whole =
        try adds ? network.builder.add(Add(), y, constant) : network.builder.add(Concat(axis: 1), y, constant)
      try network.end(network.builder.add(GlobalAveragePool(), network.builder.add(Relu(), whole)))
      return network
    }
    let plan = try network(8, 0..<8).plan()
    // What comes before may be in parts.
    let x = images(8, side: side)
    var workspace = plan.makeWorkspace(for: Executor(threads: 1))
    let result = try #require(try plan.run(["x": x], in: &workspace)["y"]).floats
    for index in [0, 4] {
      let small = try network(4, index..<(index + 4)).plan()
      #expect(small.partCount == 1)
      var workspace = small.makeWorkspace(for: Executor(threads: 1))
      let expected = try #require(try small.run(["x": part(x, index, 4)], in: &workspace)["y"])
      let half = Tensor(Array(result[(index * 10)..<(index * 10 + 40)]), shape: [4, 10])
      expectClose(half, expected, tolerance: 5e-6)
    }
  }

  @Test func theTraceCountsAllParts() throws {
    var network = try Network(batch: 8)
    try network.end(network.middle(network.start()))
    let plan = try network.plan()
    var workspace = plan.makeWorkspace(for: Executor(threads: 1))
    let y = try plan.run(["x": images(8)], in: &workspace)
    let trace = try plan.trace(runs: 3, in: &workspace)
    for times in trace.times {
      #expect(times.count == plan.steps.count + 1)
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    }
    // What was traced was computed.
    let floats = try #require(y["y"]).floats
    workspace.withOutput(0) { #expect(Array($0.bindMemory(to: Float.self)) == floats) }
    let explanation = plan.explanation(threads: 1)
    #expect(explanation.partCount == 2 && explanation.partSteps == plan.partSteps)
    // Steps are described as steps of the whole batch.
    #expect(explanation.steps.first?.operands.first?.shape == [8, 4, 96, 96])
    #expect(explanation.flops == network.builder.graph.flops)
  }

  /// Networks of the catalog: as many images at once as have room.
  @Test func networksOfTheCatalog() throws {
    for (name, images) in [("squeezenet1_1", 4), ("resnet18", 4), ("mobilenet_v2", 4)] {
      let graph = try #require(Architecture.named(name)).graph().bound(batch: 16)
      let plan = try Plan(graph, parameters: graph.initialParameters(seed: 1))
      #expect(plan.partCount == 16 / images, "\(name)")
    }
    let graph = try #require(Architecture.named("resnet20")).graph().bound(batch: 16)
    #expect(try Plan(graph, parameters: graph.initialParameters(seed: 1)).partCount == 1)
  }
}
