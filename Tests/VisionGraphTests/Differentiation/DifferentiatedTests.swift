import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The walk backwards through a graph.
@Suite struct DifferentiatedTests {
  private func input(_ builder: GraphBuilder, _ name: String, _ shape: Shape = [3]) throws -> Value {
    try builder.input(name, type: .float64, dimensions: shape.map { .fixed($0) })
  }

  private func names(_ graph: Graph) -> [String] { graph.nodes.map { type(of: $0.operation).name } }

  @Test func addsUpWhatEveryReaderSends() throws {
    let builder = GraphBuilder()
    let x = try input(builder, "x")
    // x is read four times, twice by one node; y twice.
    let y = try builder.add(Mul(), x, x)
    let z = try builder.add(Add(), builder.add(Exp(), y), builder.add(Mul(), y, x))
    try builder.output("loss", builder.add(ReduceSum(keepsDimensions: false), builder.add(Add(), z, x)))
    try checkDerivatives(
      of: builder.graph, loss: "loss", withRespectTo: ["x"],
      inputs: ["x": Tensor([0.3, -0.5, 1.1] as [Double])])
  }

  @Test func differentiatesByValuesInside() throws {
    let builder = GraphBuilder()
    let x = try input(builder, "x")
    let features = try builder.add(Exp(), x, name: "features")
    try builder.output("loss", builder.add(ReduceSumSquare(keepsDimensions: false), features))
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["features"])
    // Nothing is computed further down than is asked for.
    #expect(names(graph).filter { $0 == "ExpGradient" }.isEmpty)
    let result = try Interpreter(graph, parameters: Parameters()).run(["x": Tensor([0, 0, 0] as [Double])])
    #expect(result["gradient of features"]?.doubles == [2, 2, 2])
  }

  @Test func differentiatesTheLossByItself() throws {
    let builder = GraphBuilder()
    let x = try input(builder, "x", [])
    try builder.output("loss", x)
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["x"])
    let result = try Interpreter(graph, parameters: Parameters()).run(["x": Tensor(scalar: Double(5))])
    #expect(result["gradient of x"] == Tensor(scalar: Double(1)))
  }

  @Test func keepsTheOutputsAndNamesTheGradients() throws {
    let builder = GraphBuilder()
    let x = try input(builder, "x")
    let y = try builder.add(Exp(), x)
    try builder.output("y", y)
    try builder.output("loss", builder.add(ReduceMean(keepsDimensions: false), y))
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["x"])
    #expect(graph.outputs.map(\.name) == ["y", "loss", "gradient of x"])
    #expect(graph.inputs.count == 1)
    #expect(Set(graph.nodes.map(\.name)).count == graph.nodes.count)
  }

  @Test func givesZerosWhereTheLossDoesNotDepend() throws {
    let builder = GraphBuilder()
    let x = try input(builder, "x")
    let w = try builder.parameter("w", shape: [2, 2], initializer: .ones)
    let unused = try builder.input("unused", dimensions: [.symbolic("N"), .fixed(2)])
    try builder.output("other", builder.add(Mul(), w, unused))
    try builder.output("loss", builder.add(ReduceSum(keepsDimensions: false), builder.add(Floor(), x)))
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["x", "w", "unused"])
      .bound(to: ["unused": [2, 2]])
    let parameters = graph.initialParameters(seed: 0)
    let result = try Interpreter(graph, parameters: parameters).run([
      "x": Tensor([1.5, 2, 3] as [Double]), "unused": Tensor(repeating: Float(1), shape: [2, 2]),
    ])
    #expect(result["gradient of x"] == Tensor([0, 0, 0] as [Double]))
    #expect(result["gradient of w"] == Tensor(repeating: Float(0), shape: [2, 2]))
    #expect(result["gradient of unused"] == Tensor(repeating: Float(0), shape: [2, 2]))
  }

  @Test func cutsPathsThroughIntegers() throws {
    let builder = GraphBuilder()
    let x = try input(builder, "x")
    // One-hot of the largest element: ones, whatever x is.
    let best = try builder.add(ArgMax(), x)
    let mask = try builder.add(
      Cast(to: .float64), builder.add(Equal(), best, builder.constant(ints: [0, 1, 2], name: "places")))
    try builder.output("loss", builder.add(ReduceSum(keepsDimensions: false), builder.add(Mul(), x, mask)))
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["x"])
    let result = try Interpreter(graph, parameters: Parameters()).run(["x": Tensor([1, 5, 2] as [Double])])
    #expect(result["gradient of x"]?.doubles == [0, 1, 0])
  }

  @Test func goesAroundOperatorsThatAreNotOnThePath() throws {
    let builder = GraphBuilder()
    let x = try input(builder, "x")
    let scale = try builder.input("scale", type: .float64, dimensions: [])
    let codes = try builder.input("codes", type: .int8, dimensions: [.fixed(3)])
    let decoded = try builder.add(DequantizeLinear(), codes, scale)
    try builder.output("loss", builder.add(ReduceSum(keepsDimensions: false), builder.add(Mul(), x, decoded)))
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["x"])
    #expect(graph.outputs.count == 2)
    // By the scale, the same graph cannot be differentiated, and the error says where.
    do {
      _ = try builder.graph.differentiated(loss: "loss", withRespectTo: ["scale"])
      Issue.record("DequantizeLinear was differentiated")
    } catch {
      #expect(error.kind == .derivative)
      #expect(error.message.contains("DequantizeLinear"))
      #expect(error.place == "dequantizelinear")
    }
  }

  @Test func refusesWhatCannotBeDifferentiated() throws {
    let builder = GraphBuilder()
    let x = try input(builder, "x")
    let bound = try input(builder, "bound", [])
    let count = try builder.input("count", type: .int64, dimensions: [.fixed(3)])
    try builder.output("y", x)
    try builder.output("count", builder.add(ReduceSum(keepsDimensions: false), count))
    try builder.output("loss", builder.add(ReduceSum(keepsDimensions: false), builder.add(Clip(), x, bound)))
    let graph = builder.graph
    func kind(_ loss: String, _ names: [String]) -> GraphError.Kind? {
      graphErrorKind { try graph.differentiated(loss: loss, withRespectTo: names) }
    }
    #expect(kind("loss", ["x"]) == nil)
    #expect(kind("nowhere", ["x"]) == .name)
    #expect(kind("loss", ["nobody"]) == .name)
    #expect(kind("loss", ["count"]) == .derivative)
    #expect(kind("y", ["x"]) == .derivative)
    #expect(kind("count", ["x"]) == .derivative)
    #expect(kind("loss", ["bound"]) == .derivative)
    #expect(kind("loss", ["x", "x"]) == .name)
  }

  @Test func canBeDifferentiatedAgain() throws {
    let builder = GraphBuilder()
    let x = try input(builder, "x", [2, 1, 4])
    let w = try input(builder, "w", [1, 1, 2])
    let y = try builder.add(Conv(window: Window(kernel: [2])), x, w)
    try builder.output("loss", builder.add(ReduceSumSquare(keepsDimensions: false), y))
    let first = try builder.graph.differentiated(loss: "loss", withRespectTo: ["w"])
    let second = GraphBuilder(extending: first)
    let gradient = try #require(first.outputs.last)
    try second.output("slope", second.add(ReduceSum(keepsDimensions: false), second.value(gradient.value)))
    try checkDerivatives(
      of: second.graph, loss: "slope", withRespectTo: ["x", "w"],
      inputs: [
        "x": pattern([2, 1, 4]).converted(to: .float64),
        "w": Tensor([0.5, -1] as [Double], shape: [1, 1, 2]),
      ])
  }

  /// Broadcasting that a batch of 1 hides must be undone once the batch is larger.
  @Test func sumsOverABatchThatIsBoundLater() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", type: .float64, dimensions: [.symbolic("N"), .fixed(2)])
    let bias = try builder.parameter("bias", shape: [1, 2], type: .float64, initializer: .zeros)
    let y = try builder.add(Add(), x, bias)
    let mean = try builder.add(ReduceMean(keepsDimensions: false), builder.add(Mul(), y, y))
    try builder.output("loss", mean)
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["bias", "x"]).bound(batch: 3)
    var parameters = Parameters()
    parameters["bias"] = Tensor([1, -1] as [Double], shape: [1, 2])
    let x3 = Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [3, 2])
    let result = try Interpreter(graph.applying(Graph.trainingPasses()), parameters: parameters).run(["x": x3]
    )
    let expected = Tensor([4, 3] as [Double], shape: [1, 2])
    expectClose(try #require(result["gradient of bias"]), expected, tolerance: 1e-15)
  }
}
