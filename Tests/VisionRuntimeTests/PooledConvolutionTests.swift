import Testing
import VisionCompute
import VisionGraph
import VisionTensor
import VisionTestSupport

@testable import VisionRuntime

/// Convolutions that are computed picture by picture with the pooling of their result.
@Suite struct PooledConvolutionTests {
  private func network(
    batch: Int, side: Int, kernel: Int = 3, stride: Int = 1, alsoGives: Bool = false
  ) throws -> (Graph, Parameters) {
    let builder = GraphBuilder()
    let x = try builder.input(
      "x", dimensions: [.fixed(batch), .fixed(3), .fixed(side), .fixed(side + 1)])
    let w = try builder.parameter("w", shape: [40, 3, kernel, kernel], initializer: .zeros)
    let b = try builder.parameter("b", shape: [40], initializer: .zeros)
    let pad = kernel / 2
    let window = Window(
      kernel: [kernel, kernel], strides: [stride, stride], padding: .explicit([pad, 0, pad, 1]))
    let y = try builder.add(Relu(), builder.add(Conv(window: window), x, w, b))
    if alsoGives { try builder.output("between", y) }
    let pool = Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([1, 0, 1, 1]))
    try builder.output("y", builder.add(MaxPool(window: pool), y))
    let numbers = Philox(seed: 2)
    var parameters = Parameters()
    parameters["w"] = Tensor(
      numbers.normal(count: 120 * kernel * kernel), shape: [40, 3, kernel, kernel])
    parameters["b"] = Tensor(numbers.normal(count: 40, stream: 1))
    return (builder.graph, parameters)
  }

  private func input(_ batch: Int, _ side: Int) -> Tensor {
    let shape: Shape = [batch, 3, side, side + 1]
    return Tensor(Philox(seed: 6).normal(count: shape.elementCount), shape: shape)
  }

  private func kernels(_ plan: Plan) -> [String] {
    plan.explanation(threads: 1).steps.map(\.kernelName).filter { $0.contains("pool") }
  }

  @Test func isForLargeResultsOfBatches() throws {
    func names(_ batch: Int, _ side: Int, alsoGives: Bool = false) throws -> [String] {
      let (graph, parameters) = try network(batch: batch, side: side, alsoGives: alsoGives)
      return kernels(try Plan(graph, parameters: parameters))
    }
    // 40 channels of 100 × 100 pixels are 1.6 MB.
    #expect(try names(8, 100) == ["conv + max pool"])
    #expect(try names(4, 100) == ["max pool"])
    #expect(try names(1, 250) == ["max pool"])
    #expect(try names(8, 100, alsoGives: true) == ["max pool"])
  }

  @Test(arguments: InstructionSet.supported)
  func equalsThePicturesOneByOne(_ set: InstructionSet) throws {
    for (batch, side, kernel, stride) in [(8, 81, 3, 1), (6, 120, 5, 1), (21, 104, 3, 2)] {
      let (graph, parameters) = try network(batch: batch, side: side, kernel: kernel, stride: stride)
      let plan = try Plan(graph, parameters: parameters, instructionSet: set)
      #expect(kernels(plan) == ["conv + max pool"])
      let x = input(batch, side)
      let (single, _) = try network(batch: 1, side: side, kernel: kernel, stride: stride)
      let alone = try Plan(single, parameters: parameters, instructionSet: set)
      #expect(plan.arenaByteCount < batch * alone.arenaByteCount)
      for threads in 1...3 {
        let executor = Executor(threads: threads)
        let workspace = plan.makeWorkspace(for: executor), other = alone.makeWorkspace(for: executor)
        let y = try #require(try plan.run(["x": x], in: workspace)["y"]).values(as: Float.self) ?? []
        let pixels = x.values(as: Float.self) ?? [], count = pixels.count / batch
        for picture in 0..<batch {
          let own = Tensor(
            Array(pixels[(picture * count)..<((picture + 1) * count)]), shape: [1, 3, side, side + 1])
          let expected =
            try #require(try alone.run(["x": own], in: other)["y"]).values(as: Float.self) ?? []
          let length = y.count / batch
          #expect(Array(y[(picture * length)..<((picture + 1) * length)]) == expected)
        }
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func bytesEqualTheInterpreter(_ set: InstructionSet) throws {
    let builder = GraphBuilder()
    let (batch, side) = (5, 230)
    let x = try builder.input(
      "x", type: .uint8, dimensions: [batch, 3, side, side].map { .fixed($0) })
    let weights = Philox(seed: 2).uniform(count: 40 * 27).map { Int8($0 * 254.99 - 127) }
    let constants: [Tensor] = [
      Tensor(scalar: Float(0.02)), Tensor(scalar: UInt8(113)), Tensor(weights, shape: [40, 3, 3, 3]),
      Tensor((0..<40).map { Float($0 % 5 + 1) / 400 }),
      Tensor((0..<40).map { Int32($0 * 731 % 4000 - 2000) }),
      Tensor(scalar: Float(0.05)), Tensor(scalar: UInt8(97)),
    ]
    let window = Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))
    let y = try builder.add(
      QuantizedConv(Conv(window: window)), [x] + constants.map { builder.constant($0) })
    let pool = Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([0, 1, 1, 0]))
    try builder.output("y", builder.add(MaxPool(window: pool), y[0]))
    let plan = try Plan(builder.graph, parameters: Parameters(), instructionSet: set)
    #expect(kernels(plan) == ["int8 conv + max pool"])
    let count = batch * 3 * side * side
    let input = Tensor(
      Philox(seed: 1).uniform(count: count).map { UInt8($0 * 255.99) }, shape: [batch, 3, side, side])
    let expected = try Interpreter(builder.graph, parameters: Parameters()).run(["x": input])
    for threads in 1...3 {
      let workspace = plan.makeWorkspace(for: Executor(threads: threads))
      #expect(try plan.run(["x": input], in: workspace) == expected)
    }
  }

  @Test func equalsTheInterpreter() throws {
    let (graph, parameters) = try network(batch: 7, side: 90)
    let plan = try Plan(graph, parameters: parameters)
    #expect(kernels(plan) == ["conv + max pool"])
    let x = input(7, 90)
    let expected = try #require(try Interpreter(graph, parameters: parameters).run(["x": x])["y"])
    let workspace = plan.makeWorkspace(for: Executor(threads: 2))
    expectClose(try #require(try plan.run(["x": x], in: workspace)["y"]), expected, tolerance: 2e-6)
  }
}
