import VisionCompute
import VisionGraph
import VisionSystem
import VisionTensor

/// Turns the draft of an optimized graph into steps on buffers: chooses kernels, and places and converts
/// their operands.
struct PlanCompiler {
  private(set) var assembly: StepAssembly
  private let machine: Machine
  private let table: KernelTable
  private let weights: WeightStore
  /// The buffers that normalizations and neighboring convolutions share.
  private var sharing = NormalizationBuffers()
  /// The parameters that change between runs.
  let variables: [Plan.Variable]
  private let outlets: [String: String]
  /// The number of steps that are run for each part.
  private(set) var partSteps = 0
  /// Nodes whose output is a view of existing memory.
  private(set) var viewCount = 0
  /// The buffers and facts of the graph's inputs and outputs.
  private(set) var inputs: [(buffer: Int, fact: Fact)] = []
  private(set) var outputs: [(buffer: Int, fact: Fact)] = []

  /// - Parameters:
  ///   - variables: names of parameters that change between runs.
  ///   - outlets: for each output that is written to the results, the name of the variable whose place it
  ///     takes there.
  init(
    _ graph: Graph, parameters: Parameters, weights: WeightStore, instructionSet: InstructionSet,
    variables names: [String] = [], outlets: [String: String] = [:],
    memoryLimit: Int = MachineMemory.limit, convolutions: ConvolutionAlgorithm = .automatic,
    table: KernelTable = .standard
  ) throws(GraphError) {
    guard let kernels = instructionSet.kernels else {
      throw GraphError(
        .unsupportedFeature, "this machine does not have the instruction set \(instructionSet)")
    }
    machine = Machine(kernels: kernels, convolutions: convolutions)
    self.table = table
    self.weights = weights
    self.outlets = outlets
    variables = Plan.Variable.layout(Set(names), in: graph, kernels: kernels)
    let constants = try PlanConstants(
      graph, parameters, variables: Set(names), weights: weights, memoryLimit: memoryLimit)
    var draft = StepDraft(graph, isConstant: constants.isConstant)
    let fusions: [any FusionPass] = [
      ConcatenatedConvolutions(), ConvolutionChains(), NormalizedConvolutions(), BFloat16Storage(),
      ScaledConvolutions(), PaddedPixels(), AttentionViews(),
    ]
    for fusion in names.isEmpty ? [BatchParts()] + fusions : fusions { fusion.run(&draft, machine) }
    assembly = StepAssembly(draft, constants: constants, kernels: kernels)
  }

  mutating func compile() throws(GraphError) {
    let draft = assembly.draft
    for input in draft.graph.inputs {
      let buffer = assembly.addBuffer(draft.whole.fact(input))
      assembly.buffers[buffer].isPinned = true
      assembly.buffers.divide(buffer, into: draft.partCount)
      assembly.put(input, in: buffer, .rowMajor)
      inputs.append((buffer, draft.whole.fact(input)))
    }
    for variable in variables {
      let buffer = assembly.buffers.add(at: .variable(variable.offset * 4))
      assembly.put(variable.id, in: buffer, variable.layout)
    }
    for (index, group) in draft.groups.enumerated() {
      if let group { try compile(group) }
      guard index == draft.partNodes - 1, let result = draft.partResult else { continue }
      partSteps = assembly.steps.count
      assembly.buffers.divide(assembly.origin(of: result), into: draft.partCount)
    }
    for output in draft.graph.outputs {
      try assembly.constants.evaluate(output.value)
      if let name = outlets[output.name], let variable = variables.first(where: { $0.name == name }) {
        deliver(output.value, to: variable, named: output.name)
      } else {
        finish(output.value, named: output.name)
      }
    }
  }

  private func context(of node: Graph.Node, in group: StepGroup) -> NodeContext {
    let (draft, constants) = (assembly.draft, assembly.constants)
    return NodeContext(
      node: node, inputs: draft.graph.inputFacts(of: node), outputs: node.outputs.map(draft.factOfResult),
      layouts: node.inputs.map { input in
        let layout = input.map { assembly.layout(of: $0) } ?? .rowMajor
        return layout.isPacked ? .rowMajor : layout
      },
      frozen: FrozenInputs(
        tensors: node.inputs.map { $0.flatMap { constants[$0] } },
        foldedFilters: constants.foldedFilters(of: node), store: constants.weights(of: node)),
      machine: machine, group: group, storage: NodeStorage(of: node, in: draft))
  }

