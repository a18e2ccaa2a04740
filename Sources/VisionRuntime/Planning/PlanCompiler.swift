import CVisionKernels
import VisionCompute
import VisionGraph
import VisionSystem
import VisionTensor

/// Turns an optimized graph into steps on buffers.
struct PlanCompiler {
  /// A piece of memory, and what is known of its life.
  struct Buffer {
    var byteCount: Int
    var firstStep: Int
    var lastStep: Int
    /// Set for weights and constants, which do not live in the arena.
    var frozen: Tensor?
    /// Set for what lives in the memory of the variables or of the results: bytes from its start.
    var external: Plan.Location?
    /// Graph inputs and outputs: never overwritten.
    var isPinned = false
    /// Set for channels of another buffer: that one, and bytes from its start.
    var slice: (of: Int, offset: Int)?
    /// Bytes from part to part of a batch, see `BatchParts`; zero for what lasts no longer than a part.
    var partStride = 0
  }

  /// A value in one layout: which buffer holds it.
  private struct Place {
    var buffer: Int
    var layout: Layout
  }

  /// With the extents of a part where a batch is computed in parts.
  private let graph: Graph
  private let whole: Graph
  let parts: BatchParts?
  /// How many steps are run for each part.
  private(set) var partSteps = 0
  private let table: KernelTable
  let kernels: OpaquePointer
  private let weights: WeightStore
  private let convolutions: ConvolutionAlgorithm
  let memoryLimit: Int
  private let outlets: [String: String]
  /// The parameters that change between runs.
  let variables: [Plan.Variable]
  private(set) var constants: PlanConstants
  /// The places of every value; the first is where it was made.
  private var places: [[Place]]
  private(set) var buffers: [Buffer] = []
  private(set) var steps: [PendingStep] = []
  /// Concatenations whose parts are written where they belong.
  private let concatenations: ConcatenatedConvolutions
  /// The buffers of these, by node.
  private var concatenated: [Int: Int] = [:]
  /// Normalizations that the convolutions beside them do parts of.
  private var normalized = NormalizedConvolutions()
  /// Results of convolutions whose pixels lie further apart.
  private var padded = PaddedPixels()
  /// Results of convolutions that are stored as bfloat16.
  private var halved = BFloat16Storage()
  /// For these, by node: sums, factors, and what must not be overwritten before the convolution has read it.
  private var partialSums: [Int: Int] = [:]
  private var factors: [Int: Int] = [:]
  private var retained: [Int: [ValueID]] = [:]
  /// Nodes whose output is another name for memory that there is.
  private(set) var viewCount = 0
  private(set) var inputBuffers: [(buffer: Int, fact: Fact)] = []
  private(set) var outputBuffers: [(buffer: Int, fact: Fact)] = []

