import VisionCompute
package import VisionGraph

/// What a plan is compiled from.
package struct PlanRequest: Sendable {
  /// The graph, bound to the wanted shapes.
  package var graph: Graph
  package var parameters: Parameters
  /// Where packed weights are kept; plans of one model that share it share them.
  package var weights = WeightStore()
  package var convolutions = ConvolutionAlgorithm.automatic
  package var precision = ComputePrecision.float32
  /// Bytes that activations, frozen values and references may take together; nil for three quarters of what the machine has.
  package var memoryLimit: Int?

  package init(_ graph: Graph, parameters: Parameters) {
    self.graph = graph
    self.parameters = parameters
  }
}
