import Testing
import VisionCompute
import VisionGraph
import VisionTensor
import VisionTestSupport

@testable import VisionRuntime

/// Networks over one and three spatial axes, which plans compute as networks of images.
@Suite struct PlanarConvolutionTests {
  private func check(_ network: DrawnNetwork, _ x: Tensor, isWholly: Bool = true) throws {
    let graph = network.builder.graph
    let expected = try #require(Interpreter(graph, parameters: network.parameters).run(["x": x])["y"])
    for set in InstructionSet.supported {
      let plan = try Plan(graph, parameters: network.parameters, instructionSet: set)
      let steps = plan.explanation(threads: 1).steps
      #expect(!isWholly || !steps.contains { $0.kernelName == "im2col" })
      #expect(!isWholly || plan.referenceNodes.isEmpty, "\(plan.referenceNodes)")
      let results = try [1, 2].map { threads in
        try #require(plan.run(["x": x], on: Executor(threads: threads))["y"])
      }
      #expect(results[0] == results[1], "bits depend on threads")
      expectClose(results[0], expected, tolerance: 1e-5, set.rawValue)
    }
  }

  private func numbers(_ shape: Shape) -> Tensor {
    Tensor(Philox(seed: 4).normal(count: shape.elementCount), shape: shape)
  }

  @Test(arguments: [1, 3]) func overOneAxis(batch: Int) throws {
    var network = DrawnNetwork()
    let x = try network.builder.input("x", dimensions: [batch, 5, 67].map { .fixed($0) })
    var y = try network.conv(
      x, "first", to: 12, Window(kernel: [7], strides: [2], padding: .explicit([3, 2])))
    y = try network.builder.add(Relu(), network.normalized(y, "norm"))
    y = try network.builder.add(
      MaxPool(window: Window(kernel: [2], strides: [2], padding: .explicit([0, 1])), ceiling: true), y)
    let z = try network.conv(
      y, "dilated", to: 12, Window(kernel: [3], dilations: [2], padding: .explicit([2, 2])), groups: 3)
    y = try network.builder.add(Sigmoid(), network.builder.add(Add(), z, y))
    y = try network.builder.add(
      Concat(axis: -2), [y, network.conv(y, "beside", to: 3, Window(kernel: [1]))])[0]
    y = try network.builder.add(AveragePool(window: Window(kernel: [3], strides: [1])), y)
    let up = try network.weights("up", [15, 4, 4])
    y = try network.builder.add(
      ConvTranspose(window: Window(kernel: [4], strides: [2], padding: .explicit([1, 1]))), y, up)
    // The images end here.
    y = try network.builder.add(Transpose([0, 2, 1]), y)
    try network.builder.output("y", network.builder.add(Softmax(axis: -1), y))
    try check(network, numbers([batch, 5, 67]))
  }

  @Test func overOneAxisToClasses() throws {
    var network = DrawnNetwork()
    let x = try network.builder.input("x", dimensions: [2, 3, 40].map { .fixed($0) })
    let y = try network.conv(x, "conv", to: 8, Window(kernel: [3]))
    let z = try network.builder.add(GlobalAveragePool(), network.builder.add(Relu(), y))
    try network.builder.output("y", network.builder.add(Flatten(), z))
    try check(network, numbers([2, 3, 40]))
  }

  @Test(arguments: [1, 2], [1, 2]) func overThreeAxes(batch: Int, stride: Int) throws {
    var network = DrawnNetwork()
    let shape = [batch, 3, 6, 9, 8]
    let x = try network.builder.input("x", dimensions: shape.map { .fixed($0) })
    var y = try network.conv(
      x, "first", to: 8,
      Window(
        kernel: [3, 3, 3], strides: [stride, 1, 2], padding: .explicit([1, 1, 1, 1, 1, 0])))
    y = try network.builder.add(Relu(), network.normalized(y, "norm"))
    let z = try network.conv(
      y, "dilated", to: 8,
      Window(kernel: [2, 3, 1], dilations: [2, 1, 1], padding: .explicit([0, 1, 0, 2, 1, 0])), groups: 2)
    y = try network.builder.add(Relu(), network.builder.add(Add(), z, y))
    y = try network.builder.add(
      MaxPool(
        window: Window(kernel: [2, 2, 2], strides: [1, 2, 2], padding: .explicit([1, 0, 0, 0, 0, 0]))), y)
    y = try network.conv(y, "flat", to: 5, Window(kernel: [1, 1, 1]))
    try network.builder.output("y", network.builder.add(Sigmoid(), y))
    try check(network, numbers(Shape(shape)))
  }

  /// The mean and the maximum of all places, of frames that have been images before.
  @Test(arguments: [1, 3], [false, true]) func overThreeAxesToClasses(batch: Int, isMaximum: Bool) throws {
    var network = DrawnNetwork()
    let x = try network.builder.input("x", dimensions: [batch, 3, 5, 7, 6].map { .fixed($0) })
    let y = try network.builder.add(
      Relu(),
      network.conv(
        x, "conv", to: 10,
        Window(kernel: [3, 3, 3], strides: [2, 1, 1], padding: .explicit([1, 1, 1, 1, 1, 1]))))
    let z =
      try isMaximum
      ? network.builder.add(GlobalMaxPool(), y) : network.builder.add(GlobalAveragePool(), y)
    try network.builder.output("y", network.builder.add(Flatten(), z))
    try check(network, numbers([batch, 3, 5, 7, 6]))
  }

  /// What cannot be computed on images stays as it is.
  @Test func leavesWhatDependsOnTheExtents() throws {
    var network = DrawnNetwork()
    let x = try network.builder.input("x", dimensions: [1, 2, 5, 6, 7].map { .fixed($0) })
    let y = try network.conv(
      x, "same", to: 3, Window(kernel: [3, 3, 3], strides: [2, 2, 2], padding: .sameUpper))
    try network.builder.output("y", network.builder.add(Relu(), y))
    try check(network, numbers([1, 2, 5, 6, 7]), isWholly: false)
  }
}
