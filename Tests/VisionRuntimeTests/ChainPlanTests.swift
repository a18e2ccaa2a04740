import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

/// Steps that stand for several nodes: chains of convolutions, and concatenations that are written in place.
@Suite struct ChainPlanTests {
  private let builder = GraphBuilder()
  private var parameters = Parameters()

  private mutating func convolution(
    _ x: Value, _ o: Int, kernel: Int = 1, stride: Int = 1, groups: Int = 1, clip: Bool = true
  ) throws -> Value {
    let shape: Shape = [o, x.fact.shape[1] / groups, kernel, kernel]
    let name = "w\(parameters.names.count)"
    let w = try builder.parameter(name, shape: shape, initializer: .zeros)
    let b = try builder.parameter(name + "b", shape: [o], initializer: .zeros)
    let numbers = Philox(seed: UInt64(parameters.names.count + 7))
    parameters[name] = Tensor(
      numbers.normal(count: shape.elementCount).map { $0 / Float(shape[1] * kernel * kernel).squareRoot() },
      shape: shape)
    parameters[name + "b"] = Tensor(numbers.normal(count: o, stream: 1))
    let pad = kernel / 2
    let window = Window(
      kernel: [kernel, kernel], strides: [stride, stride], padding: .explicit([pad, pad, pad, pad]))
    let y = try builder.add(Conv(window: window, groups: groups), x, w, b)
    return clip ? try builder.add(Relu(), y) : y
  }

  private func input(_ shape: [Int]) throws -> Value {
    try builder.input("x", dimensions: shape.map { .fixed($0) })
  }

  /// Runs plans that fuse and plans that do not, on every instruction set.
  private func check(
    _ shape: [Int], expecting kernels: [String], views: Int? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let tensors = ["x": Tensor(Philox(seed: 5).normal(count: shape.reduce(1, *)), shape: Shape(shape))]
    for set in InstructionSet.supported {
      let direct = try Plan(
        builder.graph, parameters: parameters, instructionSet: set, convolutions: .direct)
      let expected = try direct.run(tensors, on: Executor(threads: 1))
      let plan = try Plan(builder.graph, parameters: parameters, instructionSet: set)
      if set == .preferred {
        #expect(
          plan.explanation(threads: 1).steps.map(\.kernelName) == kernels, sourceLocation: location)
      }
      for threads in [1, 2, 3] {
        var workspace = plan.makeWorkspace(for: Executor(threads: threads))
        _ = try plan.run(tensors, in: &workspace)
        let results = try plan.run(tensors, in: &workspace)
        #expect(results == expected, "\(set.rawValue), \(threads) threads", sourceLocation: location)
      }
    }
    let slow = try Interpreter(builder.graph, parameters: parameters).run(tensors)
    let plan = try Plan(builder.graph, parameters: parameters)
    let results = try plan.run(tensors, on: Executor(threads: 2))
    for (name, tensor) in slow {
      expectClose(try #require(results[name]), tensor, tolerance: 2e-5, "\(name)")
    }
  }

