/// A function from graph to graph that keeps the meaning.
package protocol Pass: Sendable {
  func run(_ graph: Graph) throws(GraphError) -> Graph
}

extension Graph {
  /// The graph after the passes, in order.
  package func applying(_ passes: [any Pass]) throws(GraphError) -> Graph {
    var graph = self
    for pass in passes { graph = try pass.run(graph) }
    return graph
  }

  /// The passes that make a trained graph ready for a plan.
  package static var inferencePasses: [any Pass] {
    [
      // Comes before constant folding, which would turn small int8 weights into floats.
      IdentityRemoval(), QuantizedFusion(), EinsumLowering(), ConstantFolding(), IdentityRemoval(),
      BatchNormalizationFolding(foldsThroughConcatenations: true), ParallelConvolutions(),
      PlanarConvolutions(), Recognition(),
      ConcatenatedActivations(), ConvolutionFusion(), DeadTapRemoval(), DeadNodeRemoval(),
    ]
  }

  /// The passes that make of a network what is differentiated to train it.
  ///
  /// - Parameters:
  ///   - keepsStatistics: see `TrainingMode`.
  ///   - isTrained: whether the parameter with that name is trained.
  package static func passesBeforeDifferentiation(
    keepsStatistics: @escaping @Sendable (String) -> Bool, isTrained: @escaping @Sendable (String) -> Bool
  ) -> [any Pass] {
    [
      DeadNodeRemoval(), Recognition.beforeDifferentiation, TrainingMode(isFrozen: keepsStatistics),
      TrainingFusion(isTrained: isTrained),
    ]
  }

  /// The passes that prepare a differentiated graph for a plan, once it is bound to its batch size.
  ///
  /// - Parameter isFrozen: whether the parameter with that name keeps its value while the plan is used.
  package static func trainingPasses(isFrozen: @escaping @Sendable (String) -> Bool = { _ in false })
    -> [any Pass]
  {
    [
      EinsumLowering(), ConstantFolding(), IdentityRemoval(),
      BatchNormalizationFolding(isFrozen: isFrozen),
      ConvolutionFusion(),
      DeadNodeRemoval(),
    ]
  }
}
