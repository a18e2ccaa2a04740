import VisionCompute
package import VisionGraph

/// The graph, weights and options that a plan is compiled from.
package struct PlanRequest: Sendable {
  /// The graph, bound to the wanted shapes.
  package var graph: Graph
  package var parameters: Parameters
  /// Where packed weights are kept. Plans of one model share packed weights if they share the store.
  package var weights = WeightStore()
  package var convolutions = ConvolutionAlgorithm.automatic
  package var precision = ComputePrecision.float32
  /// The most bytes that activations, frozen values and reference operators may take together; nil for three
  /// quarters of the machine's memory.
  package var memoryLimit: Int?

  package init(_ graph: Graph, parameters: Parameters) {
    self.graph = graph
    self.parameters = parameters
  }
}
