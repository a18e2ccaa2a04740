import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

@Suite struct DenseFusionTests {
  /// A network of dense layers in the making.
  private struct Network {
    let builder = GraphBuilder()
    var parameters = Parameters()

    mutating func weights(_ shape: Shape) throws -> Value {
      let name = "w\(parameters.count)"
      parameters[name] = pattern(shape, seed: parameters.count)
      return try builder.parameter(name, shape: shape, initializer: .zeros)
    }

    func integers(_ values: [Int64]) -> Value { builder.constant(Tensor(values)) }

    func add(_ op: some Operator, _ inputs: Value?...) throws -> Value { try builder.add(op, inputs)[0] }

    /// Checks which operators are left, and that numbers stay, to the bit on one thread and on two.
    @discardableResult
    func expect(_ names: [String], _ x: Tensor) throws -> Graph {
      let fused = try builder.graph.applying(Graph.inferencePasses + [DenseFusion()])
      #expect(fused.nodes.map { type(of: $0.operation).name } == names)
      let expected = try Interpreter(builder.graph, parameters: parameters).run(["x": x])
      let plan = try Plan(builder.graph, parameters: parameters)
      #expect(plan.referenceNodes.isEmpty)
      let results = try [1, 2].map { try plan.run(["x": x], on: Executor(threads: $0)) }
      for (name, value) in expected {
        expectClose(try #require(results[0][name]), value, tolerance: 3e-6, name)
        #expect(results[0][name] == results[1][name])
      }
      return fused
    }
  }

  @Test func takesBiasResidualAndActivation() throws {
    var network = Network()
    let x = try network.builder.input("x", dimensions: [.fixed(2), .fixed(5), .fixed(8)])
    var y = try network.add(MatMul(), x, network.weights([8, 12]))
    y = try network.add(Gelu(), network.add(Add(), network.weights([12]), y))
    y = try network.add(Add(), network.add(MatMul(), y, network.weights([12, 8])), network.weights([1, 8]))
    try network.builder.output("y", network.add(Add(), x, y))
    let fused = try network.expect(["FusedDense", "FusedDense"], pattern([2, 5, 8]))
    let layers = fused.nodes.compactMap { $0.operation as? FusedDense }
    #expect(layers.map(\.activation) == [ElementFunction(.gelu), nil])
    #expect(layers.map(\.hasResidual) == [false, true])
    #expect(layers.map(\.parts) == [["MatMul", "Add", "Gelu"], ["MatMul", "Add", "Add"]])
  }

  @Test func takesAGemmWithItsOwnBias() throws {
    var network = Network()
    let x = try network.builder.input("x", dimensions: [.fixed(3), .fixed(6)])
    let y = try network.add(Gemm(transposesB: true), x, network.weights([5, 6]), network.weights([5]))
    try network.builder.output("y", network.add(Relu(), y))
    #expect(try network.expect(["FusedDense"], pattern([3, 6])).nodes[0].operation.isGemmFusion)
  }

  @Test func addsTheResidualOfTheLaterLayer() throws {
    var network = Network()
    let x = try network.builder.input("x", dimensions: [.fixed(3), .fixed(6)])
    let a = try network.add(MatMul(), x, network.weights([6, 4]))
    let b = try network.add(MatMul(), x, network.weights([6, 4]))
    try network.builder.output("y", network.add(Add(), a, b))
    try network.expect(["MatMul", "FusedDense"], pattern([3, 6]))
  }

  @Test func leavesWhatSomebodyElseReadsAndWhatIsNoRow() throws {
    var network = Network()
    let x = try network.builder.input("x", dimensions: [.fixed(4), .fixed(4)])
    let product = try network.add(MatMul(), x, network.weights([4, 4]))
    try network.builder.output("product", product)
    try network.builder.output("y", network.add(Relu(), product))
    // A column is not a bias, and the sum is larger than the product.
    let second = try network.add(MatMul(), x, network.weights([4, 4]))
    try network.builder.output("z", network.add(Add(), second, network.weights([4, 1])))
    let third = try network.add(MatMul(), x, network.weights([4, 4]))
    try network.builder.output("w", network.add(Add(), third, network.weights([2, 1, 4])))
    // Both factors change.
    try network.builder.output("v", network.add(Relu(), network.add(MatMul(), x, x)))
    let fused = try network.builder.graph.applying(Graph.inferencePasses + [DenseFusion()])
    #expect(!fused.nodes.contains { $0.operation is FusedDense })
    try network.expect(fused.nodes.map { type(of: $0.operation).name }, pattern([4, 4]))
  }

  /// One row whose weights come from memory.
  @Test func appliesToLayersThatSkipZeros() throws {
    var network = Network()
    let x = try network.builder.input("x", dimensions: [.fixed(1), .fixed(2050)])
    let y = try network.add(Gemm(), x, network.weights([2050, 1030]), network.weights([1030]))
    let residual = try network.add(
      Slice(), x, network.integers([0]), network.integers([1030]), network.integers([1]))
    try network.builder.output("y", network.add(Tanh(), network.add(Add(), y, residual)))
    try network.expect(["Slice", "FusedDense"], pattern([1, 2050]))
  }
}

extension Operator {
  fileprivate var isGemmFusion: Bool { (self as? FusedDense)?.isGemm == true }
}
