import Testing
import VisionCompute
import VisionGraph
import VisionTensor
import VisionTestSupport

@testable import VisionRuntime

/// Reductions of what a convolution computes, whose channels come last in memory.
@Suite struct ReducedImagesTests {
  @Test(arguments: [[1], [2, 3], [0, 2, 3], [3], [1, 2], [0, 1, 2, 3]], [true, false])
  func stayInTheLayoutOfTheConvolution(axes: [Int], keepsDimensions: Bool) throws {
    let reductions: [any AttributeReduction] = [
      ReduceL2(axes: axes, keepsDimensions: keepsDimensions),
      ReduceMean(axes: axes, keepsDimensions: keepsDimensions),
      ReduceMax(axes: axes, keepsDimensions: keepsDimensions),
      ReduceL1(axes: axes, keepsDimensions: keepsDimensions),
    ]
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 4, height: 5, width: 7)
    let w = try builder.parameter("w", shape: [6, 4, 3, 3], initializer: .ones)
    var parameters = Parameters()
    parameters["w"] = pattern([6, 4, 3, 3])
    let conv = try builder.add(Conv(window: Window(kernel: [3, 3])), x, w, name: "conv")
    for (index, reduction) in reductions.enumerated() {
      try builder.output("y\(index)", builder.add(reduction, [conv])[0])
    }
    let bound = try builder.graph.bound(to: ["x": [3, 4, 5, 7]])
    let inputs = ["x": pattern([3, 4, 5, 7], seed: 3)]
    let plan = try Plan(bound, parameters: parameters)
    #expect(plan.referenceNodes.isEmpty)
    // What a reduction of pixels or channels reads is not moved.
    if [[1], [2, 3], [0, 2, 3]].contains(axes) {
      #expect(!plan.steps.contains { $0.kernelName.hasPrefix("layout") && $0.name.contains("conv") })
    }
    let expected = try Interpreter(bound, parameters: parameters).run(inputs)
    for threads in [1, 2] {
      let result = try plan.run(inputs, on: Executor(threads: threads))
      for name in expected.keys {
        expectClose(try #require(result[name]), try #require(expected[name]), tolerance: 3e-6, name)
      }
    }
  }
}
