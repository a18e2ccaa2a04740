import VisionTensor

/// Makes convolutions and dense layers multiply bfloat16 numbers. This pass comes last, after
/// `ConvolutionFusion`.
///
/// Only where weights and bias do not depend on the inputs. Depthwise convolutions stay float32: their sums are short, and it
/// is not products that take their time.
package struct BFloat16Operands: Pass {
  private let isWanted: @Sendable (Graph, Graph.Node) -> Bool

  /// - Parameter isWanted: which of the convolutions (`FusedConv`), by their node; all by default.
  package init(isWanted: @escaping @Sendable (Graph, Graph.Node) -> Bool = { _, _ in true }) {
    self.isWanted = isWanted
  }

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let isConstant = graph.dependsOnWeightsAlone
    return try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard node.inputs.count >= 2, let weights = node.inputs[1], isConstant[weights.index],
        let x = node.inputs[0], !isConstant[x.index], graph.fact(x).type == .float32,
        node.inputs.count < 3 || node.inputs[2].map({ isConstant[$0.index] }) ?? true
      else { return nil }
      let inputs = node.inputs.map { $0.map { rewriter.mapped($0) } }
      switch node.operation {
      case var fused as FusedConv where !Self.isDepthwise(fused, graph.fact(x)) && isWanted(graph, node):
        fused.operands = .bfloat16
        return try rewriter.emit(fused, inputs, name: node.name)
      case let gemm as Gemm where !gemm.transposesA && gemm.alpha == 1 && Self.addsRow(node, graph):
        return try rewriter.emit(BFloat16Product(.gemm(gemm)), inputs, name: node.name)
      case is MatMul where graph.fact(weights).shape.rank == 2 && graph.fact(x).shape.rank >= 2:
        return try rewriter.emit(BFloat16Product(.matMul), inputs, name: node.name)
      default: return nil
      }
    }
  }

  /// Whether a Gemm adds one row to all of its rows, as dense layers do, or nothing.
  private static func addsRow(_ node: Graph.Node, _ graph: Graph) -> Bool {
    guard node.inputs.count > 2, let addend = node.inputs[2] else { return true }
    return graph.fact(addend).shape.dimensions.dropLast().allSatisfy { $0 == 1 }
  }

  private static func isDepthwise(_ fused: FusedConv, _ x: Fact) -> Bool {
    x.shape.rank >= 2 && fused.conv.groups > 1 && fused.conv.groups == x.shape[1]
  }
}
