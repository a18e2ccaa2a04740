import Testing
import VisionGraph
import VisionTensor

@Suite struct GraphSummaryTests {
  /// conv → norm → relu → gemm over two reads of one weight.
  private func graph() throws -> Graph {
    let builder = GraphBuilder()
    let x = try builder.image(channels: 3, height: 8, width: 8)
    let weight = try builder.parameter("conv.weight", shape: [4, 3, 3, 3], initializer: .ones)
    let conv = try builder.add(Conv(window: Window(kernel: [3, 3])), x, weight, name: "conv")
    var statistics: [Value?] = [conv]
    for name in ["weight", "bias", "running_mean", "running_var"] {
      statistics.append(try builder.parameter("norm.\(name)", shape: [4], initializer: .ones))
    }
    let norm = try builder.add(BatchNormalization(), statistics, name: "norm")[0]
    let factor = try builder.parameter("factor", shape: [], initializer: .ones)
    let once = try builder.add(Add(), norm, factor, name: "once")
    try builder.output("y", builder.add(Add(), once, factor, name: "twice"))
    return builder.graph
  }

  @Test func countsParametersWhereTheyAreFirstRead() throws {
    let summary = try graph().summary
    #expect(summary.rows.map(\.path) == ["conv", "norm", "once", "twice"])
    #expect(summary.rows.map(\.operatorName) == ["Conv", "BatchNormalization", "Add", "Add"])
    #expect(summary.rows.map(\.parameters) == [108, 16, 1, 0])
    #expect(summary.parameters == 125)
    #expect(summary.statistics == 8)
  }

  @Test func countsOperationsForTheBatchAsBound() throws {
    let graph = try graph()
    #expect(graph.summary.rows[0].outputs == [[1, 4, 6, 6]])
    #expect(graph.summary.rows[0].flops == 2 * 4 * 36 * 27)
    let bound = try graph.bound(batch: 3)
    #expect(bound.summary.rows[0].outputs == [[3, 4, 6, 6]])
    #expect(bound.summary.flops == 3 * graph.summary.flops)
    #expect(graph.summary.flops == graph.flops)
  }

  @Test func isReadAsATable() throws {
    let builder = GraphBuilder()
    let x = try builder.image(channels: 3, height: 80, width: 80)
    let weight = try builder.parameter("conv.weight", shape: [40, 3, 5, 5], initializer: .ones)
    let conv = try builder.add(Conv(window: Window(kernel: [5, 5])), x, weight, name: "layer1.conv")
    try builder.output("y", builder.add(Relu(), conv, name: "relu"))
    // 2 · 40 · 76² · 75 = 34,656,000 and 40 · 76² = 231,040 operations.
    #expect(
      builder.graph.summary.description == """
        path         operator  output      parameters  MFLOP
        ───────────  ────────  ──────────  ──────────  ─────
        layer1.conv  Conv      1×40×76×76       3,000  34.66
        relu         Relu      1×40×76×76               0.23
        2 nodes, 3,000 parameters, 34.89 MFLOP
        """)
  }

  @Test func totalsNameRunningStatistics() throws {
    #expect(try graph().summary.totals.contains("117 parameters and 8 running statistics"))
  }
}
