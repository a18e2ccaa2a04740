import VisionSystem
public import VisionTensor

/// Runs a graph with the operators' references: slow, and the standard against which fast kernels are tested.
public struct Interpreter: Sendable {
  private let graph: Graph
  private let parameters: Parameters
  private let precision: ElementType?
  private let memoryLimit: Int

  /// - Parameter precision: nil computes in the declared types; `.float64` turns every float32 input, parameter and
  ///   constant into float64 first, which bounds the rounding error of the result.
  /// - Parameter memoryLimit: bytes that all values and one computation may use together; by default three
  ///   quarters of the machine's memory.
  public init(_ graph: Graph, parameters: Parameters, precision: ElementType? = nil, memoryLimit: Int? = nil)
    throws(GraphError)
  {
    try graph.check(parameters)
    self.graph = graph
    self.parameters = parameters
    self.precision = precision
    self.memoryLimit = memoryLimit ?? MachineMemory.limit
  }

  /// The outputs by name for the inputs by name.
  ///
  /// - Throws: `GraphError` when an input is missing or does not fit, or a computation fails.
  public func run(_ inputs: [String: Tensor]) throws(GraphError) -> [String: Tensor] {
    try run(inputs) { _, _ in }
  }

  /// Like `run`, but passes every node's outputs to `observe` as soon as they are computed.
  package func run(_ inputs: [String: Tensor], observe: (Graph.Node, [Tensor]) -> Void) throws(GraphError)
    -> [String: Tensor]
  {
    var tensors = [Tensor?](repeating: nil, count: graph.values.count)
    for (index, record) in graph.values.enumerated() {
      switch record.source {
      case .input: tensors[index] = widened(try Self.input(record, from: inputs))
      case .parameter: tensors[index] = parameters[record.name].map(widened)
      case .constant(let tensor): tensors[index] = widened(tensor)
      case .node: break
      }
    }
    var remaining = graph.useCounts
    var live = tensors.reduce(0) { GraphLimits.sum($0, $1?.byteCount ?? 0) }
    for node in graph.nodes {
      let needed = GraphLimits.sum(
        live,
        GraphLimits.referenceBytes(
          node.inputs.map { $0.map { graph.fact($0) } }, node.outputs.map { graph.fact($0) }))
      guard needed <= memoryLimit else { throw .memory(needed, limit: memoryLimit, place: node.name) }
      let results: [Tensor]
      do {
        results = try node.operation.evaluate(node.inputs.map { $0.flatMap { tensors[$0.index] } })
      } catch {
        throw GraphError(.evaluation, error.message, place: node.name)
      }
      observe(node, results)
      for (output, tensor) in zip(node.outputs, results) {
        tensors[output.index] = widened(tensor)
        live += tensors[output.index]?.byteCount ?? 0
      }
      for case let input? in node.inputs {
        remaining[input.index] -= 1
        if remaining[input.index] == 0 {
          live -= tensors[input.index]?.byteCount ?? 0
          tensors[input.index] = nil
        }
      }
    }
    var results: [String: Tensor] = [:]
    for (name, value) in graph.outputs { results[name] = tensors[value.index] }
    return results
  }

  private func widened(_ tensor: Tensor) -> Tensor {
    guard let precision, tensor.elementType == .float32 else { return tensor }
    return tensor.converted(to: precision)
  }

  private static func input(_ record: Graph.Record, from inputs: [String: Tensor]) throws(GraphError)
    -> Tensor
  {
    guard let tensor = inputs[record.name] else {
      throw GraphError(.input, "input '\(record.name)' (\(record.fact)) is missing", place: record.name)
    }
    guard tensor.elementType == record.fact.type, tensor.shape == record.fact.shape else {
      throw GraphError(
        .input, "input '\(record.name)' is \(tensor), but the network wants \(record.fact)",
        place: record.name)
    }
    return tensor
  }
}
