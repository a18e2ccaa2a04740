import VisionGraph
package import VisionTensor
import VisionSystem

/// A network whose shapes, or what it computes at all, follow from data, as the nodes of its file.
///
/// It runs in stages. A stage is a run of nodes whose shapes are known, and becomes a graph of its own
/// (`StageDraft`). It ends before a node that needs values which are not known before the stage has run.
public struct Program: Sendable {
  package let body: ProgramBody
  /// What other programs have written into the file.
  let metadata: [(key: String, value: String)]

  /// What a run takes, in the order of the file.
  public var inputs: [ProgramPort] { body.inputs }
  /// What a run gives, in the order of the file.
  public var outputs: [ProgramPort] { body.outputs }

  init(_ file: OnnxFile, _ folder: OnnxFolder?, _ operators: OperatorRegistry) throws(FormatError) {
    metadata = file.metadata
    body = try ProgramBody(
      nodes: file.nodes, initializers: file.initializers, inputs: file.inputs, outputs: file.outputs,
      isInner: false, ProgramBody.Context(folder: folder, operators: operators))
  }
}

/// The nodes of a program, or of a graph that one of its nodes runs, each after those whose values it reads.
package final class ProgramBody: Sendable {
  /// What reading a body takes.
  struct Context {
    let folder: OnnxFolder?
    let operators: OperatorRegistry
  }

  package let nodes: [ProgramNode]
  package let inputs: [ProgramPort]
  package let outputs: [ProgramPort]
  package let initializers: [String: Tensor]
  /// The position of the last node that reads a value of the body; the number of nodes for its outputs.
  package let lastUse: [String: Int]
  /// The values whose last reader a node is, by node.
  package let dying: [[String]]
  /// The names that nodes read where an operator needs a constant.
  let constants: Set<String>

  /// - Parameter isInner: whether the nodes may read values of graphs around this one.
  init(
    nodes: [OnnxNode], initializers: [OnnxTensor], inputs: [OnnxValueInfo], outputs: [OnnxValueInfo],
    isInner: Bool, _ context: Context
  ) throws(FormatError) {
    var tensors: [String: Tensor] = [:]
    for initializer in initializers {
      guard tensors.updateValue(try initializer.tensor(context.folder), forKey: initializer.name) == nil
      else { throw FormatError(.corrupt, "two values are called '\(initializer.name)'") }
    }
    let given = inputs.map(\.name).filter { tensors[$0] == nil }
    var known = Set(tensors.keys).union(given)
    guard known.count == tensors.count + given.count else {
      throw FormatError(.corrupt, "two inputs of a graph have the same name")
    }
    guard isInner || Set(outputs.map(\.name)).count == outputs.count else {
      throw FormatError(.corrupt, "two outputs of the network have the same name")
    }
    let made = Set(nodes.flatMap(\.outputs))
    if isInner {
      // What nothing here computes comes from around the graph, where its absence is found.
      known.formUnion(Set(nodes.flatMap(\.reads) + outputs.map(\.name)).subtracting(made))
    }
    let order = try OnnxOrder(nodes, given: known).indices
    for output in outputs where !known.contains(output.name) && !made.contains(output.name) {
      throw output.place.error(.corrupt, "nothing computes the output").at(node: output.name)
    }
    let read = Set(nodes.flatMap(\.reads)).union(outputs.map(\.name))
    var list: [ProgramNode] = []
    for index in order { list.append(try ProgramNode(nodes[index], read: read, context)) }
    self.nodes = list
    self.initializers = tensors
    self.inputs = inputs.filter { tensors[$0.name] == nil }.map(ProgramPort.init)
    self.outputs = outputs.map(ProgramPort.init)
    (lastUse, dying) = Self.uses(list, outputs.map(\.name))
    var constants: Set<String> = []
    for node in list {
      for position in node.operatorType?.constantInputs ?? [] where position < node.inputs.count {
        constants.insert(node.inputs[position])
      }
    }
    self.constants = constants
  }

  private static func uses(_ nodes: [ProgramNode], _ outputs: [String]) -> (
    lastUse: [String: Int], dying: [[String]]
  ) {
    var lastUse: [String: Int] = [:]
    for (index, node) in nodes.enumerated() { for name in node.reads { lastUse[name] = index } }
    for name in outputs { lastUse[name] = nodes.count }
    let dying = nodes.enumerated().map { index, node in
      Set(node.reads).filter { lastUse[$0] == index && !$0.isEmpty }.sorted()
    }
    return (lastUse, dying)
  }
}
