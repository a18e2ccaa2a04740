import VisionGraph
import VisionModel
import VisionTensor

/// One run of a program: its bodies stage by stage, and what stands between the stages.
final class ProgramRun {
  private let session: ProgramSession
  /// Iterations of loops that are left.
  private var iterations: Int

  init(_ session: ProgramSession) {
    self.session = session
    iterations = session.options.loopIterations
  }

  var memoryLimit: Int { session.options.memoryLimit }

  /// The outputs of a body for its inputs, both in its order.
  func run(_ body: ProgramBody, _ inputs: [ProgramValue], in parent: ProgramScope?) throws(GraphError)
    -> [ProgramValue]
  {
    let scope = ProgramScope(body, in: parent)
    for (port, value) in zip(body.inputs, inputs) { scope.bind(port.name, value) }
    var index = 0
    while index < body.nodes.count {
      let node = body.nodes[index]
      let next: Int
      if node.control != nil {
        bind(try control(node, in: scope), to: node, in: scope)
        next = index + 1
      } else if let value = passed(by: node, in: scope) {
        bind([value], to: node, in: scope)
        next = index + 1
      } else {
        next = try runStage(scope, from: index)
      }
      for name in body.dying[index..<next].joined() { scope.drop(name) }
      index = next
      try checkMemory(scope.totalByteCount, node)
    }
    var results: [ProgramValue] = []
    for output in body.outputs {
      guard let value = scope.value(output.name) else {
        throw GraphError(.structure, "nothing computes the output '\(output.name)'", place: output.name)
      }
      results.append(value)
    }
    return results
  }

  private func runStage(_ scope: ProgramScope, from start: Int) throws(GraphError) -> Int {
    let room = max(memoryLimit - scope.totalByteCount, 0)
    let stage = try session.stages.stage(scope, from: start, memoryLimit: room)
    for (name, tensor) in try stage.run(scope) { scope.bind(name, .tensor(tensor)) }
    return stage.end
  }

  private func bind(_ values: [ProgramValue], to node: ProgramNode, in scope: ProgramScope) {
    for (name, value) in zip(node.outputs, values) { scope.bind(name, value) }
  }

  /// What an Identity gives of a value that is no tensor.
  private func passed(by node: ProgramNode, in scope: ProgramScope) -> ProgramValue? {
    guard node.operatorName == Identity.name, node.inputs.count == 1, let value = scope.value(node.inputs[0])
    else { return nil }
    if case .tensor = value { return nil }
    return value
  }

  /// Throws where values of a run would take more memory than allowed.
  func checkMemory(_ byteCount: Int, _ node: ProgramNode) throws(GraphError) {
    guard byteCount <= memoryLimit else {
      throw .memory(byteCount, limit: memoryLimit, place: node.name)
    }
  }

  /// Takes one of the iterations that a run has.
  func iterate(_ node: ProgramNode) throws(GraphError) {
    guard iterations > 0 else {
      throw GraphError(
        .tooLarge, "the loops of the network take more than \(session.options.loopIterations) iterations",
        place: node.name)
    }
    iterations -= 1
  }

  private func control(_ node: ProgramNode, in scope: ProgramScope) throws(GraphError) -> [ProgramValue] {
    guard let control = node.control else { return [] }
    let call = ControlCall(run: self, node: node, scope: scope)
    switch control {
    case .condition: return try call.condition()
    case .loop: return try call.loop()
    case .scan: return try call.scan()
    case .sequenceMap: return try call.map()
    case .sequenceAt, .sequenceConstruct, .sequenceEmpty, .sequenceErase, .sequenceInsert, .sequenceLength,
      .splitToSequence, .concatFromSequence:
      return [try call.sequence(control)]
    case .optional, .optionalGetElement, .optionalHasElement: return [try call.optional(control)]
    }
  }
}
