package import VisionGraph
package import VisionTensor
import VisionSystem

/// A stage of a program: the nodes from one position to another as a graph, for the types and shapes that the values
/// before them have.
package struct StageDraft: Sendable {
  /// A value that a stage may read, as it is before the stage.
  package enum Source: Sendable {
    /// A tensor of the file.
    case weight(Tensor)
    /// A tensor that was given or computed.
    case tensor(Tensor)
    /// A sequence, or nothing: no value of a graph.
    case other
  }

  package let graph: Graph
  package let parameters: Parameters
  /// The position after the last node.
  package let end: Int
  /// The values that a run reads, in the order of the graph's inputs.
  package let inputs: [String]
  /// The values that became constants of the graph: it holds for these elements only.
  package let constants: [(name: String, tensor: Tensor)]
  /// The results that are known without a run.
  package let known: [String: Tensor]

  /// The stage that begins at node `start`, which is no control operator and reads tensors only.
  ///
  /// It goes as far as shapes follow from those of the values before it. A node that needs elements which only a run
  /// gives is a stage of its own, with small integers as constants: where the elements change from run to run, nothing
  /// else is compiled anew, and what is compiled together does not depend on what was seen before.
  ///
  /// - Parameter source: the value of a name from before the stage.
  /// - Throws: `GraphError` where the values do not fit the nodes.
  package init(_ body: ProgramBody, from start: Int, _ source: @escaping (String) -> Source?)
    throws(GraphError)
  {
    var builder = StageBuilder(body, source, entering: .none)
    let end = try builder.addNodes(from: start)
    if end > start {
      try self.init(builder, start..<end)
      return
    }
    var lacking = GraphError(.structure, "the stage has no node")
    for entering in [StageBuilder.Entering.smallIntegers, .smallTensors, .all] {
      builder = StageBuilder(body, source, entering: entering)
      do {
        try builder.add(body.nodes[start])
        try self.init(builder, start..<(start + 1))
        return
      } catch  where error.kind == .dataDependent { lacking = error }
    }
    throw lacking
  }

  private init(_ builder: StageBuilder, _ nodes: Range<Int>) throws(GraphError) {
    let body = builder.body
    var known: [String: Tensor] = [:]
    for node in body.nodes[nodes] {
      for name in node.outputs where body.lastUse[name].map({ $0 >= nodes.upperBound }) ?? false {
        guard let value = builder.value(made: name) else {
          throw GraphError(
            .unsupportedFeature, "\(node.operatorName): the output '\(name)' is not supported",
            place: node.name)
        }
        if let tensor = value.fact.value { known[name] = tensor } else { try value.graph.output(name, value) }
      }
    }
    self.known = known
    end = nodes.upperBound
    graph = builder.graph.graph
    parameters = builder.parameters
    inputs = builder.inputs
    constants = builder.constants
  }
}
