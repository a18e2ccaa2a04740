public import VisionTensor

/// The nodes of a graph with their shapes and costs, and the totals.
public struct GraphSummary: Sendable, Hashable, Codable {
  /// One node.
  public struct Row: Sendable, Hashable, Codable {
    /// The layer path.
    public let path: String
    /// The operator's ONNX name, preceded by its domain if it has one.
    public let operatorName: String
    /// The shape of each output for the bound batch size.
    public let outputs: [Shape]
    /// Elements of the parameters that this node is the first to read.
    public let parameters: Int
    /// Floating-point operations; a multiplication and an addition count as two.
    public let flops: Int
  }

  /// The nodes in the order in which they run.
  public let rows: [Row]
  /// Elements of all parameters, weights and statistics, including unused ones.
  public let parameters: Int
  /// Elements of the parameters that are statistics instead of weights: the mean and variance of
  /// BatchNormalization.
  public let statistics: Int
  /// Floating-point operations of one run.
  public let flops: Int

  public init(_ graph: Graph) {
    var seen: Set<ValueID> = []
    var statistics: Set<ValueID> = []
    rows = graph.nodes.map { node in
      var count = 0
      for (index, input) in node.inputs.enumerated() {
        guard let input, case .parameter = graph[input].source else { continue }
        if seen.insert(input).inserted { count += graph.fact(input).shape.elementCount }
        if Self.isStatistic(node.operation, input: index) { statistics.insert(input) }
      }
      let type = type(of: node.operation)
      return Row(
        path: node.name,
        operatorName: type.domain.isEmpty ? type.name : "\(type.domain).\(type.name)",
        outputs: node.outputs.map { graph.fact($0).shape }, parameters: count, flops: graph.flops(of: node))
    }
    self.statistics = statistics.reduce(0) { $0 + graph.fact($1).shape.elementCount }
    self.parameters = graph.parameters.reduce(0) { $0 + $1.fact.shape.elementCount }
    self.flops = rows.reduce(0) { $0 + $1.flops }
  }

  private static func isStatistic(_ operation: any Operator, input: Int) -> Bool {
    operation is BatchNormalization && input >= 3 || operation is RunningStatistics && input < 2
  }
}

extension Graph {
  /// The graph's nodes and totals.
  public var summary: GraphSummary { GraphSummary(self) }
}
