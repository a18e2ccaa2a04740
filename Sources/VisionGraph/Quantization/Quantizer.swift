import VisionSystem
import VisionTensor

/// Converts a trained network to bytes: int8 weights with a scale for each output channel, and uint8
/// activations with one scale for each tensor.
///
/// The result is in QDQ form: the operators are unchanged, and a `QuantizeLinear` and `DequantizeLinear` pair
/// marks where numbers are rounded to bytes. Any runtime can run this form; runtimes that recognize it
/// compute in integers.
///
/// Source: Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference",
/// CVPR 2018; the form is that of ONNX Runtime.
package struct Quantizer: Sendable {
  /// The network with BatchNormalization folded into its convolutions, still in floating point.
  package let graph: Graph
  /// Its weights.
  package let parameters: Parameters
  /// The values whose ranges must be known, in the order of the outputs of `observation`.
  private let observed: [ValueID]
  private let roles: QuantizationRoles

  /// - Throws: `GraphError` when weights are missing, or there is nothing to quantize (`unsupportedFeature`).
  package init(_ graph: Graph, parameters: Parameters) throws(GraphError) {
    if let node = graph.nodes.first(where: {
      $0.operation is QuantizeLinear || $0.operation is DequantizeLinear
    }) {
      throw GraphError(
        .unsupportedFeature, "the network is quantized already", place: node.name,
        remedy: "give the network in floating point")
    }
    let (folded, weights) = try graph.foldingNormalization(parameters)
    roles = QuantizationRoles(folded) { id in
      switch folded[id].source {
      case .parameter, .constant: true
      case .input, .node: false
      }
    }
    self.graph = folded
    self.parameters = weights
    let roles = roles
    observed = folded.values.indices.map(ValueID.init).filter { roles.isQuantized[$0.index] }
    guard !observed.isEmpty else {
      throw GraphError(
        .unsupportedFeature,
        "there is no convolution and no matrix product of float32 with fixed weights to quantize")
    }
  }

  /// How many ranges `quantized` wants.
  package var rangeCount: Int { observed.count }

  /// The network's name for the value of an output of `observation`.
  package func observedName(_ index: Int) -> String { graph[observed[index]].name }

  /// The network with one output for each value whose range must be known, named by its position.
  package func observation() throws(GraphError) -> Graph {
    let builder = GraphBuilder(extending: graph)
    for (index, id) in observed.enumerated() { try builder.output("\(index)", builder.value(id)) }
    return try DeadNodeRemoval().run(builder.graph)
  }

  /// The quantized network.
  ///
  /// - Parameter ranges: for each output of `observation` the numbers that bytes must be able to say.
  package func quantized(_ ranges: [ClosedRange<Float>]) throws(GraphError) -> (
    graph: Graph, parameters: Parameters
  ) {
    precondition(ranges.count == observed.count)
    var joined: [ValueID: ClosedRange<Float>] = [:]
    for (id, range) in zip(observed, ranges) {
      let first = roles.representative(of: id)
      let other = joined[first] ?? range
      joined[first] = min(range.lowerBound, other.lowerBound)...max(range.upperBound, other.upperBound)
    }
    var writer = QuantizedGraphWriter(graph, parameters)
    for id in graph.inputs {
      try writer.input(id)
      try quantize(id, joined, &writer)
    }
    for (index, node) in graph.nodes.enumerated() {
      let result = node.outputs[0]
      if roles.isQuantized[result.index], let range = joined[roles.representative(of: result)],
        let clamp = Clamp(node.operation, node.inputs.map { $0.map { graph.fact($0) } }),
        let x = node.inputs[0],
        AffineQuantization(range).implies(clamp)
      {
        try writer.alias(result, to: x)
      } else if let axis = roles.roles[index].outputAxis {
        try writer.weighted(node, axis: axis)
      } else {
        try writer.copy(node)
      }
      for output in node.outputs { try quantize(output, joined, &writer) }
    }
    return try writer.finish()
  }

  private func quantize(
    _ id: ValueID, _ ranges: [ValueID: ClosedRange<Float>], _ writer: inout QuantizedGraphWriter
  ) throws(GraphError) {
    guard roles.isQuantized[id.index], let range = ranges[roles.representative(of: id)] else { return }
    try writer.quantize(id, AffineQuantization(range))
  }
}