  @Test mutating func anInvertedResidualBlockIsOneStep() throws {
    let x = try input([1, 16, 40, 40])
    var y = try convolution(x, 96)
    y = try convolution(y, 96, kernel: 3, groups: 96)
    y = try builder.add(Add(), convolution(y, 16, clip: false), x)
    try builder.output("y", y)
    try check([1, 16, 40, 40], expecting: ["layout", "chain", "layout"])
    let step = try #require(
      try Plan(builder.graph, parameters: parameters).explanation(threads: 2).steps.first {
        $0.kernelName == "chain"
      })
    #expect(step.algorithm == "row by row")
    #expect(step.parts == ["Conv", "Relu", "Conv", "Relu", "Conv", "Add"])
    #expect(step.flops == 2 * 1600 * (16 * 96 + 96 * 9 + 96 * 16) + 1600 * 16)
  }

  @Test mutating func manyChannelsOfFewPixelsGoThroughPanelByPanel() throws {
    var y = try convolution(input([2, 24, 7, 7]), 300)
    y = try convolution(y, 300, kernel: 5, groups: 300)
    y = try convolution(y, 40, clip: false)
    try builder.output("y", y)
    try check([2, 24, 7, 7], expecting: ["layout", "chain", "conv", "layout"])
  }

  private func maximum(_ x: Value, _ kernel: Int, stride: Int, pad: Int = 0) throws -> Value {
    let window = Window(
      kernel: [kernel, kernel], strides: [stride, stride], padding: .explicit([pad, pad, pad, pad]))
    return try builder.add(MaxPool(window: window), x)
  }

  @Test mutating func aFirstConvolutionAndItsMaximaAreOneStep() throws {
    let y = try maximum(convolution(input([2, 3, 90, 100]), 64, kernel: 5, stride: 2), 3, stride: 2, pad: 1)
    try builder.output("y", try convolution(y, 10, kernel: 5))
    try check([2, 3, 90, 100], expecting: ["layout", "chain", "conv", "layout"])
    let step = try #require(
      try Plan(builder.graph, parameters: parameters).explanation(threads: 2).steps.first {
        $0.kernelName == "chain"
      })
    #expect(step.algorithm == "row by row")
    #expect(step.details == "a convolution and a pooling")
    #expect(step.parts == ["Conv", "Relu", "MaxPool"])
  }

  /// Winograd's algorithm takes less than what the maxima would save.
  @Test mutating func aFirstConvolutionOfSevenBySevenIsNotChained() throws {
    let y = try maximum(convolution(input([1, 3, 90, 100]), 64, kernel: 7, stride: 2), 3, stride: 2, pad: 1)
    try builder.output("y", y)
    let steps = try Plan(builder.graph, parameters: parameters).explanation(threads: 2).steps
    #expect(steps.map(\.kernelName) == ["layout", "winograd", "max pool", "layout"])
  }

  @Test mutating func theSqueezingAfterMaximaBelongsToThem() throws {
    let y = try maximum(convolution(input([1, 3, 101, 99]), 64, kernel: 3, stride: 2), 3, stride: 2)
    try builder.output("y", try convolution(y, 16))
    try check([1, 3, 101, 99], expecting: ["layout", "chain", "layout"])
  }

  /// Small maps, maxima of what Winograd's algorithm makes, and of what is an output itself stay apart.
  @Test mutating func otherMaximaAreStepsOfTheirOwn() throws {
    var y = try maximum(convolution(input([1, 3, 20, 20]), 16, kernel: 5), 2, stride: 2)
    y = try convolution(y, 8, kernel: 5)
    try builder.output("y", y)
    try check([1, 3, 20, 20], expecting: ["layout", "conv", "max pool", "conv", "layout"])
  }

  /// A value that somebody else needs stays.
  @Test mutating func whatIsReadTwiceIsNotChained() throws {
    let expanded = try convolution(input([1, 16, 40, 40]), 96)
    let y = try convolution(expanded, 96, kernel: 3, groups: 96)
    try builder.output("y", y)
    try builder.output("z", expanded)
    try check([1, 16, 40, 40], expecting: ["layout", "conv", "depthwise", "layout", "layout"])
  }

  @Test mutating func convolutionsWriteTheirPartOfAConcatenation() throws {
    let squeezed = try convolution(input([2, 5, 9, 11]), 12)
    let a = try convolution(squeezed, 20), b = try convolution(squeezed, 17, kernel: 5)
    let whole = try builder.add(Concat(axis: 1), a, b)
    let next = try convolution(whole, 3, clip: false)
    try builder.output("y", next)
    try builder.output("whole", whole)
    try check(
      [2, 5, 9, 11], expecting: ["layout", "conv", "conv", "conv", "conv", "layout", "layout"])
  }

  /// One that is read elsewhere, or is none, is copied; so is one that comes twice.
  @Test mutating func otherConcatenationsAreCopied() throws {
    let x = try input([1, 6, 5, 5])
    let a = try convolution(x, 8), b = try convolution(x, 8)
    try builder.output("y", builder.add(Concat(axis: 1), a, x))
    try builder.output("z", builder.add(Concat(axis: 1), b, b))
    let kernels = try Plan(builder.graph, parameters: parameters).explanation(threads: 1).steps.map(
      \.kernelName)
    #expect(kernels.filter { $0 == "copy" }.count == 2)
    try check([1, 6, 5, 5], expecting: kernels)
  }

  /// A chain's end may be a part of a concatenation, and a concatenation a part of another one.
  @Test mutating func chainsAndConcatenationsTogether() throws {
    let x = try input([1, 16, 40, 40])
    var y = try convolution(x, 96)
    y = try convolution(y, 96, kernel: 3, groups: 96)
    let a = try convolution(y, 24, clip: false), b = try convolution(x, 7)
    let inner = try builder.add(Concat(axis: -3), b, a)
    try builder.output("y", builder.add(Relu(), builder.add(Concat(axis: 1), inner, convolution(inner, 4))))
    let kernels = try Plan(builder.graph, parameters: parameters).explanation(threads: 1).steps.map(
      \.kernelName)
    #expect(kernels.contains("chain"))
    try check([1, 16, 40, 40], expecting: kernels)
  }
}
