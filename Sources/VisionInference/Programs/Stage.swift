import VisionCompute
import VisionGraph
import VisionModel
import VisionRuntime
import VisionTensor

/// A stage of a program, compiled, with the memory that it runs in.
final class Stage {
  /// The position after its last node.
  let end: Int
  var lastUse = 0
  private let inputs: [(name: String, port: String, fact: Fact)]
  private let constants: [(name: String, tensor: Tensor)]
  private let known: [String: Tensor]
  /// Nil where all results are known.
  private let memory: (any PlanMemory)?
  private let interpreter: Interpreter?
  private let weights: WeightStore
  private let shared: SharedWeights?

  /// Compiles a draft.
  ///
  /// - Parameter others: stages with the same beginning, which lend their packed weights where these are the same.
  init(
    _ draft: StageDraft, like others: [Stage], on executor: Executor, _ options: ProgramSession.Options,
    memoryLimit: Int, facts: [Fact]
  ) throws(GraphError) {
    end = draft.end
    constants = draft.constants
    known = draft.known
    let graph = draft.graph
    inputs = zip(draft.inputs, graph.inputs).map { ($0, graph[$1].name, graph.fact($1)) }
    let isKnown = graph.outputs.isEmpty
    shared = isKnown || options.isInterpreted || !constants.isEmpty ? nil : SharedWeights(graph)
    let (end, shared) = (end, shared)
    let lender = others.last { $0.end == end && $0.shared != nil && $0.shared == shared }
    weights = lender?.weights ?? WeightStore()
    if isKnown {
      (memory, interpreter) = (nil, nil)
    } else if options.isInterpreted {
      (memory, interpreter) = (
        nil, try Interpreter(graph, parameters: draft.parameters, memoryLimit: memoryLimit)
      )
    } else {
      var request = PlanRequest(graph, parameters: draft.parameters)
      request.weights = weights
      request.convolutions = options.convolutions
      request.precision = options.precision
      request.memoryLimit = memoryLimit
      let plan = try CPU(executor.instructionSet).compile(request)
      (memory, interpreter) = (plan.makeMemory(for: executor), nil)
    }
  }

  var byteCount: Int { memory?.byteCount ?? 0 }

  /// Whether keeping it saves work: it has a plan, and what it holds for is soon compared.
  var isWorthKeeping: Bool {
    (memory != nil || interpreter != nil)
      && constants.allSatisfy { $0.tensor.elementCount <= GraphLimits.stageElements }
  }

  /// Whether it is made for the values of a scope.
  func fits(_ scope: ProgramScope) -> Bool {
    for (name, _, fact) in inputs {
      guard case .tensor(let tensor)? = scope.source(name), tensor.elementType == fact.type,
        tensor.shape == fact.shape
      else { return false }
    }
    for (name, constant) in constants {
      guard case .tensor(let tensor)? = scope.source(name), tensor == constant else { return false }
    }
    return true
  }

  /// The results of its nodes that something reads later.
  func run(_ scope: ProgramScope) throws(GraphError) -> [String: Tensor] {
    guard memory != nil || interpreter != nil else { return known }
    var tensors: [String: Tensor] = [:]
    for (name, port, _) in inputs {
      if case .tensor(let tensor)? = scope.source(name) { tensors[port] = tensor }
    }
    var results: [String: Tensor] = [:]
    if let memory { results = try memory.run(tensors) }
    if let interpreter { results = try interpreter.run(tensors) }
    return results.merging(known) { first, _ in first }
  }
}
