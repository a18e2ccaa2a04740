package import VisionGraph
import VisionTensor

/// Finds the last layer of a classifier that VisionNet did not write, and with it the embedding of an image.
///
/// The last layer is the matrix product with fixed weights, or the 1×1 convolution, that every path from the
/// answer back to the image meets first. Only operators that keep, reorder, reduce or activate its results
/// may follow it, such as a bias, any form of softmax, quantization, and spatial means.
package struct HeadFinder {
  /// A last layer.
  package struct Head: Sendable, Hashable {
    /// The name of its node.
    package let node: String
    package let operatorName: String
    /// Its input: N×E, N×E×1×1, or N×E×H×W.
    package let embedding: ValueID
    /// E, the number of features.
    package let features: Int
    /// The number of results for each image; for a convolution, for each position.
    package let classes: Int
  }

  private let graph: Graph
  /// Values that are the same for every image.
  private let isFixed: [Bool]

  package init(_ graph: Graph) {
    self.graph = graph
    var isFixed = graph.values.map { record in
      switch record.source {
      case .parameter, .constant: true
      case .input, .node: false
      }
    }
    for node in graph.nodes
    where node.inputs.allSatisfy({ $0.map { isFixed[$0.index] } ?? true }) && !node.inputs.isEmpty {
      for output in node.outputs { isFixed[output.index] = true }
    }
    for (index, record) in graph.values.enumerated() where record.fact.value != nil { isFixed[index] = true }
    self.isFixed = isFixed
  }

  /// The last layer before the answer: the output of that name, that of the logits or the probabilities, or else all outputs.
  ///
  /// - Parameter answer: the name of the output with one number per class, if known.
  /// - Throws: `FormatError` that says what prevents finding the last layer.
  package func head(answer: String? = nil) throws(FormatError) -> Head {
    let named =
      graph.outputs.first { $0.name == answer } ?? graph.output(of: .logits)
      ?? graph.output(of: .probabilities)
    let ends = named.map { [$0] } ?? graph.outputs
    guard !ends.isEmpty else { throw error("the network has no output") }
    var heads: Set<Int> = []
    var obstacles: [String] = []
    walk(back: ends.map(\.value), &heads, &obstacles)
    if let obstacle = obstacles.first { throw error("the last layer cannot be told: \(obstacle)") }
    guard heads.count == 1, let index = heads.first else {
      let names = heads.sorted().prefix(3).map { "'\(graph.nodes[$0].name)'" }.joined(separator: ", ")
      throw error("the answer comes from \(heads.count) layers (\(names)), so that none is the last")
    }
    return try head(graph.nodes[index])
  }

  /// Collects the first layers with weights on all paths back from `ends`.
  private func walk(back ends: [ValueID], _ heads: inout Set<Int>, _ obstacles: inout [String]) {
    var seen = Set(ends)
    var open = ends
    while let value = open.popLast() {
      guard case .node(let index, _) = graph[value].source else {
        if !isFixed[value.index] { obstacles.append("no layer with weights comes before the answer") }
        continue
      }
      let node = graph.nodes[index]
      if isLayer(node) {
        heads.insert(index)
        continue
      }
      let name = type(of: node.operation).name
      guard let sources = sources(of: node, name) else {
        obstacles.append("\(name) '\(node.name)' comes before the answer")
        continue
      }
      for source in sources where !isFixed[source.index] && seen.insert(source).inserted {
        open.append(source)
      }
    }
  }

  private func isLayer(_ node: Graph.Node) -> Bool {
    guard node.inputs.count > 1, let weights = node.inputs[1], isFixed[weights.index],
      let x = node.inputs[0], !isFixed[x.index]
    else { return false }
    switch node.operation {
    case let gemm as Gemm: return !gemm.transposesA
    case is MatMul: return graph.fact(weights).shape.rank == 2
    case let conv as Conv:
      return conv.groups == 1 && conv.window.kernel.allSatisfy { $0 == 1 }
        && conv.window.strides.allSatisfy { $0 == 1 }
    default: return false
    }
  }

  /// The inputs whose elements an operator keeps, reorders, reduces or activates; nil for all other
  /// operators.
  private func sources(of node: Graph.Node, _ name: String) -> [ValueID]? {
    if Self.first.contains(name) || node.operation is any UnaryElementwise {
      return [node.inputs.first ?? nil].compactMap { $0 }
    }
    if Self.all.contains(name) { return node.inputs.compactMap { $0 } }
    // A count of elements does not depend on their values.
    return name == ShapeOf.name || name == Size.name ? [] : nil
  }

  /// Operators whose first input holds the elements while the others determine positions or parameters,
  /// besides the elementwise ones.
  private static let first: Set<String> = [
    "Cast", "CastLike", "Identity", "Dropout", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose",
    "Slice", "Split", "Gather", "GatherElements", "GatherND", "Pad", "Expand", "Tile", "TopK", "ArgMax",
    "ArgMin", "Trilu", "QuantizeLinear", "DequantizeLinear", "Clip", "Softmax", "LogSoftmax", "PRelu", "Not",
    "IsNaN", "IsInf", "BatchNormalization", "ReduceL1", "ReduceL2",
    "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "ReduceSumSquare",
    "GlobalAveragePool", "GlobalMaxPool", "AveragePool", "MaxPool",
  ]

  /// Operators with several inputs that hold elements.
  private static let all: Set<String> = [
    "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Mean", "Where", "Concat", "Equal", "Greater",
    "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor",
  ]

  private func head(_ node: Graph.Node) throws(FormatError) -> Head {
    guard var x = node.inputs[0] else { throw error("the layer '\(node.name)' reads nothing") }
    // Dropout lies between the embedding and the layer.
    while let producer = graph.producer(of: x),
      producer.operation is DropoutOperator || producer.operation is Identity,
      let source = producer.inputs.first ?? nil
    {
      x = source
    }
    let axis = node.operation is Conv ? 1 : -1
    func extent(_ id: ValueID) -> Int {
      let shape = graph.fact(id).shape
      let position = axis < 0 ? shape.rank - 1 : axis
      return shape.rank > position && position >= 0 ? shape[position] : 0
    }
    return Head(
      node: node.name, operatorName: type(of: node.operation).name, embedding: x, features: extent(x),
      classes: extent(node.outputs[0]))
  }

  private func error(_ message: String) -> FormatError {
    FormatError(
      .network, message, remedy: "give the name of the value that describes an image, N×E or N×E×H×W")
  }
}
