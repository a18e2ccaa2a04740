import CVisionKernels
import Testing
import VisionCompute
import VisionGraph
import VisionTensor
import VisionTestSupport

@testable import VisionRuntime

/// Results whose pixels lie a line further apart than they have channels.
@Suite struct PaddedPixelsTests {
  private struct Network {
    let builder = GraphBuilder()
    var parameters = Parameters()

    mutating func conv(
      _ x: Value, _ name: String, from inputs: Int, to outputs: Int, kernel: Int = 1, stride: Int = 1,
      groups: Int = 1
    ) throws -> Value {
      let shape: Shape = [outputs, inputs / groups, kernel, kernel]
      let w = try builder.parameter(name, shape: shape, initializer: .zeros)
      let numbers = Philox(seed: UInt64(outputs + 7 * inputs + kernel))
      parameters[name] = Tensor(
        numbers.normal(count: shape.elementCount).map { $0 * 0.1 }, shape: shape)
      let pad = kernel / 2
      let window = Window(
        kernel: [kernel, kernel], strides: [stride, stride], padding: .explicit([pad, pad, pad, pad]))
      return try builder.add(Conv(window: window, groups: groups), x, w)
    }

    func check(on set: InstructionSet, _ x: Tensor) throws {
      let graph = builder.graph
      let expected = try Interpreter(graph, parameters: parameters).run(["x": x])
      let plan = try Plan(graph, parameters: parameters, instructionSet: set)
      var first: [String: Tensor]?
      for threads in 1...3 {
        var workspace = plan.makeWorkspace(for: Executor(threads: threads))
        let results = try plan.run(["x": x], in: &workspace)
        for (name, tensor) in expected {
          expectClose(try #require(results[name]), tensor, tolerance: 2e-5)
        }
        #expect(first == nil || first == results)
        first = results
      }
    }

    func padded() throws -> [String: Int] {
      let graph = try builder.graph.applying(Graph.inferencePasses)
      let frozen = graph.values.map { if case .parameter = $0.source { true } else { false } }
      var draft = StepDraft(graph, isConstant: frozen)
      let kernels = try #require(InstructionSet.best.kernels)
      PaddedPixels().run(&draft, Machine(kernels: kernels, convolutions: .automatic))
      var result: [String: Int] = [:]
      for index in graph.values.indices {
        if let pitch = draft[ValueID(index)].pitch { result[graph.values[index].name] = pitch }
      }
      return result
    }
  }

  private func input(_ batch: Int, _ channels: Int, _ height: Int, _ width: Int) -> Tensor {
    let shape: Shape = [batch, channels, height, width]
    return Tensor(Philox(seed: 4).normal(count: shape.elementCount), shape: shape)
  }

  /// As in ResNet-50: read by convolutions of stride 1 and 2, and added to a result.
  private func bottleneck(batch: Int) throws -> Network {
    var network = Network()
    let x = try network.builder.input(
      "x", dimensions: [.fixed(batch), .fixed(16), .fixed(7), .fixed(5)])
    var wide = try network.conv(x, "first", from: 16, to: 1024)
    wide = try network.builder.add(Relu(), wide)
    var narrow = try network.conv(wide, "reduce", from: 1024, to: 24)
    narrow = try network.conv(narrow, "middle", from: 24, to: 24, kernel: 3)
    var sum = try network.builder.add(Add(), network.conv(narrow, "expand", from: 24, to: 1024), wide)
    sum = try network.builder.add(Relu(), sum)
    let half = try network.conv(sum, "downsample", from: 1024, to: 40, stride: 2)
    let other = try network.conv(sum, "strided", from: 1024, to: 40, kernel: 3, stride: 2)
    try network.builder.output("y", network.builder.add(Add(), half, other))
    return network
  }

  @Test(arguments: InstructionSet.supported, [1, 3])
  func equalsTheInterpreter(_ set: InstructionSet, batch: Int) throws {
    let network = try bottleneck(batch: batch)
    #expect(try network.padded().values.sorted() == [1040, 1040])
    try network.check(on: set, input(batch, 16, 7, 5))
  }

  /// A stride of 2 over 512 channels; grouped, depthwise and Winograd's convolutions as readers and writers.
  @Test(arguments: InstructionSet.supported)
  func otherReadersAndWriters(_ set: InstructionSet) throws {
    var network = Network()
    let x = try network.builder.input("x", dimensions: [.fixed(2), .fixed(32), .fixed(9), .fixed(8)])
    let winograd = try network.conv(x, "winograd", from: 32, to: 512, kernel: 3)
    let strided = try network.conv(winograd, "strided", from: 512, to: 48, stride: 2)
    try network.builder.output("strided y", network.builder.add(Relu(), strided))
    let grouped = try network.conv(winograd, "grouped", from: 512, to: 1024, kernel: 3, groups: 4)
    let depthwise = try network.conv(grouped, "depthwise", from: 1024, to: 1024, kernel: 3, groups: 1024)
    let again = try network.conv(depthwise, "again", from: 1024, to: 32, kernel: 3)
    try network.builder.output("y", network.builder.add(Relu(), again))
    #expect(try network.padded().values.sorted() == [528, 1040, 1040])
    try network.check(on: set, input(2, 32, 9, 8))
  }

  /// Whatever else reads a value takes its pixels side by side.
  @Test(arguments: InstructionSet.supported)
  func othersReadPixelsSideBySide(_ set: InstructionSet) throws {
    var network = Network()
    let x = try network.builder.input("x", dimensions: [.fixed(1), .fixed(8), .fixed(6), .fixed(6)])
    let pooled = try network.conv(x, "pooled", from: 8, to: 1024)
    let window = Window(kernel: [2, 2], strides: [2, 2])
    try network.builder.output(
      "pool", network.builder.add(MaxPool(window: window), pooled))
    try network.builder.output("a", network.conv(pooled, "a", from: 1024, to: 16))
    let output = try network.conv(x, "output", from: 8, to: 2048)
    try network.builder.output("raw", output)
    try network.builder.output("b", network.conv(output, "b", from: 2048, to: 16))
    let narrow = try network.conv(x, "narrow", from: 8, to: 1000)
    try network.builder.output("c", network.conv(narrow, "c", from: 1000, to: 16))
    #expect(try network.padded().isEmpty)
    try network.check(on: set, input(1, 8, 6, 6))
  }
}
