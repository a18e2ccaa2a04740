import Testing
import VisionCompute
import VisionGraph
import VisionLayers
import VisionTensor
import VisionTestSupport

@testable import VisionRuntime

/// Plans whose convolutions are computed by im2col and GEMM.
@Suite struct Im2colPlanTests {
  /// Convolutions with stride, dilation, groups, a folded normalization, a residual and activations over some axes.
  private func network(_ shape: Shape) throws -> DrawnNetwork {
    var network = DrawnNetwork()
    let axes = shape.rank - 2
    func window(
      _ kernel: Int, stride: Int = 1, dilation: Int = 1, before: Int = 0, behind: Int = 0
    ) -> Window {
      func all(_ value: Int) -> [Int] { [Int](repeating: value, count: axes) }
      return Window(
        kernel: all(kernel), strides: all(stride), dilations: all(dilation),
        padding: .explicit(all(before) + all(behind)))
    }
    let x = try network.builder.input("x", dimensions: shape.dimensions.map { .fixed($0) })
    var y = try network.conv(x, "first", to: 12, window(3, stride: 2, before: 1, behind: 2))
    y = try network.builder.add(Relu(), network.normalized(y, "norm"))
    let z = try network.conv(y, "dilated", to: 12, window(3, dilation: 2, before: 2, behind: 2), groups: 3)
    y = try network.builder.add(Relu(), network.builder.add(Add(), z, y))
    y = try network.builder.add(
      Sigmoid(), network.conv(y, "depthwise", to: 12, window(2), groups: 12))
    try network.builder.output("y", network.conv(y, "last", to: 7, window(1)))
    return network
  }

  private func numbers(_ shape: Shape) -> Tensor {
    Tensor(Philox(seed: 4).normal(count: shape.elementCount), shape: shape)
  }

  private func steps(_ plan: Plan) -> [PlanStep] {
    plan.explanation(threads: 1).steps.filter { $0.operatorName == "FusedConv" }
  }

  @Test(arguments: [[2, 5, 33], [1, 4, 11, 13], [2, 3, 7, 9, 8]])
  func equalsTheInterpreter(_ extents: [Int]) throws {
    let network = try network(Shape(extents))
    let x = numbers(Shape(extents))
    let expected = try #require(
      Interpreter(network.builder.graph, parameters: network.parameters).run(["x": x])["y"])
    for set in InstructionSet.supported {
      let plan = try Plan(
        network.builder.graph, parameters: network.parameters, instructionSet: set,
        convolutions: .im2col)
      #expect(plan.referenceNodes.isEmpty)
      let steps = steps(plan)
      #expect(steps.map(\.kernelName) == ["im2col", "im2col", "im2col", "im2col"])
      #expect(steps.allSatisfy { $0.algorithm == "im2col and GEMM" && $0.details.hasPrefix("columns of ") })
      let results = try [1, 2].map { threads in
        try #require(plan.run(["x": x], on: Executor(threads: threads))["y"])
      }
      #expect(results[0] == results[1], "bits depend on threads")
      expectClose(results[0], expected, tolerance: 1e-5, set.rawValue)
    }
  }

  /// What other algorithms compute is what the plain one does, but for rounding.
  @Test(arguments: ["resnet18", "mobilenet_v2", "squeezenet1_1"])
  func otherAlgorithmsAgree(_ name: String) throws {
    let architecture = try #require(Architecture.named(name))
    let graph = try architecture.graph(classes: 10, input: (3, 64, 64)).bound(batch: 2)
    let parameters = graph.initialParameters(seed: 3)
    let input = [graph[graph.inputs[0]].name: numbers(graph.fact(graph.inputs[0]).shape)]
    func result(_ convolutions: ConvolutionAlgorithm) throws -> Tensor {
      let plan = try Plan(graph, parameters: parameters, convolutions: convolutions)
      let isPlain = steps(plan).allSatisfy { $0.kernelName == "im2col" }
      #expect(isPlain == (convolutions == .im2col))
      return try #require(plan.run(input, on: Executor(threads: 2)).first).value
    }
    let plain = try result(.im2col)
    for convolutions in ConvolutionAlgorithm.allCases where convolutions != .im2col {
      expectClose(try result(convolutions), plain, tolerance: 2e-5, convolutions.rawValue)
    }
  }

  /// A batch in parts, and parts of a concatenation: both are written with channels last by other kernels.
  @Test func batchesInPartsAndConcatenations() throws {
    var network = DrawnNetwork()
    let builder = network.builder
    let same = Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))
    let x = try builder.input("x", dimensions: [.fixed(16), .fixed(3), .fixed(96), .fixed(96)])
    let y = try builder.add(Relu(), network.conv(x, "first", to: 24, same))
    let left = try network.conv(y, "left", to: 8, Window(kernel: [1, 1]))
    let both = try builder.add(Concat(axis: 1), left, network.conv(y, "right", to: 16, same))
    let z = try builder.add(GlobalAveragePool(), both)
    try builder.output("y", builder.add(Flatten(), z))
    let x0 = numbers([16, 3, 96, 96])
    let plain = try Plan(builder.graph, parameters: network.parameters, convolutions: .im2col)
    let other = try Plan(builder.graph, parameters: network.parameters, convolutions: .direct)
    #expect(plain.explanation(threads: 1).partCount > 1)
    #expect(steps(plain).allSatisfy { $0.kernelName == "im2col" })
    let executor = Executor(threads: 2)
    expectClose(
      try #require(plain.run(["x": x0], on: executor)["y"]),
      try #require(other.run(["x": x0], on: executor)["y"]), tolerance: 1e-5)
  }

  /// It is of float32 only: convolutions of bfloat16 are those of the direct algorithm, to the bit.
  @Test func bfloat16IsComputedDirectly() throws {
    var network = DrawnNetwork()
    let x = try network.builder.input("x", dimensions: [1, 32, 11, 13].map { .fixed($0) })
    let y = try network.conv(x, "only", to: 32, Window(kernel: [2, 3]))
    try network.builder.output("y", y)
    let results = try [ConvolutionAlgorithm.im2col, .direct].map { convolutions in
      let plan = try Plan(
        network.builder.graph, parameters: network.parameters, convolutions: convolutions,
        precision: .bfloat16)
      #expect(steps(plan).map(\.kernelName) == ["bf16 conv"])
      return try #require(plan.run(["x": numbers([1, 32, 11, 13])], on: Executor(threads: 1))["y"])
    }
    #expect(results[0] == results[1])
  }

  @Test func namesOfTheCommandLine() {
    #expect(ConvolutionAlgorithm.allCases.map(\.rawValue) == ["auto", "im2col", "direct", "winograd"])
  }
}
