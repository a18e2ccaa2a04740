import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

/// Factors of channels that a convolution applies to its weights.
@Suite struct ScaledConvolutionTests {
  private struct Block {
    var images = 1
    var channels = 20
    var side = 9
    var outputs = 33
    var kernel = 1
    var factorsFirst = false
    /// The shape of the factors.
    var factors: [Int]
    var hasResidual = false
    /// Whether the product is an output, too.
    var isRead = false

    func network() throws -> (graph: Graph, parameters: Parameters, inputs: [String: Tensor]) {
      let builder = GraphBuilder()
      var parameters = Parameters()
      let shape = [images, channels, side, side]
      let x = try builder.input("x", dimensions: shape.map { .fixed($0) })
      let s = try builder.input("s", dimensions: factors.map { .fixed($0) })
      let product = try factorsFirst ? builder.add(Mul(), s, x) : builder.add(Mul(), x, s)
      let filters: Shape = [outputs, channels, kernel, kernel]
      let w = try builder.parameter("w", shape: filters, initializer: .zeros)
      let b = try builder.parameter("b", shape: [outputs], initializer: .zeros)
      let numbers = Philox(seed: 3)
      parameters["w"] = Tensor(numbers.normal(count: filters.elementCount).map { $0 * 0.2 }, shape: filters)
      parameters["b"] = Tensor(numbers.normal(count: outputs, stream: 1))
      let pad = kernel / 2
      let window = Window(kernel: [kernel, kernel], padding: .explicit([pad, pad, pad, pad]))
      var y = try builder.add(Conv(window: window), product, w, b)
      if hasResidual {
        y = try builder.add(Add(), y, builder.input("r", dimensions: y.fact.shape.map { .fixed($0) }))
      }
      try builder.output("y", builder.add(Relu(), y))
      if isRead { try builder.output("product", product) }
      var inputs = [
        "x": Tensor(numbers.normal(count: shape.reduce(1, *), stream: 2), shape: Shape(shape)),
        "s": Tensor(numbers.normal(count: factors.reduce(1, *), stream: 3), shape: Shape(factors)),
      ]
      if hasResidual {
        let y = [images, outputs, side, side]
        inputs["r"] = Tensor(numbers.normal(count: y.reduce(1, *), stream: 4), shape: Shape(y))
      }
      return (builder.graph, parameters, inputs)
    }
  }

  /// Compares with the interpreter on every instruction set, and says which kernels there are.
  private func kernels(of block: Block) throws -> [String] {
    let (graph, parameters, inputs) = try block.network()
    let expected = try Interpreter(graph, parameters: parameters).run(inputs)
    for set in InstructionSet.supported {
      let plan = try Plan(graph, parameters: parameters, instructionSet: set)
      var first: [String: Tensor]?
      for threads in 1...3 {
        var workspace = plan.makeWorkspace(for: Executor(threads: threads))
        _ = try plan.run(inputs, in: &workspace)
        let results = try plan.run(inputs, in: &workspace)
        for (name, tensor) in expected {
          expectClose(try #require(results[name]), tensor, tolerance: 2e-5, "\(set.rawValue) \(name)")
        }
        #expect(first == nil || first == results, "\(set.rawValue), \(threads) threads")
        first = results
      }
    }
    return try Plan(graph, parameters: parameters).explanation(threads: 1).steps.map(\.kernelName)
  }

  @Test(arguments: [false, true], [[1, 20, 1, 1], [20, 1, 1]])
  func theProductIsNoStep(factorsFirst: Bool, factors: [Int]) throws {
    let block = Block(factorsFirst: factorsFirst, factors: factors)
    #expect(try kernels(of: block) == ["layout", "conv", "layout"])
    let (graph, parameters, _) = try block.network()
    let step = try #require(
      try Plan(graph, parameters: parameters).explanation(threads: 1).steps.first { $0.kernelName == "conv" })
    #expect(step.parts == ["Mul", "Conv", "Relu"])
    #expect(step.details.hasSuffix("weights times the factors of channels"))
  }

  @Test(arguments: [(1, 1), (15, 16), (16, 32), (17, 48), (64, 65)])
  func allWidths(channels: Int, outputs: Int) throws {
    let block = Block(channels: channels, outputs: outputs, factors: [1, channels, 1, 1])
    #expect(try !kernels(of: block).contains("elementwise"))
  }

  @Test func eachImageHasItsOwnFactors() throws {
    #expect(
      try !kernels(of: Block(images: 3, factors: [3, 20, 1, 1], hasResidual: true)).contains("elementwise"))
    #expect(try !kernels(of: Block(images: 2, factors: [1, 20, 1, 1])).contains("elementwise"))
  }

  @Test func whatDoesNotPayOrFitIsComputedApart() throws {
    // More outputs than pixels, a larger kernel, factors of pixels, and a product that is read elsewhere.
    #expect(try kernels(of: Block(side: 5, outputs: 26, factors: [1, 20, 1, 1])).contains("elementwise"))
    #expect(try kernels(of: Block(kernel: 3, factors: [1, 20, 1, 1])).contains("elementwise"))
    #expect(try kernels(of: Block(factors: [1, 1, 9, 9])).contains("elementwise"))
    #expect(try kernels(of: Block(factors: [1, 20, 1, 1], isRead: true)).contains("elementwise"))
  }
}