  /// Appends the step of a group, unless its result is a view of existing memory.
  private mutating func compile(_ group: StepGroup) throws(GraphError) {
    let (graph, whole) = (assembly.draft.graph, assembly.draft.whole)
    let nodes = group.nodes.map { graph.nodes[$0] }
    let node = nodes[nodes.count - 1]
    if group.isAlias { return name(node.outputs[0], of: node) }
    for node in nodes { try assembly.constants.evaluateInputs(of: node) }
    let contexts = nodes.map { context(of: $0, in: group) }
    let choice = table.choose(contexts)
    let inputs = nodes.flatMap(\.inputs)
    let read = choice.operands.map { operand -> ValueID in
      guard let value = inputs[operand.input] else { preconditionFailure("absent operand") }
      return value
    }
    // A kernel may read weights unpacked.
    for value in read { try assembly.constants.evaluate(value) }
    let operands = zip(read, choice.operands).map { assembly.place(of: $0, in: $1.layout) }
    let shared = sharing.buffers(for: group, in: &assembly)
    for case let input? in inputs { assembly.constants.release(input) }
    guard let kernel = choice.kernel else {
      viewCount += 1
      return assembly.put(node.outputs[0], in: operands[0], choice.outputLayout)
    }
    let results = place(node.outputs, of: choice, over: operands.first)
    let isInPlace = choice.worksInPlace && results.first == operands.first
    sharing.retain(group, isInPlace: isInPlace, in: &assembly)
    let step = Plan.Step(
      name: node.name, operatorName: type(of: node.operation).name, kernelName: choice.name, kernel: kernel,
      flops: nodes.reduce(0) { $0 + whole.flops(of: $1) }, isReference: choice.isReference,
      parts: nodes.flatMap { graph.parts(of: $0) },
      operands: zip(read, choice.operands).map { PlanValue(whole.fact($0), in: $1.layout) },
      results: node.outputs.enumerated().map { PlanValue(whole.fact($1), in: choice.layout(ofOutput: $0)) },
      isInPlace: isInPlace)
    assembly.append(
      PendingStep(
        step: step, buffers: operands + results + shared,
        referenceBytes: contexts.map { GraphLimits.referenceBytes($0.inputs, $0.outputs) }.max() ?? 0))
  }

  /// Finds memory for a step's results: where a fusion pass wants it, else over the first operand if it has
  /// no later readers, else new memory.
  private mutating func place(_ outputs: [ValueID], of choice: KernelChoice, over operand: Int?) -> [Int] {
    outputs.enumerated().map { index, output in
      let layout = choice.layout(ofOutput: index)
      let fact = assembly.draft.graph.fact(output)
      let drafted = assembly.addBuffer(asDrafted: output)
      let overwritten =
        index == 0 && drafted == nil && choice.worksInPlace
        ? operand.flatMap { assembly.canOverwrite($0, by: fact) ? $0 : nil } : nil
      let buffer = drafted ?? overwritten ?? assembly.addBuffer(fact, in: layout)
      assembly.put(output, in: buffer, layout)
      return buffer
    }
  }

  /// Lets a concatenation refer to the buffer that its parts were written to.
  private mutating func name(_ result: ValueID, of node: Graph.Node) {
    for case let input? in node.inputs { assembly.constants.release(input) }
    viewCount += 1
    assembly.buffers.touch(assembly.origin(of: result), at: assembly.steps.count)
  }

  /// Makes sure that a graph output lies row-major in a buffer of the arena that nothing overwrites.
  private mutating func finish(_ value: ValueID, named name: String) {
    let fact = assembly.draft.graph.fact(value)
    var buffer = assembly.place(of: value, in: .rowMajor)
    if !assembly.buffers[buffer].isInArena || (inputs + outputs).contains(where: { $0.buffer == buffer }) {
      let (source, moved) = (buffer, PlanValue(fact, in: .rowMajor))
      buffer = assembly.addBuffer(fact)
      assembly.append(
        CopyKernel(dense: fact), name: name, "Copy", from: source, to: buffer, operand: moved, result: moved)
    }
    assembly.buffers[buffer].isPinned = true
    outputs.append((buffer, fact))
  }

  /// Makes sure that a graph output lies among the results, at the place of `variable` and in its layout.
  private mutating func deliver(_ value: ValueID, to variable: Plan.Variable, named name: String) {
    let buffer = assembly.place(of: value, in: variable.layout)
    let made = assembly.buffers[buffer]
    if made.isInArena, !made.isPinned, made.byteCount == variable.count * 4 {
      assembly.buffers[buffer].home = .elsewhere(.result(variable.offset * 4))
      assembly.buffers[buffer].isPinned = true
      return
    }
    let target = assembly.buffers.add(at: .result(variable.offset * 4))
    let moved = PlanValue(assembly.draft.graph.fact(value), in: variable.layout)
    assembly.append(
      CopyKernel(floats: variable.count), name: name, "Copy", from: buffer, to: target, operand: moved,
      result: moved)
  }
}