  /// - Parameters:
  ///   - variables: names of parameters that change between runs.
  ///   - outlets: the names of outputs whose values go to the results, by the variable whose place they take there.
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
    self.table = table
    self.kernels = kernels
    self.weights = weights
    self.convolutions = convolutions
    self.places = [[Place]](repeating: [], count: graph.values.count)
    self.memoryLimit = memoryLimit
    self.outlets = outlets
    self.variables = Plan.Variable.layout(Set(names), in: graph, kernels: kernels)
    self.constants = try PlanConstants(
      graph, parameters, variables: Set(names), weights: weights, memoryLimit: memoryLimit)
    whole = graph
    parts = names.isEmpty ? BatchParts(in: graph, isConstant: constants.isConstant) : nil
    self.graph = parts?.graph ?? graph
    self.concatenations = ConcatenatedConvolutions(
      in: graph, frozen: constants.isConstant, algorithm: convolutions)
  }

  mutating func compile() throws(GraphError) {
    for input in graph.inputs {
      let buffer = addBuffer(whole.fact(input), at: 0)
      buffers[buffer].isPinned = true
      if let parts { buffers[buffer].partStride = buffers[buffer].byteCount / parts.count }
      places[input.index] = [Place(buffer: buffer, layout: .rowMajor)]
      inputBuffers.append((buffer, whole.fact(input)))
    }
    for variable in variables {
      buffers.append(
        Buffer(
          byteCount: 0, firstStep: 0, lastStep: 0, external: .variable(variable.offset * 4), isPinned: true))
      places[variable.id.index] = [Place(buffer: buffers.count - 1, layout: variable.layout)]
    }
    let chains = ConvolutionChains(
      in: graph, frozen: constants.isConstant, kernels: kernels, algorithm: convolutions)
    normalized = NormalizedConvolutions(in: graph, kernels: kernels, algorithm: convolutions) { index in
      if case .none = chains.roles[index] { return concatenations.slices[index] == nil }
      return false
    }
    func isAlone(_ index: Int) -> Bool {
      guard case .none = chains.roles[index] else { return false }
      return concatenations.slices[index] == nil && normalized.isApart(index)
    }
    halved = BFloat16Storage(in: graph, isConstant: constants.isConstant) { index in
      guard concatenations.slices[index] == nil, normalized.isApart(index) else { return false }
      let node = graph.nodes[index]
      return switch chains.roles[index] {
      case .none: BFloat16ConvKernel.canWrite(node, in: graph) || PoolKernel.canRound(node, in: graph)
      case .link: false
      case .end: BFloat16ConvKernel.canWrite(node, in: graph) || ChainKernel.canRound(node, in: graph)
      }
    }
    padded = PaddedPixels(in: graph, isConstant: constants.isConstant, algorithm: convolutions) { index in
      isAlone(index) && halved.pitches[graph.nodes[index].outputs[0].index] == nil
    }
    for (index, node) in graph.nodes.enumerated() where !isFrozen(node) {
      switch chains.roles[index] {
      case .none where concatenations.operands[index] != nil: concatenate(index)
      case .none: try compile([node], last: index)
      case .link: break
      case .end(let links): try compile(links.map { graph.nodes[$0] } + [node], last: index)
      }
      if let parts, index == parts.nodeCount - 1 { finish(parts) }
    }
    for output in graph.outputs {
      try constants.evaluate(output.value)
      if let name = outlets[output.name], let variable = variables.first(where: { $0.name == name }) {
        deliver(output.value, to: variable, named: output.name)
      } else {
        finish(output.value, named: output.name)
      }
    }
    for index in buffers.indices where buffers[index].isPinned { buffers[index].lastStep = steps.count }
  }

  /// Ends the steps that are run for each part: what they make all of the batch of lives from the first of them on.
  private mutating func finish(_ parts: BatchParts) {
    partSteps = steps.count
    let buffer = places[parts.result.index][0].buffer
    buffers[buffer].firstStep = 0
    buffers[buffer].partStride = buffers[buffer].byteCount / parts.count
  }

  private func isFrozen(_ node: Graph.Node) -> Bool {
    node.outputs.allSatisfy { constants.isConstant[$0.index] }
  }

  private func context(of node: Graph.Node) -> NodeContext {
    NodeContext(
      node: node, inputs: node.inputs.map { $0.map { graph.fact($0) } },
      outputs: node.outputs.map {
        $0 == parts?.result ? parts?.partOfResult ?? graph.fact($0) : graph.fact($0)
      },
      layouts: node.inputs.map { $0.map { layout(of: $0) } ?? .rowMajor }.map { layout in
        if case .filters = layout { .rowMajor } else { layout }
      },
      frozen: node.inputs.map { $0.flatMap { constants[$0] } },
      foldedFilters: constants.foldedFilters(of: node), kernels: kernels, weights: weights,
      convolutions: convolutions)
  }

  /// Appends a step for a node, or for several that are computed together: the last one's outputs are what remains.
  ///
  /// - Parameter last: the number of the last node.
  private mutating func compile(_ nodes: [Graph.Node], last: Int) throws(GraphError) {
    let node = nodes[nodes.count - 1]
    for node in nodes { try constants.evaluateInputs(of: node) }
    let slice = concatenations.slices[last]
    var contexts = nodes.map { context(of: $0) }
    contexts[contexts.count - 1].outputPitch = slice?.pitch ?? padded.pitches[node.outputs[0].index]
    if nodes.count == 1, node.operation is FusedConv {
      contexts[0].inputPitch = padded.pitch(of: node, input: 0)
      contexts[0].residualPitch = padded.pitch(of: node, input: 3)
    }
    for index in contexts.indices { contexts[index].stored = halved.of(nodes[index]) }
    contexts[contexts.count - 1].normalized = normalized.parts[last]
    contexts[contexts.count - 1].leaves = NormalizationSharing(
      chunks: normalized.chunks[last] ?? 0, isDeferred: normalized.deferred.contains(last))
    let choice = nodes.count == 1 ? table.choose(contexts[0]) : ChainKernel.choose(contexts)
    let inputs = nodes.flatMap(\.inputs)
    // A kernel that takes the weights as they are.
    for operand in choice.operands { if let value = inputs[operand.input] { try constants.evaluate(value) } }
    let operands = choice.operands.map { operand -> Int in
      guard let value = inputs[operand.input] else { preconditionFailure("absent operand") }
      return place(of: value, in: operand.layout)
    }
    let shared = placesToShare(last)
    for case let input? in inputs { constants.release(input) }
    guard let kernel = choice.kernel else {
      viewCount += 1
      alias(node.outputs[0], to: operands[0], layout: choice.outputLayout)
      return
    }
    let step = steps.count
    for operand in operands + shared { touch(operand, step) }
    var outputs: [Int] = []
    var isInPlace = false
    for (index, output) in node.outputs.enumerated() {
      let isInNoMemory = index == 0 && normalized.recomputed.contains(last)
      let layout = choice.layout(ofOutput: index)
      let reusable =
        index == 0 && slice == nil && choice.worksInPlace && !isInNoMemory
        && canOverwrite(operands[0], by: graph.fact(output), step: step)
      let buffer =
        slice.map { addSlice($0, at: step) } ?? (isInNoMemory ? addBuffer(floats: 0, at: step) : nil)
        ?? (halved.pitches[output.index] ?? padded.pitches[output.index]).map {
          addBuffer(graph.fact(output), pitch: $0, at: step)
        }
        ?? (reusable ? operands[0] : addBuffer(graph.fact(output), in: layout, at: step))
      isInPlace = isInPlace || reusable
      touch(buffer, step)
      places[output.index] = [Place(buffer: buffer, layout: layout)]
      outputs.append(buffer)
    }
    if normalized.deferred.contains(last), !isInPlace, node.operation is BatchNormalizationGradient,
      let g = node.inputs[0]
    {
      constants.retain(g)
      retained[last, default: []].append(g)
    }
    steps.append(
      PendingStep(
        name: node.name, operatorName: type(of: node.operation).name, choice: choice, kernel: kernel,
        buffers: operands + outputs + shared, flops: nodes.reduce(0) { $0 + whole.flops(of: $1) },
        parts: nodes.flatMap { graph.parts(of: $0) },
        operands: choice.operands.compactMap { operand in
          inputs[operand.input].map { PlanValue(whole.fact($0), in: operand.layout) }
        },
        results: node.outputs.enumerated().map {
          PlanValue(whole.fact($1), in: choice.layout(ofOutput: $0))
        },
        isInPlace: isInPlace,
        referenceBytes: contexts.map { GraphLimits.referenceBytes($0.inputs, $0.outputs) }.max() ?? 0))
  }

  /// The buffers through which a normalization and the convolutions beside it share what they do, in the order in which
  /// `ConvNormalization` and `NormalizationSharing` expect them.
  private mutating func placesToShare(_ index: Int) -> [Int] {
    let node = graph.nodes[index]
    var result: [Int] = []
    func input(_ norm: NormalizedConvolutions.Norm, _ position: Int) -> ValueID {
      guard let value = graph.nodes[norm.node].inputs[position] else { preconditionFailure("absent operand") }
      return value
    }
    if let part = normalized.parts[index] {
      if let before = part.before {
        for position in before.isGradient ? [0, 1] : [0] {
          result.append(place(of: input(before, position), in: .channelsLast))
        }
        result.append(sharedFactors(before))
        // What a normalization forwards read is read on the way back too.
        if part.keepsOperand || before.isGradient {
          for value in retained.removeValue(forKey: before.node) ?? [] { constants.release(value) }
        }
      }
      if let norm = part.input {
        result += [place(of: input(norm, 0), in: .channelsLast), sharedFactors(norm)]
      }
      if let after = part.after {
        let channels = Int(after.norm.channels)
        let buffer = addBuffer(
          floats: vn_normalization_partial_floats(part.chunks, channels), at: steps.count)
        partialSums[after.node] = buffer
        result.append(buffer)
        if after.isGradient {
          result.append(place(of: input(after, 1), in: .channelsLast))
          // Without a clamp nobody asks for the bias; the scale takes its place.
          for position in [2, after.norm.isClamped ? 5 : 2, 3, 4] {
            result.append(place(of: input(after, position), in: .rowMajor))
          }
        }
      }
    }
    if let sums = partialSums[index] { result.append(sums) }
    if normalized.deferred.contains(index) {
      let channels = graph.fact(node.outputs[0]).shape[1]
      let buffer = addBuffer(floats: vn_batch_norm_factor_floats(channels), at: steps.count)
      factors[index] = buffer
      result.append(buffer)
      // x is read again by the convolution, when all readers that are nodes may have been compiled.
      if let x = node.inputs[node.operation is BatchNormalizationGradient ? 1 : 0] {
        constants.retain(x)
        retained[index] = [x]
      }
    }
    return result
  }

  /// The factors that a normalization left.
  private func sharedFactors(_ norm: NormalizedConvolutions.Norm) -> Int {
    guard let factors = factors[norm.node] else { preconditionFailure("a normalization comes first") }
    return factors
  }

  /// Memory for an image with channels last, its pixels `pitch` words of four bytes apart.
  private mutating func addBuffer(_ fact: Fact, pitch: Int, at step: Int) -> Int {
    let pixels = fact.image.map { $0.n * $0.h * $0.w } ?? 0
    return addBuffer(floats: pixels * pitch, at: step)
  }

  private mutating func addBuffer(floats: Int, at step: Int) -> Int {
    buffers.append(Buffer(byteCount: floats * 4, firstStep: step, lastStep: step))
    return buffers.count - 1
  }

  /// The place of a convolution's result among the channels of a concatenation.
  private mutating func addSlice(_ slice: ConcatenatedConvolutions.Slice, at step: Int) -> Int {
    let whole: Int
    if let buffer = concatenated[slice.node] {
      whole = buffer
    } else {
      whole = addBuffer(graph.fact(graph.nodes[slice.node].outputs[0]), in: .channelsLast, at: step)
      concatenated[slice.node] = whole
    }
    buffers.append(
      Buffer(byteCount: 0, firstStep: step, lastStep: step, slice: (whole, slice.channel * 4)))
    return buffers.count - 1
  }

  /// Makes a concatenation the name of the buffer that its parts were written to.
  private mutating func concatenate(_ index: Int) {
    let node = graph.nodes[index]
    guard let buffer = concatenated[index] else {
      preconditionFailure("parts come before their concatenation")
    }
    for case let input? in node.inputs { constants.release(input) }
    viewCount += 1
    touch(buffer, steps.count)
    alias(node.outputs[0], to: buffer, layout: .channelsLast)
  }

  /// Makes sure that a graph output lies row-major in a buffer of the arena that nothing overwrites.
  private mutating func finish(_ value: ValueID, named name: String) {
    var buffer = place(of: value, in: .rowMajor)
    let taken =
      inputBuffers.contains { $0.buffer == buffer } || outputBuffers.contains { $0.buffer == buffer }
    if buffers[buffer].frozen != nil || buffers[buffer].external != nil || taken {
      let fact = graph.fact(value)
      let copy = addBuffer(fact, at: steps.count)
      let value = PlanValue(fact, in: .rowMajor)
      appendUtility(
        CopyKernel(dense: fact), name: name, "Copy", from: buffer, to: copy, operand: value, result: value)
      buffer = copy
    }
    buffers[buffer].isPinned = true
    outputBuffers.append((buffer, graph.fact(value)))
  }

  /// Makes sure that a graph output lies among the results, at the place of `variable` and in its layout.
  private mutating func deliver(_ value: ValueID, to variable: Plan.Variable, named name: String) {
    let buffer = place(of: value, in: variable.layout)
    let target = Plan.Location.result(variable.offset * 4)
    if buffers[buffer].frozen == nil, buffers[buffer].external == nil, !buffers[buffer].isPinned,
      buffers[buffer].byteCount == variable.count * 4
    {
      buffers[buffer].external = target
      buffers[buffer].isPinned = true
      return
    }
    buffers.append(Buffer(byteCount: 0, firstStep: 0, lastStep: 0, external: target, isPinned: true))
    let copy = CopyKernel(floats: variable.count)
    let moved = PlanValue(graph.fact(value), in: variable.layout)
    appendUtility(
      copy, name: name, "Copy", from: buffer, to: buffers.count - 1, operand: moved, result: moved)
  }

  // MARK: Places

  private func layout(of value: ValueID) -> Layout {
    constants.isConstant[value.index] ? .rowMajor : places[value.index].first?.layout ?? .rowMajor
  }

  /// The buffer that holds `value` in `layout`, after a conversion if need be.
  private mutating func place(of value: ValueID, in layout: Layout) -> Int {
    if let place = places[value.index].first(where: { $0.layout == layout }) { return place.buffer }
    let fact = graph.fact(value)
    if let tensor = constants[value] {
      let stored: Tensor
      switch layout {
      case .rowMajor: stored = tensor.aligned
      case .channelsLast: stored = LayoutConversion.channelsLast(tensor)
      case .filters(let groups): stored = FilterConversion.packed(tensor, groups: groups, kernels)
      }
      buffers.append(Buffer(byteCount: 0, firstStep: 0, lastStep: 0, frozen: stored, isPinned: true))
      places[value.index].append(Place(buffer: buffers.count - 1, layout: layout))
      return buffers.count - 1
    }
    var source = places[value.index][0]
    let kernel: any Kernel
    switch (source.layout, layout) {
    case (.rowMajor, .filters(let groups)):
      kernel = FilterConversion(fact.shape, groups: groups, packs: true)
    case (.filters(let groups), .rowMajor):
      kernel = FilterConversion(fact.shape, groups: groups, packs: false)
    case (.filters, _), (_, .filters):
      // By way of the plain order.
      let plain = place(of: value, in: .rowMajor)
      source = Place(buffer: plain, layout: .rowMajor)
      if case .filters(let groups) = layout {
        kernel = FilterConversion(fact.shape, groups: groups, packs: true)
      } else if LayoutConversion.isFree(fact.shape) {
        places[value.index].append(Place(buffer: plain, layout: layout))
        return plain
      } else {
        kernel = LayoutConversion(fact.shape, from: .rowMajor, type: fact.type)
      }
    default:
      if LayoutConversion.isFree(fact.shape) {
        places[value.index].append(Place(buffer: source.buffer, layout: layout))
        return source.buffer
      }
      kernel = LayoutConversion(fact.shape, from: source.layout, type: fact.type)
    }
    let target = addBuffer(fact, in: layout, at: steps.count)
    appendUtility(
      kernel, name: graph[value].name, "Layout", from: source.buffer, to: target,
      operand: PlanValue(whole.fact(value), in: source.layout),
      result: PlanValue(whole.fact(value), in: layout))
    places[value.index].append(Place(buffer: target, layout: layout))
    return target
  }

  private mutating func appendUtility(
    _ kernel: any Kernel, name: String, _ kind: String, from source: Int, to target: Int,
    operand: PlanValue, result: PlanValue
  ) {
    touch(source, steps.count)
    touch(target, steps.count)
    let choice = KernelChoice(kernel: kernel, operands: [], outputLayout: .rowMajor, name: kind.lowercased())
    steps.append(
      PendingStep(
        name: name, operatorName: kind, choice: choice, kernel: kernel, buffers: [source, target], flops: 0,
        parts: [kind], operands: [operand], results: [result], isInPlace: false, referenceBytes: 0))
  }

  /// Makes `value` another name for `buffer`, a view.
  private mutating func alias(_ value: ValueID, to buffer: Int, layout: Layout) {
    places[value.index] = [Place(buffer: buffer, layout: layout)]
  }

  private mutating func addBuffer(_ fact: Fact, in layout: Layout = .rowMajor, at step: Int) -> Int {
    var byteCount = fact.shape.elementCount * fact.type.byteCount
    if case .filters(let groups) = layout, fact.shape.rank == 4 {
      byteCount = 4 * FilterConversion.floats(fact.shape, groups: groups, kernels)
    }
    buffers.append(Buffer(byteCount: byteCount, firstStep: step, lastStep: step))
    return buffers.count - 1
  }

  private mutating func touch(_ buffer: Int, _ step: Int) {
    buffers[buffer].lastStep = max(buffers[buffer].lastStep, step)
    if let slice = buffers[buffer].slice { touch(slice.of, step) }
  }

  /// Whether nothing will read `buffer` after this step, under any name.
  private func canOverwrite(_ buffer: Int, by fact: Fact, step: Int) -> Bool {
    let size = fact.shape.elementCount * fact.type.byteCount
    guard buffers[buffer].frozen == nil, !buffers[buffer].isPinned, buffers[buffer].byteCount == size else {
      return false
    }
    for (index, places) in places.enumerated() where constants.remainingUses[index] > 0 {
      if places.contains(where: { $0.buffer == buffer }) { return false }
    }
    return true
  }
}
